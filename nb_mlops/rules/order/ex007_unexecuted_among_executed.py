"""A code cell was not run, although cells above and below it were.

## What it does

Reports code cells without an execution count that stand between cells that have one, and whose code does something:
cells that are empty, hold only comments, only show a value, do not parse (FM014), or carry a tag by which runners skip
them are left alone, and so are notebooks whose counts are stripped by policy. Neighbouring cells are one finding. It is
information only where nothing below reads what the cells define or change.

## Why is this bad?

The saved results were made without this cell, a clean run is made with it. If it defines or changes anything that is
read below, the results differ; if it does not work, a clean run stops here and nobody has noticed.

## What to do

Run all cells and save; or make the cell raw, delete it, or tag it `skip-execution` if it is not meant to run.

## False positives

Exercises that wait for their reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.staleness import Kind
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_SKIPPED = frozenset({"skip-execution", "skip_execution", "skip", "noexec", "no-execute", "nbval-skip"})


def check(view: View) -> Iterator[Hit]:
    """One hit per stretch of such cells."""
    if view.counts_are_stripped:
        return
    ran = [cell.index for cell in view.code_cells if cell.execution_count is not None and cell.source.strip()]
    stretch: list[Cell] = []
    for cell in view.code_cells:
        if cell.execution_count is not None and cell.source.strip():
            if stretch:
                yield _hit(view, stretch)
            stretch = []
        elif ran and ran[0] < cell.index < ran[-1] and _does_something(view, cell):
            stretch.append(cell)


def _does_something(view: View, cell: Cell) -> bool:
    """Whether a run would do anything with the cell, and nothing says that it should be skipped."""
    if cell.stored.heads or _SKIPPED.intersection(cell.tags):
        return False
    python = view.python[cell.index]
    if python.tree is None:
        return False  # FM014 tells
    asked = all(magic.kind == "help" for magic in python.magics)
    return not asked or any(not _is_idle(node) for node in python.tree.body)


def _is_idle(node: ast.stmt) -> bool:
    """Whether the statement could at most show something."""
    shows = isinstance(node, ast.Expr) and not any(isinstance(part, (ast.Call, ast.Await)) for part in walk(node))
    return shows or isinstance(node, ast.Pass)


def _hit(view: View, cells: list[Cell]) -> Hit:
    first, last = cells[0], cells[-1]
    which = f"{len(cells)} code cells from here to cell {last.index + 1} were" if last is not first else "This cell was"
    these = [cell.index for cell in cells]
    needed = [cause for cause in view.causes if cause.kind is Kind.NEVER_RAN and cause.cell in these]
    needing = view.needing(Kind.NEVER_RAN, these)
    if needed:
        reader = needed[0].affected[0]
        hanging = [p.span.cell for p in needing.places if p.span.cell is not None]
        harm = f", and {view.named(reader.cell)} reads `{reader.name}`, which a clean run takes from here"
        harm += f"; {view.listed(hanging)} {'hangs' if len(hanging) == 1 else 'hang'} on it"
    else:
        harm = (
            f": the saved results were made without {'it' if last is first else 'them'}, those of a clean run are not"
        )
    return Hit(
        f"{which} not run in the session that was saved{harm}. Run all cells and save, or delete what is not "
        "meant to run.",
        view.line_span(first),
        severity=None if needed else Severity.INFO,
        related=needing.places,
        data={"cells": these, "name": needed[0].affected[0].name if needed else "", **needing.affected},
    )


RULE = Rule(
    code="EX007",
    slug="unexecuted-among-executed",
    severity=Severity.WARNING,
    check=check,
    bad=lambda: (
        example(
            code("values = [3, 1, 2]", count=1),
            code("print(max(values))"),
            code("len(values)", result("3"), count=2),
            note="information: nothing below depends on it; where something does, it is a warning",
        ),
    ),
    good=lambda: (
        example(code("a = 1", count=1), code("a + 1", result("2"), count=2), code("print(a)"), note="the last cells"),
        example(code("a = 1", count=1), code("# print(a)"), code("a + 1", result("2"), count=2)),
        example(code("a = 1", count=1), code("print(a)", tags=("skip-execution",)), code("a + 1", count=2)),
        example(code("a = 1"), code("print(a)"), code("a + 1"), note="never run, or stripped"),
    ),
)
