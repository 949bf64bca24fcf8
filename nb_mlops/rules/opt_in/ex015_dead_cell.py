"""A cell defines names that no cell reads, shows nothing, and does nothing else.

## What it does

Looks for cells without output that only bind names (by plain values, by calls of imported modules' functions on such
values, by defining functions and classes), none of which any other cell reads, at any time and in any order. Cells with
imports, magics or tags, configuration in capital letters, and exports (`#| export`) are left alone, and so are
notebooks that read names by text (`globals()`, `eval`).

## Why is this bad?

It is read, maintained and run for nothing; often it is what is left of an attempt, and readers take it for part of the
result.

## What to do

Delete the cell, or use what it defines.

## False positives

Cells that are read as text, as an example in a lesson: this rule is information, and off by default.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Confidence, DeleteCell, Fix, Safety, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell
from nb_mlops.knowledge.injected import BUILTINS
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_EXPORTED = pattern(r"^\s*#\s*\|?\s*(?:default_)?exp(?:ort|orti|orts)?\b", re.M)
_PURE_BUILTINS = BUILTINS - {
    "print",
    "input",
    "open",
    "exec",
    "eval",
    "exit",
    "quit",
    "next",
    "setattr",
    "delattr",
    "help",
}
_STATEMENTS = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass)


def check(view: View) -> Iterator[Hit]:
    """One hit per cell."""
    if any(flow.opaque or flow.wildcard for flow in view.flows.values()):
        return
    read: dict[str, set[int]] = {}
    for index, flow in view.flows.items():
        for name in set(flow.uses).union(*flow.functions.values()):
            read.setdefault(name, set()).add(index)
    modules = frozenset[str]().union(*(flow.imports for flow in view.flows.values()))
    for cell in view.code_cells:
        binds = view.flows[cell.index].binds
        if not binds or any(read.get(name, set()) - {cell.index} for name in binds):
            continue
        if _only_binds(view, cell, modules) and not all(name.isupper() or name.startswith("_") for name in binds):
            names = ", ".join(f"`{name}`" for name in sorted(binds)[:3]) + (", …" if len(binds) > 3 else "")
            yield Hit(
                f"No cell reads {names}, and this cell does nothing else: it is read and run for nothing. "
                "Delete it, or use what it defines.",
                view.line_span(cell),
                fix=Fix("Delete this cell", (DeleteCell(cell.index),), Safety.UNSAFE),
                data={"names": sorted(binds)},
            )


def _only_binds(view: View, cell: Cell, modules: frozenset[str]) -> bool:
    python, flow = view.python[cell.index], view.flows[cell.index]
    if (
        python.tree is None
        or python.magics
        or cell.tags
        or cell.outputs
        or flow.mutates
        or flow.deletes
        or flow.imports
    ):
        return False
    if _EXPORTED.search(cell.source) or not all(isinstance(node, _STATEMENTS) for node in python.tree.body):
        return False
    return all(_is_quiet(node, modules) for node in python.tree.body)


def _is_quiet(node: ast.stmt, modules: frozenset[str]) -> bool:
    """Whether running the statement can do nothing but bind, as far as names tell."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return not node.decorator_list and (not isinstance(node, ast.ClassDef) or not node.keywords)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    if not all(isinstance(part, (ast.Name, ast.Tuple, ast.List)) for part in targets):
        return False
    return all(_is_pure(part, modules) for part in walk(node) if isinstance(part, (ast.Call, ast.Await, ast.Yield)))


def _is_pure(node: ast.AST, modules: frozenset[str]) -> bool:
    """A call of a built-in that only computes, or of numpy's and pandas' makers of values."""
    if not isinstance(node, ast.Call):
        return False
    func = node.func
    if isinstance(func, ast.Name):
        return func.id in _PURE_BUILTINS
    return (
        isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in modules & {"np", "pd"}
    )


RULE = Rule(
    code="EX015",
    slug="dead-cell",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    check=check,
    default=False,
    bad=lambda: (
        example(
            code("width = 9", count=1),
            code("height = max(3, 4)", count=2),
            code("width", result("9"), count=3),
            fixed=("width = 9", "width"),
        ),
    ),
    good=lambda: (
        example(code("width = 9", count=1), code("width", result("9"), count=2)),
        example(
            code("width = 9", count=1), code("def area():\n    return width ** 2", count=2), code("area()", count=3)
        ),
        example(code("WIDTH = 9", count=1), note="configuration"),
        example(code("width = 9", count=1, tags=("parameters",))),
        example(code("width = open('w.txt')", count=1)),
    ),
)
