"""The instrumented runs that a conversion rests on, in document order or, where that stops, in the recorded one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nb_mlops.checker import plan as runs
from nb_mlops.converter.order import arranged, may_be_order, recorded_order, runs_only_as_recorded
from nb_mlops.converter.truth import chance_at_work
from nb_mlops.core.errors import RunFailedError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Probe, RunError, RunRecord, RunRequest, RunStatus
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.ipynb.write import write
from nb_mlops.outside import run_one

Told = Callable[[str], None]
_RUNS, _RUNS_IN_DOUBT = 3, 6
_SHORT = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Ran:
    """A notebook with its runs, none where it was not run.

    `order`, where it is not empty, are the places in the document of the cells that `notebook` holds: it was arranged
    as it was run, because from top to bottom it `stopped` (None where that was read from the text).
    """

    notebook: Notebook
    data: bytes
    records: tuple[RunRecord, ...] = ()
    order: tuple[int, ...] = ()
    stopped: RunError | None = None


def unrun(notebook: Notebook, data: bytes) -> Ran:
    """The notebook, arranged as it was run where its text says that it could not run otherwise."""
    order = _other_order(notebook) if runs_only_as_recorded(notebook) else ()
    return Ran(arranged(notebook, order), data, order=order) if order else Ran(notebook, data)


def first_that_runs(notebook: Notebook, data: bytes, settings: Settings, told: Told) -> Ran:
    """The notebook with its runs; arranged as it was run where it does not run from top to bottom.

    Raises RunFailedError, about the run from top to bottom, where neither order runs to its end.
    """
    ran = _ran(Ran(notebook, data), settings, told)
    broken = _broken(ran)
    if broken is None:
        return ran
    order = _other_order(notebook) if broken.error is not None and may_be_order(broken.error.name) else ()
    if order:
        told("it stops from top to bottom; trying the order in which its cells were run")
        book = arranged(notebook, order)
        other = _ran(Ran(book, write(book), order=order, stopped=broken.error), settings, told)
        if _broken(other) is None:
            return other
    raise _failed(notebook.path, broken)


def _other_order(notebook: Notebook) -> tuple[int, ...]:
    return recorded_order(notebook) if notebook.upgraded_from is None and notebook.raw else ()


def asked_again(ran: Ran, settings: Settings, told: Told) -> tuple[RunRecord, ...]:
    """The runs with some more. Raises RunFailedError where one of these does not run to its end."""
    more = _ran(ran, settings, told, _RUNS_IN_DOUBT)
    broken = _broken(more)
    if broken is not None:
        raise _failed(ran.notebook.path, broken)
    return more.records


def asked_more_of_chance(ran: Ran, settings: Settings, told: Told) -> Ran:
    """With more runs where values differ between those there are, and a run is short: a value beside them that is the
    same three times (how many rows an unseeded cluster has) may be so by chance."""
    if not chance_at_work(ran.records, settings.convert.rtol) or ran.records[0].seconds > _SHORT:
        return ran
    told("values differ between runs; asking the notebook again, which of the others are the same by chance")
    more = _ran(ran, settings, told, _RUNS_IN_DOUBT)
    return more if _broken(more) is None else ran


def _ran(ran: Ran, settings: Settings, told: Told, repeat: int = _RUNS) -> Ran:
    """With runs of a copy of the bytes, in the notebook's own folder; those that are there count among `repeat`."""
    records = ran.records
    with tempfile.TemporaryDirectory(prefix="nbm-convert-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "notebook.ipynb"
        copy.write_bytes(ran.data)
        request = RunRequest(
            label="R0",
            notebook=str(copy),
            workdir=str(Path(ran.notebook.path).resolve().parent),
            kernel=settings.check.kernel,
            timeout=settings.convert.timeout,
            cell_timeout=settings.convert.timeout,
            probe=Probe.CELLS,
        )
        plan = runs.Plan(request, repeat)
        while requests := runs.next_runs(plan, records):
            told(f"running the notebook: {', '.join(request.label for request in requests)}")
            records += run_one.run_together(requests, runs.at_once(records, os.cpu_count() or 1))
    return replace(ran, records=records)


def _broken(ran: Ran) -> RunRecord | None:
    return next((record for record in ran.records if not record.ok), None)


def _failed(path: str, broken: RunRecord) -> RunFailedError:
    error = broken.error
    where = f" in cell {error.cell + 1}" if error and error.cell is not None else ""
    words = f"{error.name}: {error.value}" if error else broken.status.value
    if broken.status is RunStatus.TIMED_OUT:
        return RunFailedError(
            f"`{path}` takes too long, so there is nothing to hold a package to. It stopped{where}: {words}",
            "Give it more time ([tool.nb-mlops.convert] timeout, in seconds), or convert without proof: --no-run.",
        )
    return RunFailedError(
        f"`{path}` does not run to its end, so there is nothing to hold a package to. It stopped{where}: {words}",
        "Mend the notebook, or convert without proof: --no-run.",
    )
