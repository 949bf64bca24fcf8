"""What is shown of two runs that part: both sides of the cells in question, covered where they would tell too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.title import title_of
from nb_mlops.checker.verdict import Judgement
from nb_mlops.compare.images import changed_pixels
from nb_mlops.compare.tables import table_lines
from nb_mlops.core.exhibit import Parting, Picture, Side
from nb_mlops.core.notebook import Notebook, Output, OutputKind
from nb_mlops.core.run import CellRun, RunRecord

_MOST = 12
_LONGEST, _WIDEST = 3_000, 400
_PICTURES = ("image/png", "image/jpeg")


def parted(notebook: Notebook, records: Sequence[RunRecord], judgement: Judgement) -> tuple[Parting, ...]:
    """The cells in which another run shows something else than the first one; of the run that explains most."""
    found = [comparison for comparison in judgement.comparisons if comparison.cells]
    if not found:
        return ()
    first = min(found, key=lambda comparison: len(comparison.factors))
    other = {cell.index: cell for record in records if record.label == first.label for cell in record.cells}
    return tuple(_pairs(notebook, ("R0", first.label), records[0], first.cells, other))


def aged(notebook: Notebook, records: Sequence[RunRecord], judgement: Judgement) -> tuple[Parting, ...]:
    """The cells that show something else than when the notebook was saved."""
    saved = {cell.index: CellRun(cell.index, cell.outputs) for cell in notebook.cells}
    cells = {one.cell: one.difference for one in judgement.saved}
    now = {cell.index: cell for cell in records[0].cells}
    before = RunRecord("", records[0].status, tuple(saved.values()))
    return tuple(_pairs(notebook, ("as saved", "R0"), before, cells, now))


def titles(notebook: Notebook) -> Mapping[int, str]:
    """What each code cell is called."""
    return {cell.index: title_of(cell.source) for cell in notebook.code_cells}


def _pairs(
    notebook: Notebook, names: tuple[str, str], base: RunRecord, cells: Mapping[int, str], other: Mapping[int, CellRun]
) -> Iterator[Parting]:
    ours = {cell.index: cell for cell in base.cells}
    for index in sorted(cells)[:_MOST]:
        if index not in ours or index not in other:
            continue
        left, right = (_side(name, run) for name, run in zip(names, (ours[index], other[index]), strict=True))
        changes = tuple(
            _picture(changed_pixels(a.data, b.data)) for a, b in zip(left.pictures, right.pictures, strict=False)
        )
        yield Parting(index, title_of(notebook.cells[index].source), cells[index], (left, right), changes)


def _picture(data: str) -> Picture | None:
    return Picture("image/png", data) if data else None


def _side(name: str, run: CellRun) -> Side:
    lines = [line[:_WIDEST] for line in mask("\n".join(_texts(run.outputs))).split("\n")[:_LONGEST]]
    pictures = (
        Picture(mime, "".join(o.data[mime].split()))
        for o in run.outputs
        for mime in _PICTURES
        if isinstance(o.data.get(mime), str)
    )
    return Side(name, tuple(lines) if any(lines) else (), tuple(pictures))


def _texts(outputs: Sequence[Output]) -> Iterator[str]:
    for output in outputs:
        if output.kind is OutputKind.STREAM:
            if output.stream != "stderr":
                yield output.text.rstrip("\n")
        elif output.error is not None:
            yield f"{output.error.name}: {output.error.value}"
        elif isinstance(html := output.data.get("text/html"), str) and (rows := table_lines(html)):
            yield from rows
        elif not output.data.keys() & set(_PICTURES):
            yield from (str(output.data[mime]) for mime in ("text/plain", "text/markdown") if mime in output.data)
