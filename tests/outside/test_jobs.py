"""Jobs beyond what the routes show: how many run at a time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nb_mlops.core.job import Job
from nb_mlops.outside.alone import one_of
from nb_mlops.outside.jobs import Jobs, turns


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "work").mkdir()
    return Jobs(tmp_path / "work")


@pytest.fixture
def busy(jobs: Jobs) -> Iterator[contextlib.ExitStack]:
    """Every turn is taken until the stack is closed."""
    with contextlib.ExitStack() as taken:
        for turn in turns():
            assert taken.enter_context(one_of((turn,), lambda: False))
        yield taken


def until(jobs: Jobs, id: str, true: str) -> Job:
    """The job as soon as it has ended (`true` is "") or a line of its progress holds the words."""
    for _ in range(400):
        job = jobs.get(id)
        if (job.state.ended and not true) or (true and any(true in line for line in job.progress)):
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def test_a_job_that_runs_notebooks_waits_for_its_turn_and_says_so(jobs: Jobs, busy: contextlib.ExitStack) -> None:
    job = jobs.start("check", ["missing.ipynb"], "missing.ipynb")
    assert not until(jobs, job.id, "Waiting for").state.ended
    busy.close()
    done = until(jobs, job.id, "")
    assert done.exit_code == 2
    assert not any("Waiting" in line for line in done.progress), "what it says then is its own"


@pytest.mark.usefixtures("busy")
def test_a_job_that_waits_can_be_cancelled_and_never_runs(jobs: Jobs) -> None:
    job = jobs.start("convert", ["missing.ipynb"], "missing.ipynb")
    until(jobs, job.id, "Waiting for")
    begun = time.monotonic()
    cancelled = jobs.cancel(job.id)
    assert (cancelled.state.value, cancelled.exit_code, cancelled.output) == ("cancelled", 130, "")
    assert time.monotonic() - begun < 8, "it needed no killing"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(("verb", "words"), [("gate", []), ("convert", ["--no-run"])])
def test_a_job_that_runs_no_notebook_waits_for_nobody(jobs: Jobs, verb: str, words: list[str]) -> None:
    job = jobs.start(verb, [*words, "missing.ipynb"], "missing.ipynb")
    assert until(jobs, job.id, "").exit_code not in (None, 130)
