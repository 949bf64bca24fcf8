"""A long notebook without a single function.

## What it does

Notebooks with at least 25 code cells and 150 lines of code in which nothing is defined: no function, class or
lambda.

## Why is this bad?

Nothing in it can be tested or used by itself. Converted, it becomes stages that share all their variables.

## What to do

Give what is done more than once, and what deserves a test, a name: `def`.

## False positives

Reports that only load, group and plot.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_CELLS, _LINES = 25, 150
_MADE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def check(view: View) -> Iterator[Hit]:
    """One finding, at the first code cell."""
    cells = [cell for cell in view.code_cells if cell.source.strip()]
    lines = sum(1 for cell in cells for line in cell.source.split("\n") if line.strip() and line.strip()[0] != "#")
    if len(cells) < _CELLS or lines < _LINES:
        return
    trees = [tree for cell in cells if (tree := view.python[cell.index].tree) is not None]
    if not any(isinstance(node, _MADE) for tree in trees for node in walk(tree)):
        yield Hit(
            f"{len(cells)} cells with {lines} lines of code, and not one function: nothing here can be tested or "
            "used by itself. Give what is done more than once a name.",
            view.line_span(cells[0]),
        )


RULE = Rule(
    "ST004",
    "no-functions",
    Severity.INFO,
    bad=lambda: (
        example(*(code("a = 1\nb = a + 1\nc = b + 1\nd = c + 1\ne = d + 1\nprint(a, b, c, d, e)") for _ in range(26))),
    ),
    good=lambda: (
        example(
            *(code("a = 1\nb = a + 1\nc = b + 1\nd = c + 1\ne = d + 1\nprint(a, b, c, d, e)") for _ in range(26)),
            code("def f():\n    return 1"),
        ),
        example(code("a = 1")),
    ),
    check=check,
    default=False,
)
