"""One text of a notebook, with the way back from what a reader sees to its place in the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from enum import Enum
from typing import Any

from nb_mlops.analysis.decode import Decoded, without_pictures
from nb_mlops.analysis.lines import position
from nb_mlops.core.notebook import Span
from nb_mlops.core.value import Struct


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
# A text of many pieces up to this size is kept in one.
_SMALL = 100_000
# A chain of keys, innermost first, so that a pointer is only spelt out for a place that is reported.
Chain = tuple[Any, ...]
# Where each stretch of a text begins, the keys of its place, and the place's own text.
Bases = list[tuple[int, Chain, str]]


class Segment(Struct, eq=False):
    """One text of a notebook.

    `haystack` holds, cheaply, everything that `text` holds: look there first, and at `text` only when something is
    found. Offsets are offsets in `text`.
    """

    cell: int | None
    kind: SegmentKind
    mime: str
    _given: Bases | Callable[[], Bases]
    _given_raw: str | tuple[str, ...]
    _decode: Callable[[str], Decoded] | None = None
    _sketch: Callable[[str], str] = without_pictures
    _haystack: str | None = None
    _starts: list[int] | None = None
    _decoded: Decoded | None = None

    @property
    def _raw(self) -> str:
        """The text in the file. What is stored in many pieces is put together each time, or it would be held twice."""
        raw = self._given_raw
        if isinstance(raw, str):
            return raw
        joined = "".join(raw)
        if len(joined) <= _SMALL:
            self._given_raw = joined
        return joined

    @property
    def _bases(self) -> Bases:
        """Where each stretch of the raw text stands; of data it is worked out when a place is first asked for."""
        if callable(self._given):
            self._given = self._given()
        return self._given

    @property
    def haystack(self) -> str:
        """What a reader sees, roughly: markup taken out, what the markup itself says below; no embedded pictures."""
        if self._haystack is not None:
            return self._haystack
        raw = self._raw
        sketch = self._sketch(raw)
        if self._given_raw is raw or sketch is not raw:
            self._haystack = sketch
        return sketch

    @property
    def text(self) -> str:
        """What a reader sees."""
        self._given_raw = self._raw  # whoever asks has found something in it, and will ask again
        decoded = self._seen()
        return self._given_raw if decoded is None else decoded.text

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


def output_of(part: str) -> int | None:
    """The index of the output that a span's part names, None for a part of something else."""
    keys = part.split("/")
    return int(keys[1]) if keys[0] == "outputs" else None


def keys_of(part: str) -> tuple[str, ...]:
    """A span's part as the keys it is made of."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in part.split("/"))


def _pointer(path: Chain) -> str:
    keys: list[str] = []
    while path:
        path, key = path
        keys.append(str(key).replace("~", "~0").replace("/", "~1"))
    return "/".join(reversed(keys))


def chain(*keys: object) -> Chain:
    """These keys, outermost first, as a chain."""
    path: Chain = ()
    for key in keys:
        path = (path, key)
    return path
