"""A cell with nothing in it.

## What it does

Code, markdown and raw cells that hold only white space, and no output, attachment or tag. Left alone are cells with
metadata that somebody may need (slides, nbgrader), and a code cell between two of text: room for an answer.

## Why is this bad?

It is no step of the notebook, but a reader, a diff and a slide show all stop at it. Most are left over: Jupyter adds
one at the end of the notebook on every Shift-Enter there.

## What to do

`nb-mlops fix` deletes it.

## False positives

Room that a course leaves for its students at the end of a notebook, or below code.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import DeleteCell, Fix, Severity
from nb_mlops.core.notebook import Cell, CellKind
from nb_mlops.knowledge.metadata import CELL_NOISE, COLAB_CELL
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each cell."""
    for cell in view.notebook.cells:
        if _is_empty(cell) and not _is_room(view, cell):
            yield Hit(
                f"This {cell.kind.value} cell is empty: readers and diffs stop at it for nothing. Delete it.",
                view.line_span(cell),
                fix=Fix("Delete the empty cell", (DeleteCell(cell.index),)),
            )


def _is_room(view: View, cell: Cell) -> bool:
    """Whether an answer is meant to be written here."""
    around = (cell.index - 1, cell.index + 1)
    kinds = [view.cell(n).kind for n in around if 0 <= n < len(view.notebook.cells)]
    return cell.is_code and kinds == [CellKind.MARKDOWN, CellKind.MARKDOWN]


def _is_empty(cell: Cell) -> bool:
    return (
        not cell.source.strip()
        and cell.kind is not CellKind.UNKNOWN
        and not cell.tags
        and not cell.attachments
        and not cell.outputs
        and all(key in CELL_NOISE or key in (COLAB_CELL, "tags", "execution") for key in cell.metadata)
    )


RULE = Rule(
    "FM006",
    "empty-cell",
    Severity.INFO,
    bad=lambda: (
        example(code("x = 1"), code(""), fixed=("x = 1",)),
        example(markdown(" \n\n"), code("x = 1"), fixed=("x = 1",)),
    ),
    good=lambda: (
        example(code("", tags=("parameters",)), note="a place for parameters"),
        example(code("", nbgrader={"solution": True})),
        example(markdown("Step 1. Load the data"), code(""), markdown("Step 2. Plot them")),
        example(code("", stdout("3\n")), note="what was run here is gone, and that is another finding"),
    ),
    check=check,
    default=False,
    every_language=True,
)
