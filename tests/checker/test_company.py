from __future__ import annotations

import pytest
from helpers_run import notebook, record

from nb_mlops.checker.company import may_begin_together, met, that_count
from nb_mlops.core.run import RunError, RunStatus
from nb_mlops.core.value import replace

QUIET = notebook("import numpy as np", "print(np.arange(3).sum())")


@pytest.mark.parametrize(
    ("runs", "processors", "together"), [(4, 2, 2), (3, 2, 1), (3, 4, 3), (2, 2, 2), (4, 1, 1), (1, 8, 1)]
)
def test_runs_begin_together_where_that_saves_a_round(runs: int, processors: int, together: int) -> None:
    assert may_begin_together(QUIET, runs, processors) == together


@pytest.mark.parametrize(
    "source", ["frame.to_csv('out.csv')", "!rm x", "plt.savefig('a.png')", "open('a', 'w')", "app.run(80)"]
)
def test_what_looks_as_if_runs_could_meet_begins_alone(source: str) -> None:
    assert may_begin_together(notebook("x = 1", source), 4, 2) == 1


def test_runs_that_ended_alike_did_not_meet_and_count() -> None:
    runs = (record("R0"), record("R1"))
    assert met(runs) == "" and that_count(runs) == runs


def test_runs_that_wrote_files_or_ended_differently_may_have_met() -> None:
    failed = replace(record("R1"), status=RunStatus.CELL_FAILED, error=RunError("OSError", "address in use", 3))
    assert "same end" in met((record("R0"), failed))
    assert "files" in met((record("R0", files_written=("a.csv",)), record("R1")))


def test_of_runs_that_all_failed_alike_one_is_enough() -> None:
    failed = replace(record("R0"), status=RunStatus.CELL_FAILED, error=RunError("OSError", "address in use", 3))
    runs = (failed, replace(failed, label="R1"))
    assert met(runs) == "" and that_count(runs) == (failed,)
