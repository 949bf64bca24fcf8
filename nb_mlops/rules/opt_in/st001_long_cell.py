"""A cell so long that it does several things.

## What it does

Code cells with more than 60 lines of code. Empty lines, comments, texts that stand for themselves and cells that
only define one function or class are not counted.

## Why is this bad?

A long cell is run as a whole or not at all, shows only its last value, and becomes one long function when the
notebook is converted: what it hands on cannot be looked at or tested in between.

## What to do

Cut it where one step ends, and give the steps headings: `nb-mlops convert` makes a function of each.

## False positives

Long tables of settings or of text are long without doing much.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_MOST = 60


def check(view: View) -> Iterator[Hit]:
    """One finding for each cell."""
    for cell in view.code_cells:
        if cell.source.count("\n") < _MOST:
            continue
        tree = view.python[cell.index].tree
        parts = [node for node in tree.body if not _is_text(node)] if tree is not None else []
        lines = {line for node in parts for line in _lines(node)}
        if len(lines) > _MOST and not (len(parts) == 1 and isinstance(parts[0], _MADE)):
            yield Hit(
                f"This cell has {len(lines)} lines of code: it runs as a whole or not at all, and becomes one long "
                "function. Cut it where a step ends.",
                view.line_span(cell),
                data={"lines": len(lines)},
            )


_MADE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _lines(node: ast.AST) -> Iterator[int]:
    """Lines on which something of the node begins or ends."""
    for part in walk(node):
        if isinstance(part, (ast.stmt, ast.expr)) and not (
            isinstance(part, ast.Constant) and isinstance(part.value, str)
        ):
            yield part.lineno
            yield part.end_lineno or part.lineno


RULE = Rule(
    "ST001",
    "long-cell",
    Severity.INFO,
    bad=lambda: (example(code("\n".join(f"value_{n} = {n} * 2" for n in range(70)))),),
    good=lambda: (
        example(code("\n".join(f"value_{n} = {n} * 2" for n in range(40)))),
        example(code("def f():\n" + "\n".join(f"    value_{n} = {n}" for n in range(70)))),
        example(code('text = """\n' + "words\n" * 90 + '"""')),
    ),
    check=check,
    default=False,
)
