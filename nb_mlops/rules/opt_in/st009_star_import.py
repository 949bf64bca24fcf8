"""`from module import *`: nobody can tell which names come from it.

## What it does

Star imports at the top of a cell, with the built-ins that this one hides, where that is known.

## Why is this bad?

Names come from nowhere, a new version of the module may bring more of them, and some replace built-ins: after `from
numpy import *`, `sum`, `any` and `round` are others. Converted, such a notebook may have to keep its variables in
one module.

## What to do

Import the names that are used, or the module under a short name.

## False positives

Course notes that follow a library's own way (`from sympy import *`).
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge.stars import star_names
from nb_mlops.linter.rule import Hit, Rule, code, example

_BUILTINS = frozenset(dir(builtins))


def check(view: View) -> Iterator[Hit]:
    """One finding for each import."""
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                hidden = sorted((star_names(node.module or "") or frozenset()) & _BUILTINS)
                more = f", and {_listed(hidden)} mean something else from here on" if hidden else ""
                yield Hit(
                    f"Nobody can tell which names come from `{node.module}`{more}. Import the names that are used.",
                    view.line_span(cell, node.lineno),
                    data={"hidden": hidden},
                )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more built-ins" if len(names) > 3 else shown


RULE = Rule(
    "ST009",
    "star-import",
    Severity.INFO,
    bad=lambda: (
        example(code("from math import *\nprint(pow(2, 3))")),
        example(code("from mine import *")),
    ),
    good=lambda: (example(code("from math import pi")),),
    check=check,
    default=False,
)
