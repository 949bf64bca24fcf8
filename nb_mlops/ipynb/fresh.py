"""Cells and outputs that have no bytes yet, as JSON values in nbformat's order and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nb_mlops.core.hashing import blake2b
from nb_mlops.core.notebook import Cell, CellKind, ErrorValue, Notebook, Output, OutputKind
from nb_mlops.ipynb.values import tags_of


def notebook_json(notebook: Notebook) -> dict[str, Any]:
    """A whole notebook; its version is one that knows cell ids, and every cell has one."""
    taken = {cell.id for cell in notebook.cells if cell.id}
    minor = max(notebook.nbformat[1], 5) if notebook.nbformat[0] == 4 else 5
    return {
        "cells": [cell_json(cell, new_id(cell, taken)) for cell in notebook.cells],
        "metadata": dict(notebook.metadata),
        "nbformat": 4,
        "nbformat_minor": minor,
    }


def cell_json(cell: Cell, id: str, source_as_list: bool = True) -> dict[str, Any]:
    """One cell; `id` is left out when it is empty, as formats before 4.5 want it."""
    source: Any = _lines(cell.source) if source_as_list else cell.source
    kind = CellKind.RAW if cell.kind is CellKind.UNKNOWN else cell.kind
    value: dict[str, Any] = {"attachments": dict(cell.attachments)} if cell.attachments else {}
    value["cell_type"] = kind.value
    if kind is CellKind.CODE:
        value["execution_count"] = cell.execution_count
    if id:
        value["id"] = id
    value["metadata"] = metadata_of(cell)
    if kind is CellKind.CODE:
        value["outputs"] = [output_json(output) for output in cell.outputs]
    value["source"] = source
    return value


def metadata_of(cell: Cell) -> dict[str, Any]:
    """A cell's metadata with its tags in it: `Cell.tags` wins where the two disagree."""
    metadata = dict(cell.metadata)
    if cell.tags != tags_of(metadata):
        metadata["tags"] = list(cell.tags)
        if not cell.tags:
            del metadata["tags"]
    return metadata


def new_id(cell: Cell, taken: set[str]) -> str:
    """The cell's id, or one made from its content that is not among `taken`, to which it is added."""
    if cell.id:
        return cell.id
    seed = f"{cell.kind.value}\n{cell.source}".encode("utf-8", "surrogatepass")
    id, number = blake2b(seed, digest_size=4).hexdigest(), 0
    while id in taken:
        number += 1
        id = blake2b(b"%d\n%s" % (number, seed), digest_size=4).hexdigest()
    taken.add(id)
    return id


def output_json(output: Output) -> dict[str, Any]:
    """One output, its texts split into lines."""
    if output.kind is OutputKind.STREAM:
        return {"name": output.stream or "stdout", "output_type": "stream", "text": _lines(output.text)}
    if output.kind is OutputKind.ERROR:
        error = output.error or ErrorValue("", "", ())
        named = {"ename": error.name, "evalue": error.value, "output_type": "error"}
        return {**named, "traceback": list(error.traceback)}
    value: dict[str, Any] = {"data": data_json(output.data)}
    if output.kind is OutputKind.EXECUTE_RESULT:
        value["execution_count"] = output.execution_count
    value["metadata"] = dict(output.metadata)
    value["output_type"] = "execute_result" if output.kind is OutputKind.EXECUTE_RESULT else "display_data"
    return value


def data_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """A bundle of mime types; those that are text for people are split into lines."""
    return {mime: _lines(value) if _is_split(mime, value) else value for mime, value in data.items()}


def _is_split(mime: str, value: Any) -> bool:
    return isinstance(value, str) and (mime.startswith("text/") or mime in ("image/svg+xml", "application/javascript"))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
