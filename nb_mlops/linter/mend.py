"""Fixes that several rules make in the same way: what stands in outputs and metadata, put right where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nb_mlops.analysis.segment import Segment, SegmentKind, keys_of, output_of
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Edit, ReplaceOutputText, SetCellId, SetMetadata
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Span
from nb_mlops.core.value import replace
from nb_mlops.ipynb.fresh import new_id

# Beyond so many replacements an output is the data itself, and clearing it says so.
_MOST = 200


def clear_outputs(spans: Iterable[Span]) -> tuple[Edit, ...]:
    """Clear each output that these places stand in, once."""
    places = {(span.cell, output_of(span.part)) for span in spans}
    known = sorted((cell, output) for cell, output in places if cell is not None and output is not None)
    return tuple(ClearOutput(cell, output) for cell, output in known)


def replace_in_output(found: Sequence[tuple[Segment, Sequence[tuple[int, int]]]], text: str) -> tuple[Edit, ...]:
    """Put `text` in the place of each stretch of one output that stands there as it is shown; clear a dump of them."""
    if sum(len(stretches) for _, stretches in found) > _MOST:
        return clear_outputs(s for segment, stretches in found for a, b in stretches for s in segment.spans(a, b))
    edits: dict[Edit, None] = {}
    for segment, stretches in found:
        for start, end in stretches:
            if segment.cell is not None and segment.verbatim(start, end):
                span = segment.span(start, end)
                edits[ReplaceOutputText(segment.cell, span.part, span.start, span.end, text)] = None
    return tuple(edits)


def change_metadata(view: View, spans: Iterable[Span], change: Callable[[str], str]) -> tuple[Edit, ...]:
    """Rewrite the metadata strings that these places stand in, each once; what `change` leaves as it is needs no edit.

    An entry of a list cannot be set by itself, so the whole list is, with that entry changed.
    """
    wanted: dict[tuple[int | None, tuple[str, ...]], Any] = {}
    for part, cell in dict.fromkeys((span.part, span.cell) for span in spans):
        keys = keys_of(part)
        if keys[0] != "metadata":
            continue
        whole = view.notebook.metadata if cell is None else view.cell(cell).metadata
        depth = _settable(whole, keys[1:])
        place = cell, keys[1 : 1 + depth]
        value = wanted.get(place, _at(whole, keys[1 : 1 + depth]))
        wanted[place] = _changed(value, keys[1 + depth :], change)
    return tuple(
        SetMetadata(cell, keys, value)
        for (cell, keys), value in wanted.items()
        if keys and value != _at(view.notebook.metadata if cell is None else view.cell(cell).metadata, keys)
    )


def fresh_ids(notebook: Notebook, cells: Iterable[Cell]) -> tuple[Edit, ...]:
    """Give these cells ids made from their content, which no other cell has; everybody gets the same ones."""
    taken = {cell.id for cell in notebook.cells if cell.id}
    known = (cell for cell in cells if cell.kind is not CellKind.UNKNOWN)
    return tuple(SetCellId(cell.index, new_id(replace(cell, id=""), taken)) for cell in known)


def in_metadata(segment: Segment) -> bool:
    """Whether a segment is metadata of a cell or of the notebook, which no output goes with."""
    return segment.kind in (SegmentKind.METADATA, SegmentKind.WIDGET)


def _settable(value: Any, keys: Sequence[str]) -> int:
    """How many of the keys lead through objects only."""
    for depth, key in enumerate(keys):
        if not isinstance(value, Mapping) or key not in value:
            return depth
        value = value[key]
    return len(keys)


def _at(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        value = value[key]
    return value


def _changed(value: Any, keys: Sequence[str], change: Callable[[str], str]) -> Any:
    if not keys:
        return change(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {k: _changed(v, keys[1:], change) if k == keys[0] else v for k, v in value.items()}
    if isinstance(value, list):
        return [_changed(v, keys[1:], change) if str(i) == keys[0] else v for i, v in enumerate(value)]
    return value
