"""Tables in HTML: pandas, Spark, polars, stylers, and what people write by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.tables.table import MOST_ROWS, Column, Form, Item, Table
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct, field

_TAG = pattern(r"<(/?)(table|thead|tbody|tr|th|td)\b([^<>]{0,2000})>", re.I)
_ANY_TAG = pattern(r"<[^<>]{0,500}>")
_SPAN = pattern(r"colspan=[\"']?(\d{1,3})", re.I)
_EMPTY = frozenset({"", "...", "…", "⋮", "nan", "none", "nat", "null", "<na>", "n/a", "na", "-"})


def is_empty(value: str) -> bool:
    """Whether a cell says that there is no value."""
    return value.strip().lower() in _EMPTY or (value.startswith("[") and value.endswith("]"))


class _Cell(Struct):
    head: bool
    start: int
    width: int
    end: int = -1


class _Row(Struct):
    start: int
    in_head: bool
    end: int = -1
    cells: list[_Cell] = field(default_factory=list)


def html_tables(text: str, cell: int, output: int | None, part: str, mime: str) -> Iterator[Table]:
    """The tables of one HTML text; of nested ones the inner."""
    rows: list[_Row] = []
    begun, in_head = -1, False
    for tag in _TAG.finditer(text):
        closes, name = bool(tag.group(1)), tag.group(2).lower()
        if rows and rows[-1].cells and rows[-1].cells[-1].end < 0:
            rows[-1].cells[-1].end = tag.start()
        if name == "table":
            if closes and begun >= 0 and rows:
                yield _table(text, rows, begun, (cell, output, part, mime))
            rows, begun, in_head = [], -1 if closes else tag.start(), False
        elif name == "thead":
            in_head = not closes
        elif name == "tr":
            if not closes:
                rows.append(_Row(tag.start(), in_head))
            elif rows:
                rows[-1].end = tag.end()
        elif name in ("td", "th") and not closes and rows:
            span = _SPAN.search(tag.group(3))
            rows[-1].cells.append(_Cell(name == "th", tag.end(), int(span.group(1)) if span else 1))
    if begun >= 0 and rows:  # cut off
        yield _table(text, rows, begun, (cell, output, part, mime))


def _table(text: str, rows: list[_Row], begun: int, place: tuple[int, int | None, str, str]) -> Table:
    cell, output, part, mime = place
    heads = [row for row in rows if row.in_head or (row.cells and all(c.head for c in row.cells))]
    body = [row for row in rows if row not in heads] if len(heads) < 50 else rows
    dots = sum(all(is_empty(shown(text, c)) for c in row.cells[:3]) for row in body if row.cells)
    names = _names(text, heads)
    columns = _columns(text, names, body[:MOST_ROWS], part)
    whole = all(row.end >= 0 for row in body)
    lines = tuple((row.start, row.end) for row in body) if whole else ()
    return Table(cell, output, part, mime, Form.HTML, columns, len(body) - dots, begun, lines, {part: text})


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
    width = max((len(row.cells) for row in body), default=0)
    values: list[list[Item]] = [[] for _ in range(width)]
    for number, row in enumerate(body):
        for place, c in enumerate(reversed(row.cells)):
            value = shown(text, c)
            if not is_empty(value):
                start, end = _inner(text, c)
                values[width - 1 - place].append(Item(value, part, start, end, number))
    padded = [""] * (width - len(names)) + names[max(0, len(names) - width) :]
    return tuple(Column(name, tuple(items)) for name, items in zip(padded, values, strict=True))


def _inner(text: str, c: _Cell) -> tuple[int, int]:
    """The stretch of a cell's text without white space and tags around it."""
    start, end = c.start, max(c.end, c.start)
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
    inner = text[c.start : max(c.end, c.start)]
    if "<" in inner:
        inner = _ANY_TAG.sub("", inner)
    if "&" in inner:
        import html  # loads a table of two thousand entities, which few tables need

        inner = html.unescape(inner)
    return inner.strip()
