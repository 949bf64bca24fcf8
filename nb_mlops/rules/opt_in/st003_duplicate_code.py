"""The same code in two cells.

## What it does

Cells whose code is the same to the last name and value but for layout and comments, from three statements or five
lines on. Only copies further down are told.

## Why is this bad?

A change in one copy leaves the other as it was, and which of the two an output came from is hard to see.

## What to do

Make it a function, and call it in both places.

## False positives

Cells that are repeated on purpose, to show how something changed in between.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_STATEMENTS, _LINES = 3, 5


def check(view: View) -> Iterator[Hit]:
    """One finding for each copy."""
    first: dict[str, int] = {}
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        if tree is None or not _is_worth_it(tree):
            continue
        original = first.setdefault(ast.dump(tree), cell.index)
        if original != cell.index:
            yield Hit(
                f"This cell is the same as {view.named(original)}: a change in one leaves the other as it was. Make "
                "it a function and call it twice.",
                view.line_span(cell),
                related=(view.related(view.cell(original), "the same code"),),
            )


def _is_worth_it(tree: ast.Module) -> bool:
    doing = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass))]
    lines = (doing[-1].end_lineno or 0) - doing[0].lineno + 1 if doing else 0
    return len(doing) >= _STATEMENTS or lines >= _LINES


RULE = Rule(
    "ST003",
    "duplicate-code",
    Severity.INFO,
    bad=lambda: (example(code("a = [1]\na.append(2)\nprint(a)"), code("a = [1]\n\na.append( 2 )  # again\nprint(a)")),),
    good=lambda: (
        example(code("a = [1]\na.append(2)\nprint(a)"), code("a = [1]\na.append(3)\nprint(a)")),
        example(code("print(1)"), code("print(1)")),
    ),
    check=check,
    default=False,
)
