"""A notebook that is open in an editor: JSON values to Notebook, and what a fix changes as edits for the editor. Pure.

Outputs and metadata travel as blobs, each under a token that its sender never uses for anything else, so that whoever
keeps what it got before need not get it again. Images come without their data: an output says what it weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nb_mlops.core.notebook import NO_OUTPUTS, Cell, CellKind, Notebook, StoredOutputs
from nb_mlops.core.value import replace
from nb_mlops.ipynb.fresh import cell_json, metadata_of, new_id, output_json
from nb_mlops.ipynb.outputs import output_of
from nb_mlops.ipynb.values import count_of, same, tags_of

_KINDS = {kind.value: kind for kind in CellKind if kind is not CellKind.UNKNOWN}
Blob = Callable[[str], Any]


class NotADocumentError(ValueError):
    """The values are not those of a notebook that is open in an editor."""


def blob_of(value: Any) -> Any:
    """A blob as it is kept: a list is a cell's outputs (each with the `size` it has in the file), else it is JSON."""
    if not isinstance(value, list):
        return value
    known = [item for item in value if isinstance(item, dict)]
    return StoredOutputs.of(tuple(output_of(item, count_of(item.get("size")) or 0) for item in known))


def tokens(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The tokens of all blobs that the document stands on. Raises NotADocumentError."""
    cells = document.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotADocumentError("`cells` must be a list of objects")
    found = [document.get("metadata"), *(cell.get("outputs") for cell in cells)]
    return tuple(token for token in found if isinstance(token, str) and token)


def notebook_of(document: Mapping[str, Any], path: str, blob: Blob) -> Notebook:
    """The notebook; `blob` finds what a token stands for. Raises NotADocumentError."""
    tokens(document)
    cells = tuple(_cell(index, value, blob) for index, value in enumerate(document["cells"]))
    token, minor = document.get("metadata"), count_of(document.get("nbformat_minor"))
    metadata = blob(token) if isinstance(token, str) else None
    return Notebook(path, cells, metadata if isinstance(metadata, dict) else {}, (4, 5 if minor is None else minor))


def _cell(index: int, value: Mapping[str, Any], blob: Blob) -> Cell:
    source, id, metadata, token = (value.get(key) for key in ("source", "id", "metadata", "outputs"))
    if not isinstance(source, str):
        raise NotADocumentError(f"cell {index}: `source` must be text")
    outputs = blob(token) if isinstance(token, str) and token else None
    kind = value.get("kind")
    return Cell(
        index,
        _KINDS.get(kind, CellKind.UNKNOWN) if isinstance(kind, str) else CellKind.UNKNOWN,
        source,
        id if isinstance(id, str) else "",
        outputs if isinstance(outputs, StoredOutputs) else NO_OUTPUTS,
        count_of(value.get("count")),
        tags_of(metadata),
        metadata if isinstance(metadata, dict) else {},
        origin=index,
    )


def changes(before: Notebook, after: Notebook) -> dict[str, Any]:
    """What makes one out of the other: its cells in their new order, each with what is new about it.

    A cell is known by `origin`, its index before; null for a new one, which comes whole. An output that stays is its
    index before, one that changes comes whole (an image in it without data, as it came).
    """
    old = {cell.origin: cell for cell in before.cells}
    taken = {cell.id for cell in after.cells if cell.id}
    cells: list[dict[str, Any]] = []
    for cell in after.cells:
        partner = old.get(cell.origin) if cell.origin is not None else None
        if partner is None:
            cells.append({"origin": None, "cell": cell_json(cell, new_id(cell, taken), source_as_list=False)})
        else:
            cells.append({"origin": cell.origin, **_changed(partner, cell)})
    whole: dict[str, Any] = {"cells": cells}
    if not same(before.metadata, after.metadata):
        whole["metadata"] = dict(after.metadata)
    return whole


def _changed(before: Cell, after: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if before.source != after.source:
        found["source"] = after.source
    if before.id != after.id:
        found["id"] = after.id
    if not same(metadata_of(before), metadata_of(after)):
        found["metadata"] = metadata_of(after)
    if before.execution_count != after.execution_count:
        found["count"] = after.execution_count
    if before.stored is not after.stored and before.outputs != after.outputs:
        places = {id(output): index for index, output in enumerate(before.outputs)}
        found["outputs"] = [
            places[id(o)] if id(o) in places else output_json(replace(o, size=0)) for o in after.outputs
        ]
    return found
