"""Do two pieces of HTML show the same? Tables cell by cell, the rest as text; ids, classes and styles do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import zip_longest

from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import SAME, Likeness, Tolerances, together

Table = list[list[str]]
_SPEAKABLE = re.compile(r"[\w .%/()+-]{1,40}\Z")


class _Page(HTMLParser):
    """Tables as rows of cell texts; everything outside of them as one text; embedded images by their address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.text: list[str] = []
        self.images: list[str] = []
        self._depth = 0
        self._in_cell = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._hidden += 1
        elif tag == "table":
            self._depth += 1
            self.tables.append([])
        elif tag == "tr" and self._depth:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self._depth:
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append("")
            self._in_cell = True
        elif tag == "img":
            self.images.append(dict(attrs).get("src") or "")
        elif tag == "iframe":  # a page in the page: a map, a report
            self.text.extend([dict(attrs).get("srcdoc") or "", dict(attrs).get("src") or ""])
        elif tag in {"p", "div", "li", "br", "h1", "h2", "h3", "h4", "pre"}:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table":
            self._depth = max(0, self._depth - 1)
        elif tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._hidden or not data.strip():  # a line break between two tags shows nothing
            return
        if self._in_cell and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data
        else:
            self.text.append(" ".join(data.split()) + " ")


def compare_html(a: str, b: str, tolerances: Tolerances) -> Likeness:
    """Whether two pieces of HTML agree."""
    if a == b:
        return SAME
    ours, theirs = _read(a), _read(b)
    if len(ours.tables) != len(theirs.tables):
        return Likeness(f"{len(ours.tables)} tables became {len(theirs.tables)}")
    parts: list[Likeness] = []
    for one, other in zip(ours.tables, theirs.tables, strict=True):
        parts.extend(_compare_table(one, other, tolerances))
    parts.append(compare_text("".join(ours.text), "".join(theirs.text), tolerances))
    if ours.images != theirs.images:
        parts.append(Likeness("an embedded image changed"))
    return together(*parts)


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def table_lines(html: str) -> tuple[str, ...]:
    """The tables of a piece of HTML as lines of text, columns aligned; nothing where it holds none."""
    return tuple(line for table in _read(html).tables for line in _aligned(table))


def _aligned(table: Table) -> Iterator[str]:
    rows = [[" ".join(cell.split()) for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def _compare_table(a: Table, b: Table, tolerances: Tolerances) -> Iterator[Likeness]:
    if len(a) != len(b):
        yield Likeness(f"{len(a)} rows became {len(b)}")
        return
    header = a[0] if a else []
    for r, (row, other) in enumerate(zip(a, b, strict=True)):
        if len(row) != len(other):
            yield Likeness(f"row {r}: {len(row)} cells became {len(other)}")
            return
        for c, (x, y) in enumerate(zip(row, other, strict=True)):
            if x != y:
                name = header[c].strip() if r and len(header) == len(row) else ""
                place = f"row {r}, column `{name}`" if _SPEAKABLE.match(name) else f"row {r}, column {c + 1}"
                likeness = compare_text(x.strip(), y.strip(), tolerances)
                yield Likeness(likeness.difference.removeprefix("line 1: "), likeness.forgiven).within(place)
