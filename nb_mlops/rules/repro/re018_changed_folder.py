"""The notebook walks into another folder while it runs.

## What it does

Finds `os.chdir(…)`, `%cd` and `cd` in cells.

## Why is this bad?

All relative paths below mean something else than above, and something else again when the cell is run twice
(`os.chdir('..')`); a run that starts in another folder reads other files, or none.

## What it leaves alone

Folders that hosts make for the session (`%cd /content`, `%cd /kaggle/working`), a `chdir` in a `with` block or in
a function, and notebooks that remember where they were (`os.getcwd()`) to come back.

## What to do

Stay in the notebook's own folder and put the folder into the path: `Path('..') / 'data'`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example

_HOSTS = pattern(r"[\"']?/(?:content|kaggle|gdrive|dbfs|tmp)\b")


def check(view: View) -> Iterator[Hit]:
    """One hit a cell."""
    for cell in view.saying("cd", "chdir"):
        magic = next((m for m in view.python[cell.index].magics if m.kind == "line" and m.name == "cd"), None)
        if magic is not None and not _HOSTS.match(magic.args):
            yield Hit(_MESSAGE, view.line_span(cell, magic.line))
            continue
        called = next((call for call in view.calls(cell) if call.name == "os.chdir"), None)
        if called is not None and not _HOSTS.search(cell.source) and not _comes_back(view, cell):
            yield Hit(_MESSAGE, view.node_span(cell, called.node))


def _comes_back(view: View, cell: Cell) -> bool:
    """Whether the notebook looks after where it was, or walks only within a function."""
    if view.says("getcwd", "Path.cwd"):
        return True
    tree = view.python[cell.index].tree
    inside = (node for node in (tree.body if tree else ()) if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return any("chdir" in ast.unparse(node) for node in inside)


_MESSAGE = (
    "The notebook walks into another folder here: every relative path below means something else than above, and "
    "something else again when the cell runs twice. Stay where the notebook is, and put the folder into the path."
)

RULE = Rule(
    "RE018",
    "changed-folder",
    Severity.WARNING,
    bad=lambda: (
        example(code("import os\nos.chdir('..')\nprint(os.listdir())")),
        example(code("%cd ../data")),
    ),
    good=lambda: (
        example(code("%cd /content")),
        example(code("from contextlib import chdir\nwith chdir('data'):\n    print(open('a.csv').read())")),
    ),
    check=check,
    says=("cd", "chdir"),
)
