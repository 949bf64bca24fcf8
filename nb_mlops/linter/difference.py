"""What a fix changes in a notebook, cell by cell, as a diff that may be shown: secrets and personal values covered."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.analysis.segments import Segment, segments
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.core.notebook import Cell, Notebook

# An output that was cleared because it is large is not printed whole.
_LONGEST = {"code": 60, "markdown": 60}
_LONGEST_OUTPUT = 12
_WIDEST = 160


def difference(before: Notebook, after: Notebook) -> str:
    """A unified diff by cell; "" when nothing differs. `before` is the notebook as it was read."""
    new = {cell.origin: cell for cell in after.cells if cell.origin is not None}
    old_texts, new_texts = _by_cell(before), _by_cell(after)
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


def _by_cell(notebook: Notebook) -> Mapping[int | None, dict[str, list[str]]]:
    """What a reader sees of each cell, by place; texts of one place one after the other."""
    found: dict[int | None, dict[str, list[str]]] = {}
    for segment in segments(notebook):
        lines = found.setdefault(segment.cell, {}).setdefault(segment.place, [])
        lines.extend(_lines(segment))
    for cell in notebook.cells:
        found.setdefault(cell.index, {}).update({"id": [cell.id], "entries of metadata": _names(cell.metadata)})
    version = ".".join(map(str, notebook.nbformat))
    found.setdefault(None, {}).update({"nbformat": [version], "entries of metadata": _names(notebook.metadata)})
    return found


def _names(metadata: Mapping[str, Any], above: str = "") -> list[str]:
    """What stands in metadata, by name alone: values that are worth reading are segments."""
    names = []
    for key, value in metadata.items():
        name = f"{above}{key}"
        names += _names(value, f"{name}.") if isinstance(value, Mapping) and value else [mask(name)[:_WIDEST]]
    return names


def _lines(segment: Segment) -> list[str]:
    return [line[:_WIDEST] for line in mask(segment.text).split("\n")]


def _changes(title: str, old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Iterator[str]:
    for place in dict.fromkeys((*old, *new)):
        name = f"{title} {place}"
        lines = list(difflib.unified_diff(old.get(place, []), new.get(place, []), name, name, n=2, lineterm=""))
        if not lines:
            continue
        longest = _LONGEST.get(place, _LONGEST_OUTPUT)
        more = len(lines) - longest
        yield "\n".join(lines if more < 5 else [*lines[:longest], f"  … {more} more lines"]) + "\n"
