"""The result follows an order that nobody promised.

## What it does

Finds `list(set(…))`, loops over a set that is made on the spot, and `os.listdir` and `glob` whose answer is used as it
comes.

## Why is this bad?

The order of a set of texts is another one in every kernel (`PYTHONHASHSEED`), that of a folder on another file system:
columns, splits and seeded models that follow it come out differently with the same code and the same data.

## What it leaves alone

What is sorted, counted, asked for membership, or made a set, a sum or a length of.

## What to do

`sorted(…)` around it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.calls import dotted
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_SUSPECT = pattern(r"\bset\(|listdir|glob|iterdir|\{[^{}:\n]+\}")
_FOLDERS = frozenset({"os.listdir", "glob.glob", "glob.iglob"})
_IN_ORDER = frozenset({"list", "tuple", "enumerate", "pandas.DataFrame", "pandas.Series", "numpy.array", "zip"})


def check(view: View) -> Iterator[Hit]:
    """One hit for each place."""
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        if tree is None or not _SUSPECT.search(cell.source):
            continue
        for node in walk(tree):
            found = _ordered(view, node)
            if found is not None:
                what = "a set" if _is_set(view, found) else "a folder"
                message = (
                    f"What is done here follows the order of {what}, which is another one in another kernel or on "
                    "another machine. Sort it first: `sorted(…)`."
                )
                yield Hit(message, view.node_span(cell, found))


def _ordered(view: View, node: ast.AST) -> ast.expr | None:
    """Something without an order that is put in one."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        given = node.iter
    elif isinstance(node, ast.ListComp):
        given = node.generators[0].iter
    elif isinstance(node, ast.Call) and node.args and dotted(node.func, view.imported) in _IN_ORDER:
        given = node.args[0]
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_folder(view, node.value):
        return None  # what becomes of it is not followed
    else:
        return None
    return given if _is_set(view, given) or _is_folder(view, given) else None


def _is_set(view: View, node: ast.expr) -> bool:
    if isinstance(node, (ast.Set, ast.SetComp)):
        return True
    return isinstance(node, ast.Call) and dotted(node.func, view.imported) in {"set", "frozenset"}


def _is_folder(view: View, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func, view.imported) in _FOLDERS


RULE = Rule(
    "RE015",
    "unordered-result",
    Severity.INFO,
    bad=lambda: (
        example(code("words = ['b', 'a']\ncolumns = list(set(words))\nprint(columns)")),
        example(code("import glob\nfor path in glob.glob('data/*.csv'):\n    print(path)")),
    ),
    good=lambda: (
        example(code("words = ['b', 'a']\ncolumns = sorted(set(words))\nprint(columns, len(set(words)))")),
        example(code("import glob\nfor path in sorted(glob.glob('data/*.csv')):\n    print(path)")),
    ),
    default=False,
    check=check,
)
