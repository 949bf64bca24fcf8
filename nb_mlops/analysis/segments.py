"""A notebook's texts, each with the way back to its place: what every search for secrets and personal data reads.

Searching the file's JSON text misses what is split over list items or colours and drowns in images; segments are
what a reader would see (streams joined over their chunks, colours and tags stripped, JSON flattened to
`key = value`), and images are no text at all.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from nb_mlops.analysis.decode import Decoded, ansi_text, html_sketch, html_text, strip_ansi
from nb_mlops.analysis.segment import Bases, Chain, Segment, SegmentKind, chain
from nb_mlops.core.notebook import NO_OUTPUTS, Cell, CellKind, Notebook, Output, OutputKind

# A key or value shorter than this can be neither a secret nor an address.
_SHORTEST = 6
# So many strings of a JSON value are put together at once.
_MANY = 10_000
# A stream that is longer is parted, at the end of a line.
_LONG = 4_000_000
_WIDGETS = ("widgets", "application/vnd.jupyter.widget-state+json", "state")
_SOURCE, _OUTPUTS, _METADATA = chain("source"), chain("outputs"), chain("metadata")
_TEXT_MIMES = ("text/", "application/javascript", "application/xml", "application/x-")
# What JSON's objects are, and what may stand for them: asked in this order, the first costs next to nothing.
_OBJECTS = (dict, Mapping)


def segments(notebook: Notebook) -> tuple[Segment, ...]:
    """Every text of a notebook, in document order; the notebook's own metadata last."""
    found: list[Segment] = []
    for cell in notebook.cells:
        found.extend(_of_cell(cell))
    rest = dict(notebook.metadata)
    state = notebook.metadata
    for key in _WIDGETS:
        state = state.get(key, {}) if isinstance(state, Mapping) else {}
    if state:
        found.extend(_flat(None, SegmentKind.WIDGET, "", chain("metadata", *_WIDGETS), state))
        rest.pop("widgets", None)
    found.extend(_flat(None, SegmentKind.METADATA, "", _METADATA, rest))
    return tuple(found)


_CELL_KINDS = {CellKind.MARKDOWN: SegmentKind.MARKDOWN, CellKind.CODE: SegmentKind.SOURCE}


def _of_cell(cell: Cell) -> Iterator[Segment]:
    if cell.source:
        kind = _CELL_KINDS.get(cell.kind, SegmentKind.RAW)
        yield Segment(cell.index, kind, "", [(0, _SOURCE, cell.source)], cell.source)
    if cell.stored is not NO_OUTPUTS:
        yield from _of_outputs(cell)
    if cell.metadata:
        yield from _flat(cell.index, SegmentKind.METADATA, "", _METADATA, cell.metadata)
    if cell.attachments:
        yield from _of_attachments(cell)


def _of_outputs(cell: Cell) -> Iterator[Segment]:
    chunks: list[tuple[int, Output]] = []
    size = 0
    for index, output in enumerate(cell.outputs):
        if output.kind is OutputKind.STREAM:
            if chunks and (
                chunks[0][1].stream != output.stream or (size > _LONG and chunks[-1][1].text.endswith("\n"))
            ):
                yield _stream(cell, chunks)
                chunks, size = [], 0
            chunks.append((index, output))
            size += len(output.text)
            continue
        if chunks:
            yield _stream(cell, chunks)
            chunks, size = [], 0
        yield from _of_output(cell, index, output)
    if chunks:
        yield _stream(cell, chunks)


def _stream(cell: Cell, chunks: list[tuple[int, Output]]) -> Segment:
    """Chunks of one stream are one text: a kernel cuts where its buffer ends, not where a word does."""
    bases: Bases = []
    at = 0
    for index, output in chunks:
        bases.append((at, ((_OUTPUTS, index), "text"), output.text))
        at += len(output.text)
    raw = tuple([output.text for _, output in chunks])
    return _terminal(cell.index, SegmentKind.STREAM, "text/plain", bases, raw if chunks[1:] else raw[0])


def _terminal(cell: int | None, kind: SegmentKind, mime: str, bases: Bases, raw: str | tuple[str, ...]) -> Segment:
    """A text that may carry terminal colours. The haystack is without them: a colour may stand inside a word."""
    if "\x1b" not in raw if isinstance(raw, str) else not any("\x1b" in part for part in raw):
        return Segment(cell, kind, mime, bases, raw)
    return Segment(cell, kind, mime, bases, raw, strip_ansi, ansi_text)


def _of_output(cell: Cell, index: int, output: Output) -> Iterator[Segment]:
    if output.error is not None:
        error = output.error
        for key, text in (("ename", error.name), ("evalue", error.value), ("traceback", "\n".join(error.traceback))):
            if len(text) >= _SHORTEST:
                bases = [(0, ((_OUTPUTS, index), key), text)]
                yield _terminal(cell.index, SegmentKind.TRACEBACK, "text/plain", bases, text)
    if output.text:
        # Not a stream, yet with a text of its own, as formats before 4 wrote it.
        bases = [(0, ((_OUTPUTS, index), "text"), output.text)]
        yield _terminal(cell.index, SegmentKind.PLAIN, "text/plain", bases, output.text)
    data = ((_OUTPUTS, index), "data")
    for mime, value in output.data.items():
        yield from _of_mime(cell.index, (data, mime), mime, value)
    if output.metadata:
        # An output's metadata goes with the output: clearing the output clears it.
        yield from _flat(cell.index, SegmentKind.JSON, "", ((_OUTPUTS, index), "metadata"), output.metadata)


