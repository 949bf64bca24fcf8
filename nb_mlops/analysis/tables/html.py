"""Tables in HTML: pandas, Spark, polars, stylers, and what people write by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.tables.table import MOST_ROWS, NO_LINES, Column, Form, Item, Lines, Table
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct, field

# A cell that holds nothing but text is taken whole, with its end.
_TAG = pattern(r"<(/?)(table|thead|tbody|tr)\b[^<>]{0,2000}>|<(/?)(th|td)\b([^<>]{0,2000})>(?:([^<]*)</t[hd]>)?", re.I)
_ANY_TAG = pattern(r"<[^<>]{0,500}>")
_SPAN = pattern(r"colspan=[\"']?(\d{1,3})", re.I)
_EMPTY = frozenset({"", "...", "…", "⋮", "nan", "none", "nat", "null", "<na>", "n/a", "na", "-"})
_LONGEST_EMPTY = max(map(len, _EMPTY))


def is_empty(value: str) -> bool:
    """Whether a cell says that there is no value; white space around it is gone."""
    if len(value) > _LONGEST_EMPTY:
        return value[0] == "[" and value[-1] == "]"
    return value.lower() in _EMPTY or (value[0] == "[" and value[-1] == "]")


# With more of them, a table is all heads.
_MOST_HEADS = 50


class _Cell(Struct, gc=False):
    head: bool
    start: int
    attributes: str
    end: int = -1
    text: str | None = None

    @property
    def width(self) -> int:
        """How many columns it spans."""
        span = _SPAN.search(self.attributes) if self.attributes else None
        return int(span[1]) if span else 1


class _Row(Struct):
    start: int
    in_head: bool
    end: int = -1
    cells: list[_Cell] = field(default_factory=list)


class _Late(Struct):
    """The rows of data beyond those that are read closely, counted: how many, how many of them hold only dots, whether
    each has an end, and where the last one ends. A table of a million rows is not kept cell by cell."""

    count: int = 0
    dots: int = 0
    whole: bool = True
    end: int = 0

    def add(self, text: str, row: _Row) -> None:
        """Count a row."""
        self.count += 1
        self.dots += _is_dots(text, row)
        self.whole = self.whole and row.end >= 0
        self.end = row.end


def html_tables(text: str, cell: int, output: int | None, part: str, mime: str) -> Iterator[Table]:
    """The tables of one HTML text; of nested ones the inner."""
    rows: list[_Row] = []
    late = _Late()
    begun, in_head = -1, False
    last: _Cell | None = None  # a cell whose end is not known yet
    for tag in _TAG.finditer(text):
        if last is not None:
            last.end, last = tag.start(), None
        closes, kind, attributes, inner = tag.group(3, 4, 5, 6)
        if kind:
            if not closes and rows:
                start = tag.end(5) + 1
                last = _Cell(kind[1] in "hH", start, attributes, -1 if inner is None else start + len(inner), inner)
                rows[-1].cells.append(last)
                if inner is not None:
                    last = None
            continue
        closes, name = bool(tag[1]), tag[2].lower()
        if name == "table":
            if closes and begun >= 0 and rows:
                yield _table(text, rows, late, begun, (cell, output, part, mime))
            rows, late, begun, in_head = [], _Late(), -1 if closes else tag.start(), False
        elif name == "thead":
            in_head = not closes
        elif name == "tr":
            if not closes:
                if len(rows) > MOST_ROWS + _MOST_HEADS and not _is_head(rows[-1]):
                    late.add(text, rows.pop())
                rows.append(_Row(tag.start(), in_head))
            elif rows:
                rows[-1].end = tag.end()
    if begun >= 0 and rows:  # cut off
        yield _table(text, rows, late, begun, (cell, output, part, mime))


def _is_head(row: _Row) -> bool:
    return row.in_head or (bool(row.cells) and row.cells[-1].head and all(c.head for c in row.cells))


def _is_dots(text: str, row: _Row) -> bool:
    """Whether a row stands for rows that are not shown."""
    cells = row.cells[:3]  # mostly the first one is an index, and no dots
    return bool(cells) and is_empty(shown(text, cells[0])) and all(is_empty(shown(text, c)) for c in cells[1:])


def _table(text: str, rows: list[_Row], late: _Late, begun: int, place: tuple[int, int | None, str, str]) -> Table:
    cell, output, part, mime = place
    heads: list[_Row] = []
    body: list[_Row] = []
    for row in rows:
        (heads if _is_head(row) else body).append(row)
    if len(heads) >= _MOST_HEADS:
        body = rows
    dots = sum(_is_dots(text, row) for row in body) + late.dots
    columns = _columns(text, _names(text, heads), body[:MOST_ROWS], part)
    count = len(body) + late.count
    lines = NO_LINES
    if body and late.whole and all(row.end >= 0 for row in body):
        first = [(row.start, row.end) for row in body[:MOST_ROWS]]
        lines = Lines.of(first, count, max(body[-1].end, late.end))
    return Table(cell, output, part, mime, Form.HTML, columns, count - dots, begun, lines, {part: text})


def _names(text: str, heads: list[_Row]) -> list[str]:
    """The names of the columns: the lowest header row that names most of them, and index names from the row below."""
    best: list[str] = []
    for row in heads:
        names = [shown(text, c) for c in row.cells for _ in range(min(c.width, 100))]
        if sum(map(bool, names)) >= sum(map(bool, best)):
            best = names
        elif len(names) >= len(best) and any(names):  # pandas writes the index's name in a row of its own
            best = [new or old for old, new in zip(best, names, strict=False)]
    return best


def _columns(text: str, names: list[str], body: list[_Row], part: str) -> tuple[Column, ...]:
    """Columns from the right, where rows of one table agree even when an index spans several rows."""
    width = max([len(row.cells) for row in body], default=0)
    padded = [""] * (width - len(names)) + names[max(0, len(names) - width) :]
    return tuple([Column(name, _items(text, body, place, part)) for place, name in enumerate(padded, -width)])


def _items(text: str, body: list[_Row], place: int, part: str) -> Iterator[Item]:
    """The values at one place of each row, counted from the right, where they are asked for."""
    for number, row in enumerate(body):
        if len(row.cells) >= -place:
            c = row.cells[place]
            value = shown(text, c)
            if not is_empty(value):
                yield Item(value, part, *_inner(text, c), number)


def _inner(text: str, c: _Cell) -> tuple[int, int]:
    """The stretch of a cell's text without white space and tags around it."""
    start, end = c.start, max(c.end, c.start)
    if c.text is not None:
        if c.text and not c.text[0].isspace() and not c.text[-1].isspace():
            return start, start + len(c.text)
        before = len(c.text) - len(c.text.lstrip())
        return start + before, start + max(before, len(c.text.rstrip()))
    while start < end:
        tag = _ANY_TAG.match(text, start, end)
        if tag:
            start = tag.end()
        elif text[start].isspace():
            start += 1
        else:
            break
    while end > start and (text[end - 1].isspace() or text[end - 1] == ">"):
        if text[end - 1] == ">":
            opening = text.rfind("<", start, end)
            if opening < 0:
                break
            end = opening
        else:
            end -= 1
    return start, end


def shown(text: str, c: _Cell) -> str:
    """What a cell shows."""
    inner = text[c.start : max(c.end, c.start)] if c.text is None else c.text
    if c.text is None and "<" in inner:
        inner = _ANY_TAG.sub("", inner)
    if "&" in inner:
        import html  # loads a table of two thousand entities, which few tables need

        inner = html.unescape(inner)
    return inner.strip()
