"""Cell ids that are missing, given twice, malformed, or in a format that has none.

## What it does

Since nbformat 4.5 each cell has an id of its own: up to 64 letters, digits, `-` and `_`. This finds files of that
version in which cells have none, share one, or have one of another form, and files of an older version with ids in
them, which that version forbids. One finding for the file and kind.

## Why is this bad?

The file is invalid. Jupyter warns, and gives each such cell a random id when somebody saves the file: other ones for
each person, in diffs where nothing was changed. And whatever names a cell by its id (a review comment, a merge, a
link) names another one, or none.

## What to do

`nb-mlops fix` gives ids made from the cells' content, so that everybody gets the same ones; the first cell of several
with one id keeps it. A file of an older version that has ids is called one of 4.5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Edit, Fix, SetFormat, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, CellKind, Position, Span
from nb_mlops.linter.rule import THE_FILE, Example, Hit, Rule, code, example

_FORM = pattern(r"[a-zA-Z0-9_-]{1,64}")
_WITH_IDS = (4, 5)
_START = Position(1, 0)


def check(view: View) -> Iterator[Hit]:
    """One finding for each way in which ids are wrong, at the first cell of that kind."""
    notebook = view.notebook
    if notebook.upgraded_from is not None or notebook.nbformat[0] != _WITH_IDS[0]:
        return
    cells = [cell for cell in notebook.cells if cell.kind is not CellKind.UNKNOWN]
    without = [cell for cell in cells if not cell.id]
    if notebook.nbformat < _WITH_IDS:
        if len(without) < len(cells):
            yield _too_early(view, without)
        return
    again = _repeated(cells)
    odd = [cell for cell in cells if cell.id and not _FORM.fullmatch(cell.id)]
    for bad, what in (
        (without, "no id"),
        (again, "the id of a cell above"),
        (odd, "an id of a form that is not allowed"),
    ):
        if bad:
            yield _hit(view, bad, len(cells), what)


def _repeated(cells: Sequence[Cell]) -> list[Cell]:
    """The cells whose id a cell above has; malformed ones are another finding."""
    seen: Counter[str] = Counter()
    again = []
    for cell in cells:
        if seen[cell.id] and _FORM.fullmatch(cell.id):
            again.append(cell)
        seen[cell.id] += 1
    return again


def _hit(view: View, bad: Sequence[Cell], of: int, what: str) -> Hit:
    have = f"{len(bad)} of {of} cells have" if of > 1 else "The cell has"
    message = (
        f"{have} {what}: Jupyter makes up others for each person who saves the file, and what names a cell by its id "
        "finds another one. `nb-mlops fix` gives ids that stay."
    )
    from nb_mlops.linter.mend import fresh_ids  # most notebooks need none

    edits = fresh_ids(view.notebook, bad)
    return Hit(message, Span(bad[0].index, "id", _START, _START), fix=_fix(len(bad), edits), data={"cells": len(bad)})


def _fix(count: int, edits: tuple[Edit, ...]) -> Fix:
    return Fix(f"Give {count} cells ids" if count > 1 else "Give the cell an id", edits)


def _too_early(view: View, without: Sequence[Cell]) -> Hit:
    version = ".".join(map(str, view.notebook.nbformat))
    message = (
        f"This file has cell ids but says that it is in nbformat {version}, which has none: it is not valid, and "
        "Jupyter says so at every save. `nb-mlops fix` calls it what it is, 4.5."
    )
    from nb_mlops.linter.mend import fresh_ids

    fix = Fix("Call the file one of nbformat 4.5", (SetFormat(_WITH_IDS[1]), *fresh_ids(view.notebook, without)))
    return Hit(message, THE_FILE, fix=fix)


def _raw(minor: int, *ids: str) -> bytes:
    cells = ", ".join(f'{{"cell_type": "markdown", {id}"metadata": {{}}, "source": "Text"}}' for id in ids)
    return f'{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": {minor}}}\n'.encode()


RULE = Rule(
    "FM003",
    "bad-cell-id",
    Severity.WARNING,
    bad=lambda: (
        example(code("x = 1", id="load"), code("y = 2", id="load"), fixed=("x = 1", "y = 2"), note="one id twice"),
        example(code("x = 1", id="load data"), fixed=("x = 1",), note="a form that is not allowed"),
        Example(raw=_raw(5, '"id": "first", ', ""), note="no id"),
        Example(raw=_raw(4, '"id": "first", ', '"id": "second", '), note="ids in nbformat 4.4"),
    ),
    good=lambda: (
        example(code("x = 1", id="load"), code("x = 1", id="load-again")),
        Example(raw=_raw(4, "", ""), note="no ids where there need be none"),
    ),
    check=check,
    every_language=True,
)
