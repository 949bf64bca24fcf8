"""How a file lays out its JSON, so that what is new in it looks like what was there."""

from __future__ import annotations

import json
import re
from typing import Any

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct, replace
from nb_mlops.ipynb.spans import Container, string_end

_LEAD = pattern(rb"(.*?)(\r\n|\n|\r)?([ \t]*)\Z", re.S)
_ESCAPED_LETTER = pattern(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9A-Fa-f]{4}")
_SURROGATE = pattern("[\ud800-\udfff]")


class Style(Struct, frozen=True):
    """`indent` is one level of indentation, None where all stands in one line; `comma` parts items in one line;
    `ascii` is whether letters beyond ASCII are written as escapes."""

    indent: bytes | None = b" "
    newline: bytes = b"\n"
    comma: bytes = b", "
    colon: bytes = b": "
    ascii: bool = False

    def encode(self, value: Any, indent: bytes = b"", in_order: bool = False) -> bytes:
        """A JSON value, its further lines indented by `indent`; `in_order` sorts all names, as nbformat does."""
        unit = None if self.indent is None else self.indent.decode()
        comma = self.comma if self.indent is None else b","
        separators = (comma.decode(), self.colon.decode())
        text = json.dumps(value, ensure_ascii=self.ascii, indent=unit, separators=separators, sort_keys=in_order)
        return _utf8(text).replace(b"\n", self.newline + indent)


class Site(Struct, frozen=True):
    """A place in a file: the file's bytes, the style there, and the indentation of the line that one stands in."""

    data: bytes
    style: Style
    indent: bytes = b""

    def inside(self, box: Container) -> Site:
        """The place of what stands in a container that begins here."""
        if not box.items:
            return replace(self, indent=self.indent + (self.style.indent or b""))
        _, newline, indent = _lead(self.data, box)
        if newline:
            return replace(self, indent=indent)
        return replace(self, style=replace(self.style, indent=None))

    def encode(self, value: Any) -> bytes:
        """A new JSON value, as it would stand here."""
        return self.style.encode(value, self.indent)


def style_of(data: bytes, top: Container) -> Style:
    """The style of a file, seen in its outermost object and in its letters."""
    if not top.items:
        return Style()
    first = top.items[0]
    colon = data[string_end(data, first.start) : first.value]
    _, newline, indent = _lead(data, top)
    comma = b", " if colon.endswith(b" ") else b","
    if not newline and len(top.items) > 1:
        comma = data[first.end : top.items[1].start]
    escapes = data.isascii() and _ESCAPED_LETTER.search(data) is not None
    return Style(indent if newline else None, newline or b"\n", comma, colon, escapes)


def _lead(data: bytes, box: Container) -> tuple[bytes, bytes, bytes]:
    match = _LEAD.match(data[box.start + 1 : box.items[0].start])
    return (match[1], match[2] or b"", match[3]) if match else (b"", b"", b"")


def _utf8(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which UTF-8 cannot say, stays an escape."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode("utf-8")
