"""What the notebook showed when it was saved, beside what it shows now; and why where that is something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nb_mlops.checker import findings as say
from nb_mlops.checker.compare_runs import RunComparison, compare_outputs
from nb_mlops.checker.diagnose import Cause, doubtful
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook, Output
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace

_RTOL = 1e-6  # another machine, another version of a library: what is printed has six digits as a rule
_RELATED = 10


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A cell that shows something else than it did: where they part, and why."""

    cell: int
    difference: str
    cause: Cause


def compare_saved(
    notebook: Notebook, base: RunRecord, comparisons: Sequence[RunComparison], tolerances: Tolerances
) -> tuple[SavedCell, ...]:
    """The cells whose saved outputs a clean run does not give again."""
    wide = replace(tolerances, rtol=max(tolerances.rtol, _RTOL))
    doubts = doubtful(notebook)
    chance = {cell for comparison in comparisons for cell in comparison.cells}
    found = []
    for run in base.cells:
        cell = notebook.cells[run.index]
        if not cell.outputs or (cell.execution_count is None and not any(_says(output) for output in cell.outputs)):
            continue
        likeness = compare_outputs(tuple(map(_plain, cell.outputs)), tuple(map(_plain, run.outputs)), wide)
        if likeness.same:
            continue
        if run.index in chance:
            why = Cause.CHANCE
        elif run.index in doubts:
            why = Cause.HIDDEN_STATE
        else:
            why = Cause.DATA if base.files_read or base.network else Cause.LIBRARIES
        found.append(SavedCell(run.index, likeness.difference, why))
    return tuple(found)


def _says(output: Output) -> bool:
    return bool(output.text or output.data)


def _plain(output: Output) -> Output:
    """An output without what other versions of a library add or leave out beside the same answer."""
    data = {mime: value for mime, value in output.data.items() if mime in _SHOWN} or output.data
    if "image/png" in data or "text/html" in data:
        data = {mime: value for mime, value in data.items() if mime != "text/plain"}
    return replace(output, data=data)


_SHOWN = frozenset(
    {"text/plain", "text/html", "image/png", "image/jpeg", "image/svg+xml", "text/markdown", "text/latex"}
)

_WORDS = {
    Cause.CHANCE: "it is not the same in two runs of today either",
    Cause.HIDDEN_STATE: "the saved one comes from a state of the session that a run from top to bottom does not make",
    Cause.DATA: "the code is the same, so the data it reads or the libraries have changed since",
    Cause.LIBRARIES: "the code is the same and it reads no data, so the libraries have changed since",
}
_REMEDIES = {
    Cause.CHANCE: "Make it repeatable first.",
    Cause.HIDDEN_STATE: "Look at what `nb-mlops lint` says of it, then save the notebook with today's outputs.",
    Cause.DATA: "Compare the data with those of then; if they are right, save the notebook with today's outputs.",
    Cause.LIBRARIES: "If today's answer is right, save the notebook with it; else pin the versions it was written for.",
}


def saved_findings(notebook: Notebook, cells: Sequence[SavedCell]) -> Iterator[Finding]:
    """One finding for each cause, on its first cell, the others related. For information: nobody promised that a file
    is up to date."""
    for why in _WORDS:
        of_it = [cell for cell in cells if cell.cause is why]
        if not of_it:
            continue
        first, others = of_it[0], of_it[1:]
        many = f" So do {len(others)} more cells." if len(others) > 1 else " So does one more cell." if others else ""
        message = f"This cell shows something else than when it was saved ({first.difference}): {_WORDS[why]}.{many} "
        also = tuple(say.related(notebook, c.cell, f"differs too ({c.difference})") for c in others[:_RELATED])
        yield say.finding(say.SAVED_DIFFERS, notebook, message + _REMEDIES[why], first.cell, also)
