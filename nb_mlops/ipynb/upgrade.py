"""Notebooks of nbformat 1 to 3 to today's cells, by nbformat's own upgrade. The only module that loads nbformat."""

from __future__ import annotations

import json
from typing import Any

from nbformat.notebooknode import from_dict
from nbformat.v2.convert import upgrade as upgrade_first
from nbformat.v3.rwbase import rejoin_lines
from nbformat.v4.convert import upgrade_cell

from nb_mlops.core.notebook import Cell, CellKind, Notebook, StoredOutputs, Unreadable
from nb_mlops.ipynb.outputs import outputs_of
from nb_mlops.ipynb.values import count_of, joined, tags_of

_KINDS = {kind.value: kind for kind in CellKind if kind is not CellKind.UNKNOWN}


def upgrade(value: dict[str, Any], data: bytes, path: str) -> Notebook | Unreadable:
    """The notebook of a decoded file in an old format, worksheets joined in order. Cells get no ids: the old formats
    had none. What nbformat cannot upgrade is Unreadable."""
    major = count_of(value.get("nbformat")) or 3
    try:
        node: Any = from_dict(value)  # type: ignore[no-untyped-call]
        if major == 1:
            node = upgrade_first(node, 1)  # type: ignore[no-untyped-call]
        old = [cell for sheet in _worksheets(node) for cell in sheet.cells]
        cells = tuple(_cell(index, _upgraded(cell)) for index, cell in enumerate(old))
    except Exception as error:  # nbformat raises whatever the odd file makes it stumble over
        detail = (
            f"The notebook is in nbformat {major} and nbformat's upgrade fails on it ({type(error).__name__}); "
            "open it in an old Jupyter and save it as nbformat 4."
        )
        return Unreadable(path, "upgrade-failed", detail)
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    kept = {key: part for key, part in metadata.items() if key not in ("name", "signature")}
    return Notebook(path, cells, kept, (4, 5), data, upgraded_from=major)


def _worksheets(node: Any) -> Any:
    node.setdefault("worksheets", [])
    for sheet in node.worksheets:
        for cell in sheet.setdefault("cells", []):
            if cell.get("cell_type") == "code":
                cell.setdefault("outputs", [])
    return rejoin_lines(node).worksheets  # type: ignore[no-untyped-call]


def _upgraded(cell: Any) -> Any:
    """The cell in today's format, as plain JSON values."""
    return json.loads(json.dumps(upgrade_cell(cell)))  # type: ignore[no-untyped-call]


def _cell(index: int, value: dict[str, Any]) -> Cell:
    metadata = value.get("metadata")
    outputs = outputs_of(value.get("outputs"))
    return Cell(
        index,
        _KINDS.get(value.get("cell_type", ""), CellKind.UNKNOWN),
        joined(value.get("source")),
        stored=StoredOutputs.of(outputs),
        execution_count=count_of(value.get("execution_count")),
        tags=tags_of(metadata),
        metadata=metadata if isinstance(metadata, dict) else {},
        origin=index,
    )
