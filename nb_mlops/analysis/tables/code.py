"""Tables spelt out in code: dicts of lists, lists of dicts, and CSV in a string."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from nb_mlops.analysis.python import Python
from nb_mlops.analysis.tables.html import is_empty
from nb_mlops.analysis.tables.table import MOST_ROWS, Column, Form, Item, Table
from nb_mlops.analysis.tables.text import text_tables
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern

# A key with a list, a list of dicts, or a string over several lines: without these no tree need be walked. Each is
# searched for from a fixed sign, at the speed of memory.
_REMARKS = r"\s*(?:\#[^\n]*\n\s*)*"
_KEYED = pattern(rf""":(?<=["' \t]:)[\\]?{_REMARKS}[\[(]""")
_RECORDS = pattern(rf"\[{_REMARKS}\{{")
_LINE_BREAKS = pattern(r"""\\n[^\n"']{0,300}\\n""")
_LONG_QUOTE = pattern(r"\'\'\'|\"\"\"")


# What may be a table, or hold one.
_TABLES = frozenset({ast.Dict, ast.List, ast.Constant})


def code_tables(python: Mapping[int, Python]) -> tuple[Table, ...]:
    """The tables in these cells, by cell index."""
    return tuple(table for cell, code in python.items() if code.tree is not None for table in _of_cell(cell, code))


def _of_cell(cell: int, python: Python) -> Iterator[Table]:
    assert python.tree is not None
    offsets = _Offsets(python)
    for node in _nodes(python.tree, _lines(python.code)):
        if node.__class__ not in _TABLES:
            continue
        columns: dict[str, list[Item]] = {}
        if isinstance(node, ast.Dict):
            columns = _of_dict(node, offsets)
        elif isinstance(node, ast.List) and len(node.elts) > 1 and all(isinstance(e, ast.Dict) for e in node.elts):
            columns = _of_records(node, offsets)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") > 1:
            yield from _in_string(node, node.value, cell, offsets)
        if columns:
            rows = max(len(items) for items in columns.values())
            found = tuple(Column(name, tuple(items)) for name, items in columns.items())
            assert isinstance(node, (ast.Dict, ast.List))
            at, texts = offsets.at(node), {"source": python.code}
            yield Table(cell, None, "source", "", Form.CODE, found, rows, at, texts=texts)


def _lines(code: str) -> list[int]:
    """The lines on which a table may begin, in order."""
    places: list[int] = []
    if "{" in code:
        places += [found.start() for found in _KEYED.finditer(code) if _ends_text(code, found.start())]
        places += [found.start() for found in _RECORDS.finditer(code)]
    if "\\n" in code:
        places += [found.start() for found in _LINE_BREAKS.finditer(code)]
    if "'''" in code or '"""' in code:
        places += [found.start() for found in _LONG_QUOTE.finditer(code)]
    places.sort()
    lines, line, at = [], 1, 0
    for place in places:
        line += code.count("\n", at, place)
        at = place
        lines.append(line)
    return lines


def _ends_text(code: str, at: int) -> bool:
    """Whether a quote stands before a place, blanks aside."""
    while at > 0 and code[at - 1] in " \t":
        at -= 1
    return at > 0 and code[at - 1] in "\"'"


def _nodes(tree: ast.Module, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The nodes of the statements that have one of these lines."""
    for statement in tree.body if lines else ():
        at = bisect_left(lines, statement.lineno)
        if at < len(lines) and lines[at] <= (statement.end_lineno or 0):
            yield from walk(statement)


class _Offsets:
    """Where nodes stand in the code, as offsets; made when the first table asks."""

    def __init__(self, python: Python) -> None:
        self._python = python
        self._starts: list[int] = []

    def at(self, node: ast.Dict | ast.List | ast.Constant) -> int:
        """The offset at which a node begins."""
        return self._offset(node.lineno, node.col_offset)

    def item(self, node: ast.Constant, row: int) -> Item | None:
        """The value of a constant, with the place of its text."""
        value = str(node.value).strip()
        if isinstance(node.value, (bool, bytes, type(None), type(...))) or is_empty(value):
            return None
        return Item(value, "source", self.at(node), self._offset(node.end_lineno or 1, node.end_col_offset or 0), row)

    def _offset(self, line: int, column: int) -> int:
        if not self._starts:
            self._starts = [0]
            for text in self._python.code.split("\n"):
                self._starts.append(self._starts[-1] + len(text) + 1)
        return self._starts[line - 1] + self._python.position(line, column).column


def _of_dict(node: ast.Dict, offsets: _Offsets) -> dict[str, list[Item]]:
    columns: dict[str, list[Item]] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            continue
        if isinstance(value, (ast.List, ast.Tuple)) and len(value.elts) > 1:
            items = (offsets.item(e, n) for n, e in enumerate(value.elts[:MOST_ROWS]) if isinstance(e, ast.Constant))
            columns[key.value] = [item for item in items if item]
    return columns


def _of_records(node: ast.List, offsets: _Offsets) -> dict[str, list[Item]]:
    columns: dict[str, list[Item]] = {}
    for row, record in enumerate(node.elts[:MOST_ROWS]):
        assert isinstance(record, ast.Dict)
        for key, value in zip(record.keys, record.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Constant):
                item = offsets.item(value, row)
                if item:
                    columns.setdefault(key.value, []).append(item)
    return columns


def _in_string(node: ast.Constant, text: str, cell: int, offsets: _Offsets) -> Iterator[Table]:
    """A table in a string. Its items stand in the string, whose place in the code is all that is told."""
    at = offsets.at(node)
    for table in text_tables(text, cell, None, "source", ""):
        columns = tuple(
            Column(c.name, tuple(Item(i.value, "source", at, at, i.row) for i in c.items)) for c in table.columns
        )
        yield Table(cell, None, "source", "", Form.CODE, columns, table.rows, at)