def _of_mime(cell: int, path: Chain, mime: str, value: Any) -> Iterator[Segment]:
    if not isinstance(value, str):
        yield from _flat(cell, SegmentKind.JSON, mime, path, value)
    elif mime in ("text/html", "image/svg+xml") and value:
        yield Segment(cell, SegmentKind.HTML, mime, [(0, path, value)], value, html_text, html_sketch)
    elif mime.startswith(_TEXT_MIMES) or mime.endswith(("json", "xml", "+sql")):
        yield _terminal(cell, SegmentKind.PLAIN, mime, [(0, path, value)], value)
    elif mime in ("image/png", "image/jpeg"):
        from nb_mlops.analysis.images import image_texts  # many notebooks have no picture

        said = "".join(f"{name} = {text}\n" for name, text in image_texts(value))
        if said:
            yield Segment(cell, SegmentKind.IMAGE, mime, [(0, path, "")], said, _from_nowhere)


def _flat(cell: int | None, kind: SegmentKind, mime: str, path: Chain, value: Any) -> Iterator[Segment]:
    """A JSON value as lines `key = value`: one segment, each string of it a place of its own."""
    leaves = _leaves(path, value)
    text = "".join([f"{name} = {text}\n" for _, text, name in islice(leaves, _MANY)])
    while some := "".join([f"{name} = {text}\n" for _, text, name in islice(leaves, _MANY)]):
        text += some
    if text:
        yield Segment(cell, kind, mime, lambda: _places(path, value), text)


def _places(path: Chain, value: Any) -> Bases:
    bases: Bases = []
    at = 0
    for where, text, name in _leaves(path, value):
        label = f"{name} = "
        if len(label) - 3 >= _SHORTEST and name is where[1] and not isinstance(name, int):
            bases.append((at, where, ""))
        bases.append((at + len(label), where, text))
        at += len(label) + len(text) + 1
    return bases


def _leaves(path: Chain, value: Any) -> Iterator[tuple[Chain, str, Any]]:
    """The strings of a JSON value worth reading, in its own order, each with what it is called: by its key, or by what
    stands beside it, as in `{"name": "password", "value": "..."}`. A stack, so that depth cannot hurt."""
    stack: list[tuple[Chain, Any]] = [(path, value)]
    while stack:
        where, item = stack.pop()
        if isinstance(item, str):
            name = where[1]
            if len(item) >= _SHORTEST or len(str(name)) >= _SHORTEST:
                yield where, item, name
        elif item is None or isinstance(item, (int, float)):
            continue
        elif isinstance(item, (list, tuple)):
            stack.extend(((where, i), part) for i, part in _back(item) if not isinstance(part, (int, float)))
        elif not isinstance(item, _OBJECTS):
            continue
        elif isinstance(item.get("value"), str) and (called := _called(item)):
            for key, part in item.items():
                if key == "value" and len(part) >= _SHORTEST:
                    yield (where, key), part, called
                elif isinstance(part, str) and len(part) >= _SHORTEST:
                    yield (where, key), part, key
            stack.extend(
                ((where, key), part) for key, part in reversed(tuple(item.items())) if not isinstance(part, str)
            )
        else:
            stack.extend(((where, key), part) for key, part in reversed(tuple(item.items())))


def _called(item: Mapping[Any, Any]) -> str:
    """What an object says its value is called."""
    names = (item.get(key) for key in ("description", "name", "key", "label", "placeholder"))
    return next((name for name in names if isinstance(name, str) and 0 < len(name) <= 60), "")


def _back(items: Any) -> Iterable[tuple[int, Any]]:
    return zip(range(len(items) - 1, -1, -1), reversed(items), strict=True)


def _of_attachments(cell: Cell) -> Iterator[Segment]:
    """Attachments that are text. What they say stands in base64, so every place in one is its beginning."""
    for name, bundle in cell.attachments.items():
        for mime, value in bundle.items() if isinstance(bundle, Mapping) else ():
            text = _attached(mime, value)
            if text:
                path = chain("attachments", name, mime)
                yield Segment(cell.index, SegmentKind.ATTACHMENT, mime, [(0, path, "")], text, _from_nowhere)


def _from_nowhere(text: str) -> Decoded:
    return Decoded(text, ((0, 0, 0),))


def _attached(mime: str, value: Any) -> str:
    raster = mime.startswith(("image/", "audio/", "video/", "font/")) and not mime.startswith("image/svg")
    if raster or not isinstance(value, str):
        return ""
    try:
        return binascii.a2b_base64(value).decode("utf-8")
    except (binascii.Error, ValueError):
        return value if "\n" in value or " " in value else ""
