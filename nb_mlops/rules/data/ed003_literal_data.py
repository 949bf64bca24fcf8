"""Data that was pasted into the code.

## What it does

A list, dictionary or tuple of more than 500 constants, and a string with more than 50 lines of delimited columns.

## Why is this bad?

Nobody can review it, every edit of the cell carries it along, and where the data came from and whether it may be
shared is written nowhere. When the source changes, the copy does not.

## What it leaves alone

Tables for looking up (short words to short words), JSON and other text in lines, and what a `# nbm: ignore[ED003]`
explains.

## What to do

Write the data to a file, read it, and say where it came from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.python import Python
from nb_mlops.analysis.tables import Table
from nb_mlops.analysis.tables.text import text_tables
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import children, walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Span
from nb_mlops.linter.rule import Hit, Rule, code, example

_MOST_CONSTANTS = 500
_MOST_LINES = 50
_CONTAINERS = (ast.List, ast.Tuple, ast.Set, ast.Dict)


def check(view: View) -> Iterable[Hit]:
    """One finding for each literal that is data; what is inside one is not told again."""
    for index, python in view.python.items():
        if python.tree is not None and _may_hold_data(python.code):
            for node, words in _data(python.tree):
                yield _hit(index, python, node, words)


def _may_hold_data(source: str) -> bool:
    """Whether there are commas and colons, or lines of a string, enough: cheap, so that few trees are walked."""
    if len(source) < _MOST_LINES:
        return False
    signs = _MOST_CONSTANTS * 4 // 5
    if len(source) >= signs and source.count(",") + source.count(":") >= signs:
        return True
    lines = source.count("\\n")
    if '"""' in source or "'''" in source:
        lines += source.count("\n")
    return lines > _MOST_LINES


def _data(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _CONTAINERS):
            count = sum(isinstance(part, ast.Constant) for part in walk(node))
            if count > _MOST_CONSTANTS and not _is_lookup(node):
                yield node, f"A literal of {count} values"
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") > _MOST_LINES:
            if any(table.rows > _MOST_LINES and _is_wide(table) for table in _tables(node.value)):
                yield node, f"A table of {node.value.count(chr(10))} lines"
            continue
        stack += children(node)


def _tables(text: str) -> Iterable[Table]:
    return text_tables(text, 0, None, "source", "")


def _is_wide(table: Table) -> bool:
    """Whether several columns hold values throughout: not a text that happens to be indented, as JSON is."""
    filled = [len(column.items) for column in table.columns]
    return sum(size * 2 >= max(filled) for size in filled) > 1


def _is_lookup(node: ast.AST) -> bool:
    """Short words to short words: names of things, not data about them."""
    if not isinstance(node, ast.Dict):
        return False
    keys = [k.value for k in node.keys if isinstance(k, ast.Constant)]
    values = [v.value for v in node.values if isinstance(v, ast.Constant)]
    return len(values) == len(node.values) and all(isinstance(k, str) and len(k) < 30 for k in keys)


def _hit(cell: int, python: Python, node: ast.expr, words: str) -> Hit:
    start = python.position(node.lineno, node.col_offset)
    end = python.position(node.end_lineno or node.lineno, node.end_col_offset or 0)
    message = (
        f"{words} stands in the code: nobody can review it, and where it came from is written nowhere. Write it to a "
        "file and read it from there."
    )
    return Hit(message, Span(cell, "source", start, end))


_LIST = "".join(f"    {n * 37 % 101},\n" for n in range(600))
_TEMPLATE = ",\n".join(f'        "field{n}": {{\n            "type": "string"\n        }}' for n in range(30))
_ROWS = "\n".join(f"{n},{n * 7 % 31},{n * 11 % 17}.5" for n in range(70))

RULE = Rule(
    "ED003",
    "literal-data",
    Severity.WARNING,
    bad=lambda: (
        example(code(f"weights = [\n{_LIST}]")),
        example(code(f'import io\ncsv = io.StringIO("""day,rain,wind\n{_ROWS}\n""")'), note="CSV in a string"),
    ),
    good=lambda: (
        example(code(f"weights = {[n * 37 % 101 for n in range(300)]}\nx = 'y'"), note="small"),
        example(code(f'template = """\n{{\n    "schema": "v1",\n{_TEMPLATE}\n}}\n"""'), note="JSON, line by line"),
        example(code(f"names = { {f'code{n}': f'name{n}' for n in range(400)} }"), note="a table for looking up"),
    ),
    check=check,
)
