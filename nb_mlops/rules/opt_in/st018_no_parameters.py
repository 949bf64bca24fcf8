"""Settings without a `parameters` cell.

## What it does

Notebooks that give at least three names in capitals a plain value (`TEST_SIZE = 0.2`) and have no cell tagged
`parameters`.

## Why is this bad?

Papermill, `nb-mlops check` and the package's configuration look for that cell: without it, another value means
editing the notebook.

## What to do

Put the settings into one cell near the top, and tag it `parameters`.

## False positives

Constants of nature, and names that only look like settings.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example

_NAMES = 3


def check(view: View) -> Iterator[Hit]:
    """One finding, at the cell with the first of them."""
    if any("parameters" in cell.tags for cell in view.code_cells):
        return
    found: dict[str, tuple[int, int]] = {}
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        for node in tree.body if tree is not None else ():
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name.isupper() and len(name) > 2 and _is_plain(node.value):
                    found.setdefault(name, (cell.index, node.lineno))
    if len(found) >= _NAMES:
        cell_index, line = next(iter(found.values()))
        yield Hit(
            f"{len(found)} settings, `{next(iter(found))}` and others, and no cell tagged `parameters`: another "
            "value means editing the notebook. Put them into one cell and tag it.",
            view.line_span(view.cell(cell_index), line),
            data={"names": sorted(found)},
        )


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str))


RULE = Rule(
    "ST018",
    "no-parameters",
    Severity.INFO,
    bad=lambda: (example(code("DATA = 'a.csv'\nSEED = 1"), code("SHARE = 0.2")),),
    good=lambda: (
        example(code("DATA = 'a.csv'\nSEED = 1\nSHARE = 0.2", tags=("parameters",))),
        example(code("SEED = 1")),
    ),
    check=check,
    default=False,
)
