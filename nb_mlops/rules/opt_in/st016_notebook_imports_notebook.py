"""A notebook runs or imports another notebook.

## What it does

`%run other.ipynb`, `import import_ipynb`, `importnb`, `nbimporter` and `from ipynb.fs… import …`.

## Why is this bad?

The other notebook runs as a whole, with its plots and its side effects, and its variables flow in: what this one
computes depends on a file that is made for being tried out. It cannot be converted into a package.

## What to do

Convert the other notebook (`nb-mlops convert`), or move what is shared into a module.

## False positives

A notebook that only drives others (a report of several): `papermill` says so in plain sight.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_LOADERS = frozenset({"import_ipynb", "importnb", "nbimporter", "ipynb"})


def check(view: View) -> Iterator[Hit]:
    """One finding per place."""
    for cell in view.code_cells:
        python = view.python[cell.index]
        for magic in python.magics:
            if magic.kind == "line" and magic.name == "run" and ".ipynb" in magic.args:
                yield _hit(view, cell.index, magic.line)
        for node in walk(python.tree) if python.tree is not None else ():
            if isinstance(node, ast.Import):
                roots = {alias.name.partition(".")[0] for alias in node.names}
            else:
                roots = {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()
            if roots & _LOADERS and isinstance(node, ast.stmt):
                yield _hit(view, cell.index, node.lineno)


def _hit(view: View, cell: int, line: int) -> Hit:
    return Hit(
        "Another notebook runs here as a whole, and its variables flow in: what this one computes depends on a file "
        "that is made for being tried out. Move what is shared into a module.",
        view.line_span(view.cell(cell), line),
    )


RULE = Rule(
    "ST016",
    "notebook-imports-notebook",
    Severity.WARNING,
    bad=lambda: (
        example(code("%run helpers.ipynb")),
        example(code("import import_ipynb\nimport helpers")),
    ),
    good=lambda: (
        example(code("%run helpers.py")),
        example(code("import helpers")),
    ),
    check=check,
    default=False,
)
