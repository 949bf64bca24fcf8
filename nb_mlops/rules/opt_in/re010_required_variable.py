"""The notebook stops where an environment variable is not set.

## What it does

Finds `os.environ["NAME"]` that is read without a default, outside of a `try`.

## Why is this bad?

On another machine the variable is not there, and the run stops with a `KeyError` that says nothing of what to do.

## What it leaves alone

Variables that the notebook sets itself, or asks for first (`"NAME" in os.environ`), and those that every system has.

## What to do

Give a default (`os.environ.get("NAME", "…")`), or say in words what is to be set and how.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.calls import dotted
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_ALWAYS = frozenset({"HOME", "PATH", "USER", "PWD", "LANG"})


def check(view: View) -> Iterator[Hit]:
    """One hit for each variable."""
    cells = [cell for cell in view.code_cells if "environ" in cell.source]
    spared = (
        {name for cell in cells for name in _known(view, view.python[cell.index].tree)} | _ALWAYS if cells else set()
    )
    for cell in cells:
        tree = view.python[cell.index].tree
        for node in walk(tree) if tree is not None else ():
            name = _read(view, node)
            if name and name not in spared and isinstance(node, ast.Subscript):
                spared.add(name)
                message = (
                    f"The environment variable `{name[:60]}` must be set, or the notebook stops with a `KeyError`. "
                    "Give a default, or say what is to be set."
                )
                yield Hit(message, view.node_span(cell, node))


def _read(view: View, node: ast.AST) -> str:
    """The variable that is read here, "" for none."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return ""
    if dotted(node.value, view.imported) != "os.environ" or not isinstance(node.slice, ast.Constant):
        return ""
    return node.slice.value if isinstance(node.slice.value, str) else ""


def _known(view: View, tree: ast.Module | None) -> Iterator[str]:
    """Variables that are set, asked for, or read where a missing one is caught."""
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if dotted(node.value, view.imported) == "os.environ" and isinstance(node.slice, ast.Constant):
                yield str(node.slice.value)
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant):
            yield str(node.left.value)
        elif isinstance(node, ast.Try):
            yield from filter(None, (_read(view, child) for child in walk(node)))


RULE = Rule(
    "RE010",
    "required-variable",
    Severity.INFO,
    bad=lambda: (example(code("import os\nprint(os.environ['RATES_HOME'].upper())")),),
    good=lambda: (
        example(code("import os\nprint(os.environ.get('RATES_HOME', 'data').upper(), os.environ['HOME'].upper())")),
        example(code("import os\nos.environ['RATES_HOME'] = 'data'\nprint(os.environ['RATES_HOME'].upper())")),
    ),
    default=False,
    check=check,
)
