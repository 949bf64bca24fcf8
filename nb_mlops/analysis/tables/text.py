"""Tables in printed text: pandas' aligned columns, Spark's and polars' boxes, markdown's pipes, CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from nb_mlops.analysis.pieces import pieces
from nb_mlops.analysis.tables.html import is_empty
from nb_mlops.analysis.tables.table import MOST_ROWS, Column, Form, Item, Lines, Table
from nb_mlops.core.lazy import pattern

# A line of names that begins with the index's empty place, above a line that begins with an index label.
_NAMES_ALIGNED = r"(?: {2,}|[^\W\d]\w{0,40} {2,})\S[^\n]*(?=\n[^\n]*\S {1,}\S)"
# In the first line, and in any other; the latter is searched for from the line break, at the speed of memory.
_ALIGNED = (pattern(rf"\A{_NAMES_ALIGNED}"), pattern(rf"\n{_NAMES_ALIGNED}"))
_BORDER = pattern(r"[\s+|:=\-─━═┌┐└┘├┤┬┴┼╞╡╪╭╮╰╯│┆]+")
_PIPED = pattern(r"[|│┆]")
# One byte for each character: 1 for a sign, 0 for white space; 1 for a blank, 0 for everything else.
_SIGNS = bytes(not chr(code).isspace() for code in range(256))
_BLANKS = bytes(code == 32 for code in range(256))
# A longer line is no header.
_WIDEST = 5000
# A longer name is the beginning of a sentence.
_MOST_WORDS = 6
_Place = tuple[int, int | None, str, str]
_Line = TypeVar("_Line")
# A line as where it begins, and where its fields stand in it.
_Fields = tuple[int, list[tuple[int, int]]]
# What pandas writes below a table.
_NO_ROW = ("[", "Name:", "dtype:", "Length:")


class _Block(Generic[_Line]):
    """Lines that belong together: the first of them, how many there are, and the last. A table of a million lines is
    not kept line by line."""

    def __init__(self) -> None:
        self.first: list[_Line] = []
        self.count = 0

    def add(self, line: _Line) -> None:
        """The next line."""
        if self.count < MOST_ROWS:
            self.first.append(line)
        self.count += 1
        self.last = line


def text_tables(text: str, cell: int, output: int | None, part: str, mime: str) -> Iterator[Table]:
    """The tables of one printed text."""
    if text.count("\n") < 1:
        return
    place = (cell, output, part, mime)
    if "|" in text or "│" in text:
        yield from _piped(text, place)
    if "  " in text:
        yield from _aligned(text, place)
    if text.count(",") >= 2 or text.count(";") >= 2 or text.count("\t") >= 2:
        yield from _delimited(text, place)


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Lines from an offset on, each with where it begins, up to an empty one."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].rstrip("\r")
        if not line.strip():
            return
        yield start, line
        start = end + 1


def _aligned(text: str, place: _Place) -> Iterator[Table]:
    """pandas writes columns right-aligned, two blanks apart; a frame wider than the page comes in several blocks."""
    behind = -1
    for start in (head.start() + later for later, form in enumerate(_ALIGNED) for head in form.finditer(text)):
        if start < behind:
            continue
        lines = _lines(text, start)
        names = next(lines, None)
        if names is None or "|" in names[1]:
            continue
        rows, shown, last = _Block[tuple[int, str]](), 0, None
        for last in lines:
            if not last[1].startswith(_NO_ROW):
                rows.add(last)
                shown += last[1].replace(".", "").strip() != ""
        if last is None:
            continue
        behind = last[0] + len(last[1])
        fields = _fields([names, *rows.first])
        if len(fields) < 2:
            continue
        yield _table(text, names, rows, shown, fields, place)


def _fields(block: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """The stretches of a line that columns take: parted where every line has two blanks at one place."""
    taken = 0
    for _, line in block:
        plain = line.encode("latin-1", "replace")
        signs = int.from_bytes(plain.translate(_SIGNS), "little")
        blanks = int.from_bytes(plain.translate(_BLANKS), "little")
        taken |= signs | (blanks & (signs << 8) & (signs >> 8))
    width = max(len(line) for _, line in block)
    return [match.span() for match in re.finditer(rb"\x01+(?:\x00\x01+)*", taken.to_bytes(width + 2, "little"))]


def _table(
    text: str,
    names: tuple[int, str],
    rows: _Block[tuple[int, str]],
    shown: int,
    fields: Sequence[tuple[int, int]],
    place: _Place,
) -> Table:
    cell, output, part, mime = place
    values: list[list[Item]] = [[] for _ in fields]
    for number, (at, line) in enumerate(rows.first):
        for column, (low, high) in enumerate(fields):
            raw = line[low:high]
            value = raw.strip()
            if not is_empty(value):
                start = at + low + len(raw) - len(raw.lstrip())
                values[column].append(Item(value, part, start, start + len(value), number))
    heads = [names[1][low:high].strip().rstrip("\\").strip() for low, high in fields]
    columns = tuple(Column(name, tuple(items)) for name, items in zip(heads, values, strict=True))
    first = [(at, min(at + len(line) + 1, len(text))) for at, line in rows.first]
    end = min(rows.last[0] + len(rows.last[1]) + 1, len(text)) if rows.count else 0
    lines = Lines.of(first, rows.count, end)
    return Table(cell, output, part, mime, Form.TEXT, columns, shown, names[0], lines, {part: text})


def _piped(text: str, place: _Place) -> Iterator[Table]:
    """Boxes drawn with `|` or `│`: Spark, polars, tabulate, psql, markdown."""
    block: list[tuple[int, str]] = []
    for at, line in _every_line(text):
        if _PIPED.search(line) or (block and line and _BORDER.fullmatch(line)):
            block.append((at, line))
            continue
        if len(block) >= 2:
            yield from _box(text, block, place)
        block = []


def _every_line(text: str) -> Iterator[tuple[int, str]]:
    """Every line with where it begins, and an empty one behind the last."""
    for start, piece in pieces(text, "\n"):
        cut = int(start > 0)
        at = start + cut
        for line in piece[cut:].split("\n"):
            yield at, line
            at += len(line) + 1
    yield len(text), ""


def _box(text: str, block: list[tuple[int, str]], place: _Place) -> Iterator[Table]:
    rows = [line for line in block if not _BORDER.fullmatch(line[1])]
    if any("│" in line and "---" in line and _BORDER.fullmatch(line) for _, line in block):
        rows = rows[:1] + rows[2:]  # polars: under the names stand dashes and the types
    cut = [[m.start() for m in _PIPED.finditer(line)] for _, line in rows]
    if len(rows) < 2 or len(cut[0]) < 1:
        return
    count = len(cut[0])
    cell, output, part, mime = place
    edge = rows[0][1].lstrip()[:1] in "|│"
    bounds = [_between(line, cuts, edge) for (_, line), cuts in zip(rows, cut, strict=True)]
    names = [rows[0][1][low:high].strip() for low, high in bounds[0]]
    values: list[list[Item]] = [[] for _ in names]
    body = [(row, where) for row, where, cuts in zip(rows, bounds, cut, strict=True) if len(cuts) == count][1:]
    for number, ((at, line), where) in enumerate(body[:MOST_ROWS]):
        for column, (low, high) in enumerate(where[: len(names)]):
            value = line[low:high].strip()
            if not is_empty(value):
                start = at + low + len(line[low:high]) - len(line[low:high].lstrip())
                values[column].append(Item(value, part, start, start + len(value), number))
    columns = tuple(Column(name, tuple(items)) for name, items in zip(names, values, strict=True))
    if body:
        ends = [(at, min(at + len(line) + 1, len(text))) for (at, line), _ in (*body[:MOST_ROWS], body[-1])]
        lines = Lines.of(ends[:-1], len(body), ends[-1][1])
        yield Table(cell, output, part, mime, Form.TEXT, columns, len(body), rows[0][0], lines, {part: text})


def _between(line: str, cuts: Sequence[int], edge: bool) -> list[tuple[int, int]]:
    ends = [*cuts] if edge else [-1, *cuts, len(line)]
    return [(low + 1, high) for low, high in pairwise(ends)]


def _delimited(text: str, place: _Place) -> Iterator[Table]:
    """Lines that all have the same number of commas, semicolons or tabs, under a line of names."""
    names: _Fields = (0, [])
    rows = _Block[_Fields]()
    mark = ""
    for at, line in _every_line(text):
        if names[1]:
            fields = _split(line, mark) if line else []
            if len(fields) == len(names[1]):
                rows.add((at, fields))
                continue
            yield from _csv(text, names, rows, place)
            names, rows = (0, []), _Block()
        mark = max(",;\t", key=line.count)
        if line.count(mark) and len(line) < _WIDEST:
            names = (at, _split(line, mark))


def _split(line: str, mark: str) -> list[tuple[int, int]]:
    fields, start = [], 0
    if '"' not in line:
        for piece in line.split(mark):
            fields.append((start, start + len(piece)))
            start += len(piece) + 1
        return fields
    quoted = False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == mark and not quoted:
            fields.append((start, at))
            start = at + 1
    return [*fields, (start, len(line))]


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[^\W\d][\w .()/%-]{0,40}", name) is not None and name.count(" ") < _MOST_WORDS


def _csv(text: str, top: _Fields, rows: _Block[_Fields], place: _Place) -> Iterator[Table]:
    at, fields = top
    if rows.count < 2 or len(fields) < 2:
        return
    cell, output, part, mime = place
    names = [text[at + low : at + high].strip(" \"'\r") for low, high in fields]
    # Names are a few words: a line of numbers, or of one word twice, is data, and prose with commas is neither.
    if len(set(names)) < len(names) or not all(_is_name(name) for name in names if name):
        return
    values: list[list[Item]] = [[] for _ in names]
    for number, (start, where) in enumerate(rows.first):
        for column, (low, high) in enumerate(where):
            raw = text[start + low : start + high]
            value = raw.strip(" \"'\r")
            if not is_empty(value):
                first = start + low + raw.index(value)
                values[column].append(Item(value, part, first, first + len(value), number))
    columns = tuple(Column(name, tuple(items)) for name, items in zip(names, values, strict=True))
    if sum(map(bool, values)) < 2:
        return  # a list, whose lines end in commas
    ends = [(start, min(start + where[-1][1] + 1, len(text))) for start, where in (*rows.first, rows.last)]
    lines = Lines.of(ends[:-1], rows.count, ends[-1][1])
    yield Table(cell, output, part, mime, Form.DELIMITED, columns, rows.count, at, lines, {part: text})
