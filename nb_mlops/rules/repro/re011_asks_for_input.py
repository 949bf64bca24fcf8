"""The notebook waits for somebody to type.

## What it does

Finds calls of `input()` and `getpass()` in cells.

## Why is this bad?

A run without anybody at the keyboard (a schedule, CI, `nb-mlops check`) stops there with an error, and what was typed
is nowhere in the file: the results cannot be made again.

## What it leaves alone

Functions of those names that the notebook defines itself, calls within functions, and passwords asked for where the
environment has none (`os.environ.get("TOKEN") or getpass()`).

## What to do

Make the value a parameter (a cell tagged `parameters`); take secrets from the environment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_ASKS = frozenset({"input", "raw_input", "getpass.getpass"})


def check(view: View) -> Iterator[Hit]:
    """One hit a cell."""
    for cell in view.saying("input(", "getpass"):
        tree = view.python[cell.index].tree
        if tree is None or any("input" in flow.binds for flow in view.flows.values()):
            continue
        spared = _fallbacks(tree)
        found = [call for call in view.calls(cell) if call.name in _ASKS and id(call.node) not in spared]
        if found:  # in this cell itself, not in a function that perhaps nobody calls
            what = found[0].name.rpartition(".")[2]
            message = (
                f"`{what}()` waits for somebody to type: a run without anybody there stops here, and nothing in the "
                "file says what was typed. Make it a parameter, or take it from the environment."
            )
            yield Hit(message, view.node_span(cell, found[0].node))


def _fallbacks(tree: ast.Module) -> set[int]:
    """Calls that are made only where something else gave nothing, or somebody calls for them."""
    spared: set[int] = set()
    for node in walk(tree):
        others: list[ast.AST] = []
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            others = list(node.values[1:])
        elif isinstance(node, (ast.If, ast.IfExp, ast.Try, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            others = [node]
        for other in others:
            spared.update(id(child) for child in walk(other))
    return spared


RULE = Rule(
    "RE011",
    "asks-for-input",
    Severity.WARNING,
    bad=lambda: (
        example(code("name = input('Which year? ')\nprint(name)")),
        example(code("from getpass import getpass\ntoken = getpass()")),
    ),
    good=lambda: (
        example(code("import os\nfrom getpass import getpass\ntoken = os.environ.get('TOKEN') or getpass()")),
        example(code("def input(text):\n    return 4\nprint(input('a'))")),
    ),
    check=check,
    says=("input(", "getpass"),
)
