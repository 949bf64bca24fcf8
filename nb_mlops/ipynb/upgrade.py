"""Notebooks of nbformat 1 to 3 to today's cells, as nbformat's own upgrade makes them.

Written again because loading nbformat takes most of a second of some machines' time (its validator loads what validates
its formats): as long as reading a thousand notebooks. A test holds the outcome against nbformat's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.core.notebook import Cell, CellKind, Notebook, StoredOutputs, Unreadable
from nb_mlops.ipynb.outputs import outputs_of
from nb_mlops.ipynb.values import count_of, parse, tags_of

_KINDS = {
    **{kind.value: kind for kind in CellKind if kind is not CellKind.UNKNOWN},
    "heading": CellKind.MARKDOWN,
    "html": CellKind.MARKDOWN,
    "text": CellKind.MARKDOWN,
}
_DEEPEST_HEADING = 6
_MIMES = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
}


def upgrade(value: dict[str, Any], data: bytes, path: str) -> Notebook | Unreadable:
    """The notebook of a decoded file in an old format, worksheets joined in order. Cells get no ids: the old formats
    had none. What does not have the shape of its format is Unreadable."""
    major = count_of(value.get("nbformat")) or 3
    try:
        cells = tuple(_cell(index, cell) for index, cell in enumerate(_cells(value, major)))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        detail = (
            f"The notebook says that it is in nbformat {major} and does not have that format's shape "
            f"({type(error).__name__}), so that no Jupyter opens it. Restore it from version control."
        )
        return Unreadable(path, "upgrade-failed", detail)
    metadata = value.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    kept = {key: part for key, part in metadata.items() if key not in ("name", "signature")}
    return Notebook(path, cells, kept, (4, 5), data, upgraded_from=major)


def _cells(value: Mapping[str, Any], major: int) -> Iterator[Mapping[str, Any]]:
    if major == 1:
        for cell in value["cells"]:
            yield {**cell, "input": cell.get("code"), "source": cell.get("text"), "collapsed": False}
        return
    for sheet in value.get("worksheets") or ():
        yield from sheet.get("cells", ())


def _cell(index: int, cell: Mapping[str, Any]) -> Cell:
    kind = cell["cell_type"]
    metadata = cell.get("metadata", {})
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    stored, count = StoredOutputs.of(()), None
    if kind == "code":
        if "collapsed" in cell:
            metadata["collapsed"] = cell["collapsed"]
        source, count = _lines(cell.get("input", "")), count_of(cell.get("prompt_number"))
        stored = StoredOutputs.of(outputs_of([_output(output) for output in cell.get("outputs", ())]))
    else:
        source = _lines(cell.get("source", ""))
        if kind == "heading":
            source = "#" * min(cell.get("level", 1), _DEEPEST_HEADING) + " " + " ".join(source.splitlines())
    return Cell(
        index,
        _KINDS.get(kind, CellKind.UNKNOWN),
        source,
        stored=stored,
        execution_count=count,
        tags=tags_of(metadata),
        metadata=metadata,
        origin=index,
    )


def _output(output: Mapping[str, Any]) -> dict[str, Any]:
    """An output in today's format."""
    joined: dict[str, Any] = {
        key: _joined(item) if key in _MIMES and isinstance(item, list) else item for key, item in output.items()
    }
    kind = joined.get("output_type")
    if kind in ("pyout", "display_data"):
        count = joined.pop("prompt_number", None)
        about = {"output_type": "display_data", "metadata": _by_mime(joined.get("metadata", {}))}
        if kind == "pyout":
            about |= {"output_type": "execute_result", "execution_count": count}
        rest = {key: item for key, item in joined.items() if key not in ("output_type", "execution_count", "metadata")}
        data = _by_mime(rest)
        if "application/json" in data:
            data["application/json"] = parse(data["application/json"])
        return {**about, "data": data}
    if kind == "pyerr":
        joined["output_type"] = "error"
    elif kind == "stream":
        joined["name"] = joined.pop("stream", "stdout")
    return joined


def _by_mime(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_MIMES.get(key, key): item for key, item in values.items()}


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return _joined(value)
    return value if isinstance(value, str) else ""


def _joined(lines: list[str]) -> str:
    """Lines as one text: some writers of old kept the line ends, others did not."""
    return ("" if lines and lines[0].endswith(("\n", "\r")) else "\n").join(lines)
