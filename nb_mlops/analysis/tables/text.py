"""Tables in printed text: pandas' aligned columns, Spark's and polars' boxes, markdown's pipes, CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
# A line: where it begins, and its text; and where its fields stand in it.
_Line = tuple[int, str]
_Fields = Sequence[tuple[int, int]]
# What may stand around a value between commas.
_AROUND = " \"'\r"
# What pandas writes below a table.
_NO_ROW = ("[", "Name:", "dtype:", "Length:")


class _Block:
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


def _lines(text: str, start: int) -> Iterator[_Line]:
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
        rows, shown, last = _Block(), 0, None
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


def _fields(block: Sequence[_Line]) -> _Fields:
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
    names: _Line,
    rows: _Block,
    shown: int,
    fields: _Fields,
    place: _Place,
) -> Table:
    cell, output, part, mime = place
    heads = [names[1][low:high].strip().rstrip("\\").strip() for low, high in fields]
    columns = _columns(heads, [(line, fields) for line in rows.first], part)
    first = [(at, min(at + len(line) + 1, len(text))) for at, line in rows.first]
    end = min(rows.last[0] + len(rows.last[1]) + 1, len(text)) if rows.count else 0
    lines = Lines.of(first, rows.count, end)
    return Table(cell, output, part, mime, Form.TEXT, columns, shown, names[0], lines, {part: text})


def _columns(
    names: Sequence[str], rows: Sequence[tuple[_Line, _Fields]], part: str, around: str | None = None
) -> tuple[Column, ...]:
    """The columns of these rows, each of which has a field for every name; signs `around` a value are no part of it."""
    return tuple([Column(name, _items(rows, place, part, around)) for place, name in enumerate(names)])


def _items(rows: Sequence[tuple[_Line, _Fields]], place: int, part: str, around: str | None) -> Iterator[Item]:
    for number, ((at, line), fields) in enumerate(rows):
        low, high = fields[place]
        raw = line[low:high]
        value = raw.strip(around)
        if not is_empty(value):
            start = at + low + len(raw) - len(raw.lstrip(around))
            yield Item(value, part, start, start + len(value), number)


def _piped(text: str, place: _Place) -> Iterator[Table]:
    """Boxes drawn with `|` or `│`: Spark, polars, tabulate, psql, markdown."""
    block: list[_Line] = []
    for at, line in _every_line(text):
        if _PIPED.search(line) or (block and line and _BORDER.fullmatch(line)):
            block.append((at, line))
            continue
        if len(block) >= 2:
            yield from _box(text, block, place)
        block = []


def _every_line(text: str) -> Iterator[_Line]:
    """Every line with where it begins, and an empty one behind the last."""
    for start, piece in pieces(text, "\n"):
        cut = int(start > 0)
        at = start + cut
        for line in piece[cut:].split("\n"):
            yield at, line
            at += len(line) + 1
    yield len(text), ""


def _box(text: str, block: list[_Line], place: _Place) -> Iterator[Table]:
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
    body = [(row, where) for row, where, cuts in zip(rows, bounds, cut, strict=True) if len(cuts) == count][1:]
    columns = _columns(names, body[:MOST_ROWS], part)
    if body:
        ends = [(at, min(at + len(line) + 1, len(text))) for (at, line), _ in (*body[:MOST_ROWS], body[-1])]
        lines = Lines.of(ends[:-1], len(body), ends[-1][1])
        yield Table(cell, output, part, mime, Form.TEXT, columns, len(body), rows[0][0], lines, {part: text})


def _between(line: str, cuts: Sequence[int], edge: bool) -> list[tuple[int, int]]:
    ends = [*cuts] if edge else [-1, *cuts, len(line)]
    return [(low + 1, high) for low, high in pairwise(ends)]


def _delimited(text: str, place: _Place) -> Iterator[Table]:
    """Lines that all have the same number of commas, semicolons or tabs, under a line of names."""
    names: _Line = (0, "")
    rows = _Block()
    mark, count = "", 0
    for at, line in _every_line(text):
        if mark:
            if line and _parts(line, mark) == count:
                rows.add((at, line))
                continue
            yield from _csv(text, names, rows, mark, place)
            rows, mark = _Block(), ""
        likely = max(",;\t", key=line.count)
        if likely in line and len(line) < _WIDEST:
            names, mark, count = (at, line), likely, _parts(line, likely)


def _parts(line: str, mark: str) -> int:
    """How many fields a line has."""
    return len(_split(line, mark)) if '"' in line else line.count(mark) + 1


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


def _csv(text: str, top: _Line, rows: _Block, mark: str, place: _Place) -> Iterator[Table]:
    at, line = top
    fields = _split(line, mark) if rows.count > 1 else []
    if len(fields) < 2:
        return
    cell, output, part, mime = place
    names = [line[low:high].strip(_AROUND) for low, high in fields]
    # Names are a few words: a line of numbers, or of one word twice, is data, and prose with commas is neither.
    if len(set(names)) < len(names) or not all(_is_name(name) for name in names if name):
        return
    columns = _columns(names, [(row, _split(row[1], mark)) for row in rows.first], part, _AROUND)
    if sum(bool(column.items) for column in columns) < 2:
        return  # a list, whose lines end in commas
    ends = [(start, min(start + len(row) + 1, len(text))) for start, row in (*rows.first, rows.last)]
    lines = Lines.of(ends[:-1], rows.count, ends[-1][1])
    yield Table(cell, output, part, mime, Form.DELIMITED, columns, rows.count, at, lines, {part: text})
