"""A function that binds variables of the notebook.

## What it does

`global name` in a function that then binds the name.

## Why is this bad?

A call changes the notebook behind the back of the cell that makes it, and calling it twice is not the same as once.
Converted, all variables have to be kept in one module, and no stage can be called by itself.

## What to do

Return the value, and bind it where the function is called.

## False positives

Caches and counters that nothing else reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """One finding per function."""
    for cell in view.code_cells:
        if "global" not in cell.source:
            continue
        tree = view.python[cell.index].tree
        for node in walk(tree) if tree is not None else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names = sorted(_written(node))
                if names:
                    yield Hit(
                        f"`{node.name}` binds the notebook's `{names[0]}`: every call changes the notebook behind "
                        "the back of the cell that makes it. Return the value instead.",
                        view.line_span(cell, node.lineno),
                        data={"names": names},
                    )


def _written(function: ast.AST) -> set[str]:
    asked = {name for node in walk(function) if isinstance(node, ast.Global) for name in node.names}
    bound = {n.id for n in walk(function) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return asked & bound


RULE = Rule(
    "ST011",
    "function-writes-global",
    Severity.INFO,
    bad=lambda: (example(code("count = 0\ndef step():\n    global count\n    count += 1")),),
    good=lambda: (
        example(code("count = 0\ndef step():\n    global count\n    return count")),
        example(code("def step(count):\n    return count + 1")),
    ),
    check=check,
    default=False,
)
