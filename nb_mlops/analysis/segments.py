"""A notebook's texts, each with the way back to its place: what every search for secrets and personal data reads.

Searching the file's JSON text misses what is split over list items or colours and drowns in images; segments are
what a reader would see (streams joined over their chunks, colours and tags stripped, JSON flattened to
`key = value`), and images are no text at all.
"""

from __future__ import annotations

import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Any

from nb_mlops.analysis.decode import Decoded, ansi_text, html_sketch, html_text, strip_ansi, without_pictures
from nb_mlops.core.notebook import NO_OUTPUTS, Cell, CellKind, Notebook, Output, OutputKind, Position, Span

# A key or value shorter than this can be neither a secret nor an address.
_SHORTEST = 6
# So much of a text is counted through for each place.
_STRETCH = 1 << 13
_WIDGETS = ("widgets", "application/vnd.jupyter.widget-state+json", "state")
_TEXT_MIMES = ("text/", "application/javascript", "application/xml", "application/x-")


class SegmentKind(str, Enum):
    """What kind of place a text was found in."""

    SOURCE = "source"
    MARKDOWN = "markdown"
    RAW = "raw"
    STREAM = "stream"
    PLAIN = "plain"
    HTML = "html"
    JSON = "json"
    TRACEBACK = "traceback"
    METADATA = "metadata"
    WIDGET = "widget"
    ATTACHMENT = "attachment"
    IMAGE = "image"


OUTPUT_KINDS = frozenset(
    {
        SegmentKind.STREAM,
        SegmentKind.PLAIN,
        SegmentKind.HTML,
        SegmentKind.JSON,
        SegmentKind.TRACEBACK,
        SegmentKind.IMAGE,
    }
)
_PLACES = {
    SegmentKind.SOURCE: "code",
    SegmentKind.MARKDOWN: "markdown",
    SegmentKind.RAW: "raw cell",
    SegmentKind.STREAM: "printed output",
    SegmentKind.PLAIN: "text output",
    SegmentKind.HTML: "HTML output",
    SegmentKind.JSON: "data behind an output",
    SegmentKind.TRACEBACK: "traceback",
    SegmentKind.WIDGET: "saved widget state",
    SegmentKind.ATTACHMENT: "attachment",
    SegmentKind.IMAGE: "picture's metadata",
}
# A chain of keys, innermost first, so that a pointer is only spelt out for a place that is reported.
_Path = tuple[Any, ...]
# What JSON's objects are, and what may stand for them: asked in this order, the first costs next to nothing.
_OBJECTS = (dict, Mapping)
_Bases = list[tuple[int, _Path, str]]


