"""Bytes to Notebook: a fast typed decode that leaves outputs alone, and a patient one for whatever that refuses.

Whatever has cells is read, however odd, so that rules can look into it; what is otherwise than nbformat has it is noted
beside it.
"""

# Annotations are values here: msgspec reads them, and as text it would have to compile each first.

from typing import Any, Literal

import msgspec

from nb_mlops.core.notebook import NO_OUTPUTS, Cell, CellKind, Notebook, StoredOutputs, Unreadable
from nb_mlops.ipynb import unreadable
from nb_mlops.ipynb.outputs import decode_heads, decode_outputs
from nb_mlops.ipynb.shape import cell_oddities, is_lines, metadata_oddities, notebook_oddities, whole_oddity
from nb_mlops.ipynb.spans import document, elements, members
from nb_mlops.ipynb.values import count_of, joined, json_name, parse, tags_of

_KINDS = {kind.value: kind for kind in CellKind if kind is not CellKind.UNKNOWN}
_NOTHING = msgspec.Raw(b"")
_EMPTY_LIST = msgspec.Raw(b"[]")
_LIST = ord("[")
_CHUNK = 1 << 16


class _RawCell(msgspec.Struct, gc=False):
    cell_type: Literal["code", "markdown", "raw"]
    source: str | list[str]
    metadata: dict[str, Any]
    id: Any = None
    outputs: msgspec.Raw = _NOTHING
    execution_count: int | msgspec.UnsetType | None = msgspec.UNSET
    attachments: dict[str, dict[str, Any]] = {}


class _RawNotebook(msgspec.Struct):
    nbformat: int
    nbformat_minor: int
    cells: list[_RawCell]
    metadata: dict[str, Any]


_NOTEBOOK = msgspec.json.Decoder(_RawNotebook)


def read(data: bytes, path: str) -> Notebook | Unreadable:
    """The notebook in `data`, or what the file is instead. `path` is only carried along. Never raises."""
    try:
        found = _NOTEBOOK.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_patiently(data, path)
    if found.nbformat != 4 or not _is_utf8(data):
        return _read_patiently(data, path)
    try:
        cells = tuple([_cell(index, cell) for index, cell in enumerate(found.cells)])
    except _OddError:
        return _read_patiently(data, path)
    return Notebook(path, cells, found.metadata, (4, found.nbformat_minor), data, odd=metadata_oddities(found.metadata))


class _OddError(ValueError):
    """A cell is not as nbformat has it, in a way that types do not tell."""


def _cell(index: int, raw: _RawCell) -> Cell:
    source, outputs, count, metadata = raw.source, raw.outputs, raw.execution_count, raw.metadata
    kind, tags = _KINDS[raw.cell_type], tags_of(metadata) if metadata else ()
    if kind is CellKind.CODE and (count is msgspec.UNSET or outputs is _NOTHING):
        raise _OddError
    if metadata and "tags" in metadata and not is_lines(metadata["tags"]):
        raise _OddError
    stored = NO_OUTPUTS
    if outputs is not _NOTHING and outputs != _EMPTY_LIST:
        view = memoryview(outputs)
        if view[0] != _LIST:
            raise _OddError
        stored = StoredOutputs(view, decode_outputs, decode_heads)
    return Cell(
        index,
        kind,
        source if type(source) is str else "".join(source),
        raw.id if type(raw.id) is str else "",
        stored,
        count_of(count),
        tags,
        metadata,
        raw.attachments,
        index,
    )


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, chunk by chunk: the decoder does not look inside what it leaves raw, and most
    chunks of most notebooks are plain ASCII."""
    if data.isascii():
        return True
    start, size = 0, len(data)
    while start < size:
        end = min(start + _CHUNK, size)
        while end < size and data[end] & 0xC0 == 0x80 and end > start + 1:
            end -= 1
        chunk = data[start:end]
        if not chunk.isascii():
            try:
                chunk.decode("utf-8")
            except UnicodeDecodeError:
                return False
        start = end
    return True


def _read_patiently(data: bytes, path: str) -> Notebook | Unreadable:
    """Every notebook and every file that is none; several times slower."""
    import json

    foreign = unreadable.empty_or_foreign(data, path)
    if foreign is not None:
        return foreign
    try:
        value = parse(data.removeprefix(unreadable.BOM).decode("utf-8"))
    except UnicodeDecodeError as error:
        return unreadable.not_utf8(data, path, error)
    except json.JSONDecodeError as error:
        return unreadable.not_json(data, path, error)
    except RecursionError:
        return unreadable.too_deep(path)
    if not isinstance(value, dict):
        return unreadable.not_a_notebook(path, f"it holds {json_name(value)}")
    return _from_document(value, data, path)


def _from_document(value: dict[str, Any], data: bytes, path: str) -> Notebook | Unreadable:
    major = count_of(value.get("nbformat"))
    if "nbformat" not in value and not ("cells" in value or "worksheets" in value):
        return unreadable.not_a_notebook(path, "it has neither `nbformat` nor `cells`")
    if major is not None and major > 4:
        return unreadable.too_new(path, major)
    if major == 1 or (major in (2, 3) and "cells" not in value) or ("worksheets" in value and "cells" not in value):
        return _upgraded(value, data, path)
    cells = value.get("cells")
    if cells is not None and not isinstance(cells, list):
        return unreadable.not_a_notebook(path, f"its `cells` are {json_name(cells)}, not a list")
    raws = _raw_outputs(data)
    metadata = value.get("metadata")
    return Notebook(
        path,
        tuple(_cell_of(index, cell, raws[index]) for index, cell in enumerate(cells or ())),
        metadata if isinstance(metadata, dict) else {},
        (4 if major is None else major, count_of(value.get("nbformat_minor")) or 0),
        data,
        odd=notebook_oddities(value),
    )


def _raw_outputs(data: bytes) -> tuple[bytes, ...]:
    """The bytes of each cell's outputs, empty where it has none."""
    top = members(data, document(data))
    cells = top.find("cells") if top else None
    array = elements(data, cells.value) if cells else None
    raws = []
    for item in array.items if array else ():
        cell = members(data, item.value)
        outputs = cell.find("outputs") if cell else None
        raws.append(data[outputs.value : outputs.end] if outputs else b"")
    return tuple(raws)


def _cell_of(index: int, value: Any, outputs: bytes) -> Cell:
    if not isinstance(value, dict):
        return Cell(index, CellKind.UNKNOWN, "", origin=index, odd=whole_oddity(value))
    kind, id, metadata, attachments = (value.get(key) for key in ("cell_type", "id", "metadata", "attachments"))
    return Cell(
        index,
        _KINDS.get(kind, CellKind.UNKNOWN) if isinstance(kind, str) else CellKind.UNKNOWN,
        joined(value.get("source")),
        id if isinstance(id, str) else "",
        StoredOutputs(outputs, decode_outputs, decode_heads) if outputs else NO_OUTPUTS,
        count_of(value.get("execution_count")),
        tags_of(metadata),
        metadata if isinstance(metadata, dict) else {},
        attachments if isinstance(attachments, dict) else {},
        index,
        cell_oddities(value),
    )


def _upgraded(value: dict[str, Any], data: bytes, path: str) -> Notebook | Unreadable:
    from nb_mlops.ipynb.upgrade import upgrade  # hardly any notebook needs it

    return upgrade(value, data, path)
