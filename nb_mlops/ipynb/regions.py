"""Where a place in a notebook stands in its file: what code hosts and editors, which know only the file, point at."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice

from nb_mlops.core.exhibit import Region
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position, Span
from nb_mlops.ipynb.spans import Item, document, elements, members

# One character of a JSON string as it is written: an escaped pair of surrogates is one, too.
_WRITTEN = pattern(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\x80-\xff\\]|[\xc2-\xf4][\x80-\xbf]+",
    re.S,
)


class Regions:
    """The file of one notebook. Bytes that are no JSON have lines only."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", data))]
        self._cells = _cells(data)

    def of(self, span: Span | None) -> Region:
        """Where a span stands; what cannot be found is taken for the thing it is part of, at worst the first line."""
        if span is None or (span.cell is None and span.part == ""):
            line = min(max(span.start.line if span else 1, 1), len(self._starts))
            return Region(line, 1, line, 1)
        if not self._data or self._cells is None:
            return Region(1, 1, 1, 1)
        item = self._container(span)
        if item is None:
            return Region(1, 1, 1, 1)
        item, whole = self._follow(item, span.part)
        if not whole:
            return self.between(item.value, item.value + 1)
        start = self._offset(item, span.start)
        return self.between(start, max(start, self._offset(item, span.end, after=True)))

    def between(self, start: int, end: int) -> Region:
        """Two offsets of the file as lines and columns."""
        (line, column), (end_line, end_column) = self._place(start), self._place(end)
        return Region(line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        text = self._data[self._starts[line - 1] : offset]
        return line, len(text.decode("utf-8", "replace")) + 1

    def _container(self, span: Span) -> Item | None:
        assert self._cells is not None
        if span.cell is None:
            return Item(0, document(self._data), len(self._data))
        return self._cells[span.cell] if span.cell < len(self._cells) else None

    def _follow(self, item: Item, part: str) -> tuple[Item, bool]:
        """The value that a pointer leads to, or the last one on the way that is there; and whether it is the value."""
        for key in part.split("/"):
            name = key.replace("~1", "/").replace("~0", "~")
            box = members(self._data, item.value)
            below = box.find(name) if box else None
            if box is None and key.isdecimal():
                row = elements(self._data, item.value)
                below = row.items[int(key)] if row and int(key) < len(row.items) else None
            if below is None:
                return item, False
            item = below
        return item, True

    def _offset(self, item: Item, position: Position, after: bool = False) -> int:
        """Where a position of a text stands in the string, or the list of strings, that holds the text; `after`: where
        the character before it ends, which may be in another string."""
        row = elements(self._data, item.value)
        strings = [part for part in (row.items if row else (item,)) if self._data[part.value] == 0x22]
        texts = [str(json.loads(self._data[part.value : part.end], strict=False)) for part in strings]
        left = _index(texts, position)
        if after and left:
            left -= 1
        for part, text in zip(strings, texts, strict=True):
            if left < len(text):
                found = next(islice(_WRITTEN.finditer(self._data, part.value + 1, part.end - 1), left, None), None)
                return part.end - 1 if found is None else found.end() if after else found.start()
            left -= len(text)
        return strings[-1].end - 1 if strings else item.value


def _index(texts: Sequence[str], position: Position) -> int:
    """The place as a number of characters from the start; a column beyond the line's end means its end."""
    text = "".join(texts)
    start = 0
    for _ in range(position.line - 1):
        found = text.find("\n", start)
        if found < 0:
            return len(text)
        start = found + 1
    end = text.find("\n", start)
    return min(start + position.column, len(text) if end < 0 else end)


def _cells(data: bytes) -> tuple[Item, ...] | None:
    """Every cell of the file; None for what is no notebook of nbformat 4."""
    try:
        top = members(data, document(data)) if data else None
        member = top.find("cells") if top else None
        row = elements(data, member.value) if member else None
        return None if top is None else row.items if row else ()
    except (ValueError, IndexError):
        return None