class Segment:
    """One text of a notebook.

    `haystack` holds, cheaply, everything that `text` holds: look there first, and at `text` only when something is
    found. Offsets are offsets in `text`.
    """

    __slots__ = ("_decode", "_decoded", "_given", "_haystack", "_raw", "_sketch", "_starts", "cell", "kind", "mime")

    def __init__(
        self,
        cell: int | None,
        kind: SegmentKind,
        mime: str,
        bases: _Bases | Callable[[], _Bases],
        raw: str,
        decode: Callable[[str], Decoded] | None = None,
        sketch: Callable[[str], str] = without_pictures,
    ) -> None:
        self.cell = cell
        self.kind = kind
        self.mime = mime
        self._raw = raw
        self._sketch = sketch
        self._haystack: str | None = None
        self._given = bases
        self._starts: list[int] | None = None
        self._decode = decode
        self._decoded: Decoded | None = None

    @property
    def _bases(self) -> _Bases:
        """Where each stretch of the raw text stands; of data it is worked out when a place is first asked for."""
        if callable(self._given):
            self._given = self._given()
        return self._given

    @property
    def haystack(self) -> str:
        """What a reader sees, roughly: markup taken out, what the markup itself says below; no embedded pictures."""
        if self._haystack is None:
            self._haystack = self._sketch(self._raw)
        return self._haystack

    @property
    def text(self) -> str:
        """What a reader sees."""
        decoded = self._seen()
        return self._raw if decoded is None else decoded.text

    @property
    def in_output(self) -> bool:
        """Whether the text is (part of) an output of a cell."""
        return self.kind in OUTPUT_KINDS

    @property
    def output(self) -> int | None:
        """The index of the (first) output it came from."""
        return output_of(_pointer(self._bases[0][1]))

    @property
    def place(self) -> str:
        """What a person calls the place: `printed output`, `traceback`, `cell metadata`."""
        if self.kind is SegmentKind.METADATA:
            return "notebook metadata" if self.cell is None else "cell metadata"
        return _PLACES[self.kind]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The places in the file behind `text[start:end]`; more than one when a stream's chunks split it."""
        low, high, _ = self._source(start, end)
        found: list[Span] = []
        for index in range(self._base(low), len(self._bases)):
            at, path, text = self._bases[index]
            if at >= high and found:
                break
            here = position(text, min(max(low - at, 0), len(text)))
            found.append(Span(self.cell, _pointer(path), here, position(text, min(high - at, len(text)))))
        return tuple(found)

    def span(self, start: int, end: int) -> Span:
        """The (first) place in the file behind `text[start:end]`."""
        return self.spans(start, end)[0]

    def verbatim(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` stands unchanged in one place of the file, so that it can be replaced there."""
        low, high, same = self._source(start, end)
        at, _, text = self._bases[self._base(low)]
        return same and at <= low and high <= at + len(text)

    def _seen(self) -> Decoded | None:
        if self._decode is not None and self._decoded is None:
            self._decoded = self._decode(self._raw)
        return self._decoded

    def _source(self, start: int, end: int) -> tuple[int, int, bool]:
        decoded = self._seen()
        return (start, end, True) if decoded is None else decoded.source(start, end)

    def _base(self, offset: int) -> int:
        if self._starts is None:
            self._starts = [base[0] for base in self._bases]
        return max(bisect_right(self._starts, offset) - 1, 0)


def position(text: str, offset: int) -> Position:
    """The line and column of an offset."""
    start = breaks = 0
    if len(text) > _STRETCH:
        number = min(offset, len(text)) // _STRETCH
        start, breaks = number * _STRETCH, _breaks(text)[number]
    line = breaks + text.count("\n", start, offset)
    return Position(line + 1, offset - text.rfind("\n", 0, offset) - 1)


@lru_cache(maxsize=1)
def _breaks(text: str) -> tuple[int, ...]:
    """How many lines end before each stretch of a text. Kept, because a long text may be asked for a thousand
    places."""
    counted = (text.count("\n", start, start + _STRETCH) for start in range(0, len(text), _STRETCH))
    return tuple(accumulate(counted, initial=0))


def forget_lines() -> None:
    """Let go of the last long text that places were asked for in: nobody will look at its notebook again."""
    _breaks.cache_clear()


def output_of(part: str) -> int | None:
    """The index of the output that a span's part names, None for a part of something else."""
    keys = part.split("/")
    return int(keys[1]) if keys[0] == "outputs" else None


def keys_of(part: str) -> tuple[str, ...]:
    """A span's part as the keys it is made of."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in part.split("/"))


def _pointer(path: _Path) -> str:
    keys: list[str] = []
    while path:
        path, key = path
        keys.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "/".join(reversed(keys))


def _path(*keys: object) -> _Path:
    path: _Path = ()
    for key in keys:
        path = (path, key)
    return path


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
        found.extend(_flat(None, SegmentKind.WIDGET, "", _path("metadata", *_WIDGETS), state))
        rest.pop("widgets", None)
    found.extend(_flat(None, SegmentKind.METADATA, "", _path("metadata"), rest))
    return tuple(found)


_CELL_KINDS = {CellKind.MARKDOWN: SegmentKind.MARKDOWN, CellKind.CODE: SegmentKind.SOURCE}


def _of_cell(cell: Cell) -> Iterator[Segment]:
    if cell.source:
        kind = _CELL_KINDS.get(cell.kind, SegmentKind.RAW)
        yield Segment(cell.index, kind, "", [(0, _path("source"), cell.source)], cell.source)
    if cell.stored is not NO_OUTPUTS:
        yield from _of_outputs(cell)
    if cell.metadata:
        yield from _flat(cell.index, SegmentKind.METADATA, "", _path("metadata"), cell.metadata)
    if cell.attachments:
        yield from _of_attachments(cell)


def _of_outputs(cell: Cell) -> Iterator[Segment]:
    chunks: list[tuple[int, Output]] = []
    for index, output in enumerate(cell.outputs):
        if output.kind is OutputKind.STREAM:
            if chunks and chunks[0][1].stream != output.stream:
                yield _stream(cell, chunks)
                chunks = []
            chunks.append((index, output))
            continue
        if chunks:
            yield _stream(cell, chunks)
            chunks = []
        yield from _of_output(cell, index, output)
    if chunks:
        yield _stream(cell, chunks)


def _stream(cell: Cell, chunks: list[tuple[int, Output]]) -> Segment:
    """Chunks of one stream are one text: a kernel cuts where its buffer ends, not where a word does."""
    bases: _Bases = []
    at = 0
    for index, output in chunks:
        bases.append((at, _path("outputs", index, "text"), output.text))
        at += len(output.text)
    raw = "".join(output.text for _, output in chunks)
    return _terminal(cell.index, SegmentKind.STREAM, "text/plain", bases, raw)


def _terminal(cell: int | None, kind: SegmentKind, mime: str, bases: _Bases, raw: str) -> Segment:
    """A text that may carry terminal colours. The haystack is without them: a colour may stand inside a word."""
    if "\x1b" not in raw:
        return Segment(cell, kind, mime, bases, raw)
    return Segment(cell, kind, mime, bases, raw, strip_ansi, ansi_text)


def _of_output(cell: Cell, index: int, output: Output) -> Iterator[Segment]:
    if output.error is not None:
        error = output.error
        for key, text in (("ename", error.name), ("evalue", error.value), ("traceback", "\n".join(error.traceback))):
            if len(text) >= _SHORTEST:
                bases = [(0, _path("outputs", index, key), text)]
                yield _terminal(cell.index, SegmentKind.TRACEBACK, "text/plain", bases, text)
    if output.text:
        # Not a stream, yet with a text of its own, as formats before 4 wrote it.
        bases = [(0, _path("outputs", index, "text"), output.text)]
        yield _terminal(cell.index, SegmentKind.PLAIN, "text/plain", bases, output.text)
    for mime, value in output.data.items():
        yield from _of_mime(cell.index, _path("outputs", index, "data", mime), mime, value)
    if output.metadata:
        # An output's metadata goes with the output: clearing the output clears it.
        yield from _flat(cell.index, SegmentKind.JSON, "", _path("outputs", index, "metadata"), output.metadata)


def _of_mime(cell: int, path: _Path, mime: str, value: Any) -> Iterator[Segment]:
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


def _flat(cell: int | None, kind: SegmentKind, mime: str, path: _Path, value: Any) -> Iterator[Segment]:
    """A JSON value as lines `key = value`: one segment, each string of it a place of its own."""
    text = "".join([f"{name} = {text}\n" for _, text, name in _leaves(path, value)])
    if text:
        yield Segment(cell, kind, mime, lambda: _places(path, value), text)


def _places(path: _Path, value: Any) -> _Bases:
    bases: _Bases = []
    at = 0
    for where, text, name in _leaves(path, value):
        label = f"{name} = "
        if len(label) - 3 >= _SHORTEST and name is where[1] and not isinstance(name, int):
            bases.append((at, where, ""))
        bases.append((at + len(label), where, text))
        at += len(label) + len(text) + 1
    return bases


def _leaves(path: _Path, value: Any) -> Iterator[tuple[_Path, str, Any]]:
    """The strings of a JSON value worth reading, in its own order, each with what it is called: by its key, or by what
    stands beside it, as in `{"name": "password", "value": "..."}`. A stack, so that depth cannot hurt."""
    stack: list[tuple[_Path, Any]] = [(path, value)]
    while stack:
        where, item = stack.pop()
        if isinstance(item, str):
            name = where[1]
            if len(item) >= _SHORTEST or len(str(name)) >= _SHORTEST:
                yield where, item, name
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
                path = _path("attachments", name, mime)
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
