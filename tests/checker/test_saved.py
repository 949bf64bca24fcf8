from __future__ import annotations

from helpers_run import notebook, printed, record

from nb_mlops.checker.compare_runs import RunComparison
from nb_mlops.checker.diagnose import Cause
from nb_mlops.checker.saved import compare_saved, saved_findings
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.notebook import Notebook, StoredOutputs
from nb_mlops.core.run import FileRead
from nb_mlops.core.value import replace


def saved(*cells: tuple[str, str, int | None]) -> Notebook:
    """A notebook of (source, what it printed, execution count)."""
    found = notebook(*(source for source, _, _ in cells))
    return replace(
        found,
        cells=tuple(
            replace(cell, execution_count=count, stored=StoredOutputs.of((printed(text),) if text else ()))
            for cell, (_, text, count) in zip(found.cells, cells, strict=True)
        ),
    )


def test_what_a_clean_run_shows_again_is_not_told() -> None:
    found = saved(("print(1)", "0.123456\n", 1))
    assert compare_saved(found, record("R0", (printed("0.1234560001\n"),)), (), Tolerances()) == ()


def test_without_data_the_libraries_have_changed_and_with_data_they_or_the_data() -> None:
    found, now = saved(("print(8)", "int64", 1)), record("R0", (printed("int32"),))
    assert [c.cause for c in compare_saved(found, now, (), Tolerances())] == [Cause.LIBRARIES]
    read = replace(now, files_read=(FileRead("a.csv", "0" * 64, 1),))
    assert [c.cause for c in compare_saved(found, read, (), Tolerances())] == [Cause.DATA]


def test_what_two_runs_of_today_do_not_agree_on_is_chance() -> None:
    found, now = saved(("print(random())", "0.5", 1)), record("R0", (printed("0.7"),))
    parted = RunComparison("R1", cells={0: "0.7 became 0.2"})
    assert [c.cause for c in compare_saved(found, now, (parted,), Tolerances())] == [Cause.CHANCE]


def test_a_cell_that_ran_before_the_one_above_it_shows_hidden_state() -> None:
    found = saved(("x = 1", "", 1), ("x = 2", "", 3), ("print(x)", "1", 2))
    now = record("R0", (), (), (printed("2"),))
    (cell,) = compare_saved(found, now, (), Tolerances())
    assert (cell.cell, cell.cause) == (2, Cause.HIDDEN_STATE)
    (finding,) = saved_findings(found, (cell,))
    assert finding.code == "CK015" and "state of the session" in finding.message
