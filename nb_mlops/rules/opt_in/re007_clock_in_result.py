"""The clock, or an id drawn at random, goes into the result.

## What it does

Finds the time of day and new ids where they are stored or shown: `datetime.now()`, `date.today()`, `Timestamp.now()`,
`uuid4()`. What only measures how long something took is not meant.

## Why is this bad?

Ages, windows of time and file names come out differently each day, with the same code and the same data; nobody can
make last week's answer again.

## What it leaves alone

Differences of two readings of the clock, and texts that are only printed.

## What to do

Make the date a parameter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_SUSPECT = pattern(r"now\(|today\(|utcnow|uuid")
_CLOCK = frozenset(
    {"datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today"}
    | {"pandas.Timestamp.now", "pandas.Timestamp.today", "pandas.Timestamp.utcnow", "pandas.to_datetime.now"}
    | {"uuid.uuid4", "uuid.uuid1"}
)


def check(view: View) -> Iterator[Hit]:
    """One hit a cell."""
    for cell in view.code_cells:
        tree = view.python[cell.index].tree
        if tree is None or not _SUSPECT.search(cell.source):
            continue
        spared = _only_said(tree)
        found = [call for call in view.calls(cell) if call.name in _CLOCK and id(call.node) not in spared]
        if found and not _measures(cell.source):
            message = (
                f"`{found[0].name.rpartition('.')[2]}()` goes into the result, which so comes out differently each "
                "time. Make it a parameter."
            )
            yield Hit(message, view.node_span(cell, found[0].node))


_START = pattern(r"\b(?:start|begin|began|tic|t0|t1|t_start|started|elapsed|duration)\w*\b", 2)


def _measures(source: str) -> bool:
    """Whether the cell looks as if it measured how long something takes."""
    return _START.search(source) is not None


def _only_said(tree: ast.Module) -> set[int]:
    """Calls within a `print`."""
    said: set[int] = set()
    for node in walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            said.update(id(child) for child in walk(node))
    return said


RULE = Rule(
    "RE007",
    "clock-in-result",
    Severity.INFO,
    bad=lambda: (
        example(code("import datetime\nage = datetime.date.today().year - 1990\nprint(age)")),
        example(code("from datetime import datetime\nname = f'model-{datetime.now():%Y%m%d}.bin'\nprint(name)")),
    ),
    good=lambda: (
        example(code("from datetime import datetime\nprint(datetime.now())")),
        example(code("from datetime import datetime\nstarted = datetime.now()\nprint(datetime.now() - started)")),
    ),
    default=False,
    check=check,
)
