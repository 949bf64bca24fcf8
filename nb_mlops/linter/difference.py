"""What a fix changes in a notebook, cell by cell, as a diff that may be shown: secrets and personal values covered."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.segments import segments
from nb_mlops.analysis.sensitive.mask import MASK, mask, mask_cell
from nb_mlops.analysis.sensitive.personal.columns import votes
from nb_mlops.analysis.tables import tables
from nb_mlops.core.notebook import Cell, Notebook

# An output that was cleared because it is large is not printed whole.
_LONGEST = {"code": 60, "markdown": 60}
_LONGEST_OUTPUT = 12
_WIDEST = 160
_ODD = "not as nbformat has it"


def difference(before: Notebook, after: Notebook) -> str:
    """A unified diff by cell; "" when nothing differs. `before` is the notebook as it was read."""
    new = {cell.origin: cell for cell in after.cells if cell.origin is not None}
    values = _values(before)
    old_texts, new_texts = _by_cell(before, values), _by_cell(after, values)
    parts = []
    for cell in before.cells:
        partner = None if cell.origin is None else new.get(cell.origin)
        title = f"{before.path} cell {cell.index + 1}"
        if partner is None:
            parts.append(f"--- {title}\n+++ (deleted)\n")
            continue
        if partner.index != cell.index and _moved(cell, before, after):
            parts.append(f"--- {title}\n+++ {after.path} cell {partner.index + 1} (moved)\n")
        parts.extend(_changes(title, old_texts.get(cell.index, {}), new_texts.get(partner.index, {})))
    for cell in after.cells:
        if cell.origin is None:
            parts.extend(_changes(f"{after.path} cell {cell.index + 1} (new)", {}, new_texts.get(cell.index, {})))
    parts.extend(_changes(before.path, old_texts.get(None, {}), new_texts.get(None, {})))
    return "".join(parts)


def _moved(cell: Cell, before: Notebook, after: Notebook) -> bool:
    """Whether the cell that stood above it is another one now."""
    return _above(cell, before) != _above(next(c for c in after.cells if c.origin == cell.origin), after)


def _above(cell: Cell, notebook: Notebook) -> int | None:
    return notebook.cells[cell.index - 1].origin if cell.index else -1


def _values(notebook: Notebook) -> re.Pattern[str] | None:
    """What only a column's name tells to be personal, such as names and dates: no look at a line finds these."""
    found = (vote for table in tables(notebook) for vote in votes(table))
    values = {item.value for vote in found for item in vote.matched if len(item.value) > 2}
    longest_first = sorted(values, key=lambda value: (-len(value), value))
    return re.compile("|".join(map(re.escape, longest_first))) if values else None


def _by_cell(notebook: Notebook, values: re.Pattern[str] | None) -> Mapping[int | None, dict[str, list[str]]]:
    """What a reader sees of each cell, by place; texts of one place one after the other."""
    found: dict[int | None, dict[str, list[str]]] = {}
    for segment in segments(notebook):
        lines = found.setdefault(segment.cell, {}).setdefault(segment.place, [])
        lines.extend(_lines(segment, values))
    for cell in notebook.cells:
        found.setdefault(cell.index, {}).update(
            {"id": [cell.id], "entries of metadata": _names(cell.metadata), _ODD: _odd(cell)}
        )
    version = ".".join(map(str, notebook.nbformat))
    found.setdefault(None, {}).update(
        {"nbformat": [version], "entries of metadata": _names(notebook.metadata), _ODD: _odd(notebook)}
    )
    return found


def _odd(of: Cell | Notebook) -> list[str]:
    return [f"{odd.part or 'all of it'}: {odd.found}" for odd in of.odd]


def _names(metadata: Mapping[str, Any], above: str = "") -> list[str]:
    """What stands in metadata, by name alone: values that are worth reading are segments."""
    names = []
    for key, value in metadata.items():
        name = f"{above}{key}"
        names += _names(value, f"{name}.") if isinstance(value, Mapping) and value else [mask(name)[:_WIDEST]]
    return names


def _lines(segment: Segment, values: re.Pattern[str] | None) -> list[str]:
    text = mask_cell(segment.text) if segment.kind is SegmentKind.SOURCE else mask(segment.text)
    if values is not None and segment.in_output:
        text = values.sub(lambda found: MASK * len(found.group()), text)
    return [line[:_WIDEST] for line in text.split("\n")]


def _changes(title: str, old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Iterator[str]:
    for place in dict.fromkeys((*old, *new)):
        name = f"{title} {place}"
        lines = list(difflib.unified_diff(old.get(place, []), new.get(place, []), name, name, n=2, lineterm=""))
        if not lines:
            continue
        longest = _LONGEST.get(place, _LONGEST_OUTPUT)
        more = len(lines) - longest
        yield "\n".join(lines if more < 5 else [*lines[:longest], f"  … {more} more lines"]) + "\n"
