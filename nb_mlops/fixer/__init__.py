"""A notebook and fixes to the notebook mended, in one pass. Pure.

Each fix is applied whole or not at all. Edits speak of the notebook as it was read; a fix that touches what an earlier
one already changes waits for the next pass, when its finding has been made anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from nb_mlops.core.finding import (
    AddParts,
    ClearOutput,
    DeleteCell,
    Edit,
    Fix,
    InsertCell,
    MoveCell,
    ReplaceCell,
    ReplaceOutputText,
    ReplaceText,
    Safety,
    SetCellId,
    SetFormat,
    SetMetadata,
)
from nb_mlops.core.notebook import Cell, Notebook, Oddity, Position, StoredOutputs
from nb_mlops.core.value import Struct, replace
from nb_mlops.fixer.output_text import OutputText


def apply(notebook: Notebook, fixes: Sequence[Fix], allow_unsafe: bool = False) -> tuple[Notebook, tuple[Fix, ...]]:
    """The notebook with as many of the fixes as fit together, earlier ones first, and which these were.

    Advice (`Safety.DISPLAY`) is never applied, an unsafe fix only with `allow_unsafe`, and neither is a fix that does
    not fit the notebook, such as one made for an older state of it.
    """
    allowed = {Safety.SAFE, Safety.UNSAFE} if allow_unsafe else {Safety.SAFE}
    claims: list[_Claim] = []
    applied: list[Fix] = []
    for fix in fixes:
        if fix.safety not in allowed or not fix.edits:
            continue
        wanted = _claims(notebook, fix)
        if not wanted or _clash_among(wanted) or any(a.touches(b) for a in wanted for b in claims):
            continue
        claims += wanted
        applied.append(fix)
    if not applied:
        return notebook, ()
    return _edited(notebook, [edit for fix in applied for edit in fix.edits]), tuple(applied)


class _Claim(Struct, frozen=True):
    """What an edit changes: a place (and all below it) and, in a text, the characters from `start` to `end`."""

    place: tuple[object, ...]
    start: int = -1
    end: int = -1

    def touches(self, other: _Claim) -> bool:
        """Whether the order of the two edits could matter; neighbours in a text do touch."""
        return self._meets(other) and (
            min(self.start, other.start) < 0 or (self.start <= other.end and other.start <= self.end)
        )

    def overlaps(self, other: _Claim) -> bool:
        """Whether both change the same thing; neighbours in a text do not."""
        return self._meets(other) and (
            min(self.start, other.start) < 0 or (self.start < other.end and other.start < self.end)
        )

    def _meets(self, other: _Claim) -> bool:
        shared = min(len(self.place), len(other.place))
        return self.place[:shared] == other.place[:shared]


def _claims(notebook: Notebook, fix: Fix) -> list[_Claim]:
    """What the edits of a fix change; nothing at all when one of them does not fit the notebook."""
    claims = [_claim(notebook, edit) for edit in fix.edits]
    claims += [_Claim(("cell", edit.cell, "place")) for edit in fix.edits if isinstance(edit, MoveCell)]
    known = [claim for claim in claims if claim is not None]
    return known if len(known) == len(claims) else []


def _clash_among(claims: Sequence[_Claim]) -> bool:
    return any(one.overlaps(other) for n, one in enumerate(claims) for other in claims[:n] if not _adds(one, other))


def _adds(one: _Claim, other: _Claim) -> bool:
    """Within one fix, several cells may go to one slot, and several cells may move."""
    return one.place[0] == other.place[0] == "order"


def _claim(notebook: Notebook, edit: Edit) -> _Claim | None:
    """What the edit changes; None when the notebook has no such thing."""
    count = len(notebook.cells)
    if isinstance(edit, InsertCell):
        return _Claim(("order", edit.index)) if 0 <= edit.index <= count else None
    if isinstance(edit, SetFormat):
        return _Claim(("format",)) if notebook.upgraded_from is None else None
    if isinstance(edit, SetMetadata) and edit.cell is None:
        return _Claim(("metadata", *edit.keys)) if edit.keys else None
    if isinstance(edit, AddParts) and edit.cell is None:
        return _Claim(("parts",))
    if edit.cell is None or not 0 <= edit.cell < count:
        return None
    cell = notebook.cells[edit.cell]
    if isinstance(edit, ReplaceText):
        return _text_claim(("cell", edit.cell, "source"), cell.source, edit)
    if isinstance(edit, ReplaceCell):
        return _Claim(("cell", edit.cell, "source"))
    if isinstance(edit, DeleteCell):
        return _Claim(("cell", edit.cell))
    if isinstance(edit, SetCellId):
        return _Claim(("cell", edit.cell, "id"))
    if isinstance(edit, AddParts):
        return _Claim(("cell", edit.cell, "parts"))
    if isinstance(edit, MoveCell):
        return _Claim(("order",)) if 0 <= edit.before <= count else None
    if isinstance(edit, SetMetadata):
        return _Claim(("cell", edit.cell, "metadata", *edit.keys)) if edit.keys else None
    if isinstance(edit, ClearOutput):
        if edit.output is None:
            return _Claim(("cell", edit.cell, "outputs"))
        fits = 0 <= edit.output < len(cell.outputs)
        return _Claim(("cell", edit.cell, "outputs", edit.output)) if fits else None
    found = OutputText.find(cell, edit.part)
    return (
        None
        if found is None
        else _text_claim(("cell", edit.cell, "outputs", found.output, edit.part), found.text, edit)
    )


def _text_claim(place: tuple[object, ...], text: str, edit: ReplaceText | ReplaceOutputText) -> _Claim | None:
    start, end = _offset(text, edit.start), _offset(text, edit.end)
    return None if start is None or end is None or end < start else _Claim(place, start, end)


def _offset(text: str, position: Position) -> int | None:
    """The index of a position; the start of the line after the last one is the end of the text. None outside."""
    starts = _line_starts(text)
    if position.line == len(starts) + 1 and position.column == 0:
        return len(text)
    if not 1 <= position.line <= len(starts) or position.column < 0:
        return None
    offset = starts[position.line - 1] + position.column
    end = starts[position.line] - 1 if position.line < len(starts) else len(text)
    return offset if offset <= end else None


@lru_cache(maxsize=8)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins. Kept, because one text may be edited in a thousand places."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


def _replaced(text: str, edits: Sequence[ReplaceText | ReplaceOutputText]) -> str:
    """The text with stretches replaced that do not overlap; at one place they are put in the order they come in."""
    spots = sorted((_offset(text, e.start) or 0, _offset(text, e.end) or 0, n) for n, e in enumerate(edits))
    parts, cursor = [], 0
    for start, end, number in spots:
        parts += [text[cursor:start], edits[number].text]
        cursor = end
    return "".join((*parts, text[cursor:]))


def _edited(notebook: Notebook, edits: Sequence[Edit]) -> Notebook:
    by_cell: dict[int | None, list[Edit]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit, SetFormat):
            notebook = replace(notebook, nbformat=(notebook.nbformat[0], edit.minor))
        elif not isinstance(edit, InsertCell):
            by_cell[edit.cell].append(edit)
    cells = [_edited_cell(cell, by_cell[n]) if n in by_cell else cell for n, cell in enumerate(notebook.cells)]
    metadata, odd = notebook.metadata, notebook.odd
    for edit in by_cell[None]:
        if isinstance(edit, SetMetadata):
            metadata = _set(metadata, edit.keys, edit.value)
        elif isinstance(edit, AddParts):
            odd = _without(odd, edit)
    ordered = _ordered(cells, edits)
    numbered = tuple(cell if cell.index == n else replace(cell, index=n) for n, cell in enumerate(ordered))
    return replace(notebook, cells=numbered, metadata=metadata, odd=odd)


def _without(odd: tuple[Oddity, ...], edit: AddParts) -> tuple[Oddity, ...]:
    return tuple(one for one in odd if one.part not in edit.parts)


def _ordered(cells: Sequence[Cell], edits: Sequence[Edit]) -> list[Cell]:
    """Cells in their new order. Each old index is a slot: what is put there comes before the cell that stood there."""
    slots: dict[int, list[Cell]] = defaultdict(list)
    gone: set[int] = set()
    for edit in edits:
        if isinstance(edit, InsertCell):
            slots[edit.index].append(replace(edit.cell, origin=None))
        elif isinstance(edit, MoveCell):
            slots[edit.before].append(cells[edit.cell])
            gone.add(edit.cell)
        elif isinstance(edit, DeleteCell):
            gone.add(edit.cell)
    ordered: list[Cell] = []
    for number in range(len(cells) + 1):
        ordered += slots.get(number, [])
        if number < len(cells) and number not in gone:
            ordered.append(cells[number])
    return ordered


def _edited_cell(cell: Cell, edits: Sequence[Edit]) -> Cell:
    for edit in edits:
        if isinstance(edit, SetMetadata):
            metadata = _set(cell.metadata, edit.keys, edit.value)
            tags = metadata.get("tags", ())
            kept = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, (list, tuple)) else ()
            cell = replace(cell, metadata=metadata, tags=kept)
        elif isinstance(edit, ReplaceCell):
            cell = replace(cell, source=edit.source)
        elif isinstance(edit, SetCellId):
            cell = replace(cell, id=edit.id)
        elif isinstance(edit, AddParts):
            cell = replace(cell, odd=_without(cell.odd, edit))
    texts = [edit for edit in edits if isinstance(edit, ReplaceText)]
    if texts:
        cell = replace(cell, source=_replaced(cell.source, texts))
    return _edited_outputs(cell, edits)


def _edited_outputs(cell: Cell, edits: Sequence[Edit]) -> Cell:
    clears = [edit.output for edit in edits if isinstance(edit, ClearOutput)]
    if None in clears:
        return replace(cell, stored=StoredOutputs.of(()), execution_count=None)
    by_part: dict[str, list[ReplaceOutputText]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit, ReplaceOutputText):
            by_part[edit.part].append(edit)
    if not clears and not by_part:
        return cell
    outputs = list(cell.outputs)
    for part, replacements in by_part.items():
        found = OutputText.find(replace(cell, stored=StoredOutputs.of(tuple(outputs))), part)
        if found is not None:
            outputs[found.output] = found.put(_replaced(found.text, replacements))
    kept = tuple(output for number, output in enumerate(outputs) if number not in clears)
    return replace(cell, stored=StoredOutputs.of(kept))


def _set(metadata: Mapping[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of the metadata with an entry set, made on the way where it is missing, or removed."""
    key, rest = keys[0], keys[1:]
    changed = dict(metadata)
    if rest:
        inner = changed.get(key)
        if value is None and not isinstance(inner, Mapping):
            return changed
        changed[key] = _set(inner if isinstance(inner, Mapping) else {}, rest, value)
    elif value is None:
        changed.pop(key, None)
    else:
        changed[key] = value
    return changed
