"""Code that reads or binds the notebook's names by text.

## What it does

`exec`, `globals()[…]`, `locals()[…]`, `vars()[…]` and `eval` outside of functions. Asking whether a name is there
(`x in globals()`) counts, too.

## Why is this bad?

No tool, and hardly a reader, can tell which variables a cell needs or makes. Converted, all variables have to be
kept in one module.

## What to do

Keep values that belong together in a dictionary.

## False positives

`eval` of a formula that names columns only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_BY_TEXT = frozenset({"exec", "eval", "globals", "locals", "vars"})


def check(view: View) -> Iterator[Hit]:
    """One finding per cell."""
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        found = next(_calls(tree), None) if tree is not None and any(word in cell.source for word in _BY_TEXT) else None
        if found is not None:
            yield Hit(
                f"`{found.func.id}` reaches for names by text: nobody can tell which "  # type: ignore[attr-defined]
                "variables this cell needs or makes. Keep values that belong together in a dictionary.",
                view.line_span(cell, found.lineno),
            )


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Such calls at the notebook's own level."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _BY_TEXT
            and _means_names(node)
        ):
            yield node
        yield from _calls(node)


def _means_names(call: ast.Call) -> bool:
    """`vars(object)` asks an object, not the notebook."""
    return not (isinstance(call.func, ast.Name) and call.func.id in ("vars", "locals", "globals") and call.args)


RULE = Rule(
    "ST019",
    "names-by-text",
    Severity.INFO,
    bad=lambda: (
        example(code("for n in range(3):\n    globals()[f'rows_{n}'] = [n]")),
        example(code("exec('a = 1')")),
    ),
    good=lambda: (
        example(code("def f():\n    return locals()")),
        example(code("print(vars(f))")),
    ),
    check=check,
    default=False,
)
