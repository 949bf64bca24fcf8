"""Code that was switched off with `#`.

## What it does

Three and more comment lines in a row that are, as they stand, Python that does something: assignments, calls,
loops. Prose, magics and examples of output are left alone.

## Why is this bad?

Nobody knows whether it has to come back, and it was not part of the run whose outputs are shown.

## What to do

Delete it; version control remembers. What is a choice belongs into a parameter.

## False positives

Alternatives that a lesson offers to try.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_LINES = 3


def check(view: View) -> Iterator[Hit]:
    """One finding per stretch of lines."""
    for cell in view.code_cells:
        lines = cell.source.split("\n")
        start = 0
        while start < len(lines):
            end = start
            while end < len(lines) and lines[end].lstrip().startswith("#"):
                end += 1
            if end - start >= _LINES and _is_code([line.lstrip().lstrip("#") for line in lines[start:end]]):
                yield Hit(
                    f"{end - start} lines of code are switched off with `#`: nobody knows whether they have to come "
                    "back. Delete them, or make the choice a parameter.",
                    view.line_span(cell, start + 1),
                )
            start = max(end, start + 1)


def _is_code(lines: list[str]) -> bool:
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    try:
        tree = ast.parse("\n".join(line[depth:] for line in lines))
    except (SyntaxError, ValueError):
        return False
    return sum(_does_something(node) for node in tree.body) >= 1 and all(not _is_word(node) for node in tree.body)


def _does_something(node: ast.stmt) -> bool:
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return call or not isinstance(node, (ast.Expr, ast.Pass))


def _is_word(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and not isinstance(node.value, (ast.Call, ast.Await))


RULE = Rule(
    "ST014",
    "commented-out-code",
    Severity.INFO,
    bad=lambda: (example(code("a = 1\n# b = a + 1\n# for i in range(b):\n#     print(i)\nprint(a)")),),
    good=lambda: (
        example(code("# Load the rows\n# and sort them\n# by age\na = 1")),
        example(code("# a = 1\nb = 2")),
        example(code("# first\n# second\n# third\na = 1")),
    ),
    check=check,
    default=False,
)
