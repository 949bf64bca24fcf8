"""Modules are found by a folder that the notebook adds to Python's path by hand.

## What it does

Finds `sys.path.append`, `sys.path.insert` and `sys.path.extend`, and assignments to `sys.path`.

## Why is this bad?

Which code is imported depends on where the notebook stands and on who runs it; with an absolute path it is found on one
machine only. Neither a package made from the notebook nor its list of dependencies knows of it.

## What it leaves alone

Folders relative to the notebook are told for information only: they travel with the project.

## What to do

Make the code a package and install it (`%pip install -e .`), or put the module beside the notebook.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_ADDS = frozenset({"sys.path.append", "sys.path.insert", "sys.path.extend"})
_ABSOLUTE = pattern(r"[\"'](?:/|~/|[A-Za-z]:[\\/])")


def check(view: View) -> Iterator[Hit]:
    """One hit a cell, for the gravest in it."""
    for cell in view.code_cells:
        if "sys.path" not in cell.source:
            continue
        found = [call.node for call in view.calls(cell) if call.name in _ADDS]
        fixed = [node for node in found if _ABSOLUTE.search(ast.unparse(node))]
        if fixed:
            message = (
                "Modules are looked for in a folder that exists on one machine only: elsewhere the import fails, or "
                "finds other code. Make the code a package and install it."
            )
            yield Hit(message, view.node_span(cell, fixed[0]))
        elif found:
            message = (
                "Python's path is changed by hand, so which code is imported depends on where the notebook stands. "
                "Make the code a package and install it, or put the module beside the notebook."
            )
            yield Hit(message, view.node_span(cell, found[0]), Severity.INFO)


RULE = Rule(
    "RE017",
    "path-hack",
    Severity.WARNING,
    bad=lambda: (
        example(code("import sys\nsys.path.insert(0, '/srv/ada/tools')\nprint(sys.path)")),
        example(code("import sys\nsys.path.append('..')\nprint(sys.path)"), note="for information: it travels along"),
    ),
    good=lambda: (example(code("import sys\nprint(sys.path[:3])\nfound = [p for p in sys.path if p]\nprint(found)")),),
    check=check,
    default=False,
)
