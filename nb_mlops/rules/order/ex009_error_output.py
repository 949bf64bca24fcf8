"""A stored output is an exception.

## What it does

Reports cells whose saved outputs hold a traceback. Cells tagged `raises-exception` are left alone: that tag tells
every runner (nbclient, papermill, Jupyter Book) to go on. A failure that looks meant is a warning, because runners stop
at it all the same: the cell's comments or the text around it speak of failing, or the session went on in order and
nothing further down needs what the cell would have defined.

## Why is this bad?

The notebook was saved broken. A run stops at this cell, what stands below it was computed by other means, and the
traceback often carries paths and user names of the machine it came from.

## What to do

Mend the cell, run all, save. If the failure is the point, tag the cell `raises-exception`.

## False positives

None: the exception is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.replay import stored_error
from nb_mlops.analysis.staleness import Kind
from nb_mlops.analysis.view import Needing, View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, CellKind, ErrorValue, Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, raised

_ANNOUNCED = pattern(
    r"\b(?:errors?|exceptions?|rais(?:es?|ing)|fail(?:s|ed|ing|ure)?|wrong|invalid|illegal|crash\w*|break(?:s|ing)?"
    r"|broken|not (?:work|allowed|possible|valid|supported)|(?:does|will|can|do|is)(?:n't|not)|cannot|forbidden"
    r"|immutable|incompatible|mistakes?|oops|uncomment|traceback|\w+(?:Error|Exception))\b",
    re.I,
)


# Nobody writes a cell to show these.
_NEVER_MEANT = frozenset(
    {
        "NameError",
        "ImportError",
        "ModuleNotFoundError",
        "FileNotFoundError",
        "MemoryError",
        "ConnectionError",
        "OSError",
    }
)


def check(view: View) -> Iterator[Hit]:
    """One hit per stored exception."""
    for cell in view.code_cells:
        if "raises-exception" in cell.tags or not stored_error(cell):
            continue
        for index, output in enumerate(cell.outputs):
            if output.error is not None:
                yield _hit(view, cell, index, output.error)


def _hit(view: View, cell: Cell, index: int, error: ErrorValue) -> Hit:
    place = Position(1, 0)
    span = Span(cell.index, f"outputs/{index}", place, place)
    needing = view.needing(Kind.FAILED, [cell.index]) if view.notebook.is_python else Needing()
    name = error.name if error.name.isidentifier() else "an exception"
    if name == "KeyboardInterrupt":
        message = (
            "The saved run of this cell was interrupted (KeyboardInterrupt): its result is partial. "
            "Run it to its end and save."
        )
        return Hit(message, span)
    announced = _announced(view, cell)
    if announced or (name not in _NEVER_MEANT and _went_on(view, cell)):
        why = "It looks meant, by the words around it" if announced else "It may be meant: the session went on below it"
        message = (
            f"{name} is stored as this cell's output. {why}; but a run of all cells stops here all the same. "
            f"{needing.words}Tag the cell `raises-exception`, or mend it."
        )
        return Hit(message, span, Severity.WARNING, Confidence.MEDIUM, needing.places, data=needing.affected)
    message = (
        f"{name} is stored as this cell's output: the notebook was saved broken, and a run stops here. {needing.words}"
        "Mend the cell, run all and save; tag it `raises-exception` if the failure is the point."
    )
    return Hit(message, span, related=needing.places, data=needing.affected)


def _went_on(view: View, cell: Cell) -> bool:
    """Whether the session went on right after this cell, and nothing further down needs what it binds."""
    following = [c for c in view.code_cells if c.index > cell.index and c.execution_count is not None]
    if not following or cell.execution_count is None or following[0].execution_count != cell.execution_count + 1:
        return False
    if not view.notebook.is_python:
        return True
    document, binds = view.replays.document, view.flows[cell.index].binds
    return not any(
        document.version(other.index, name).definitions == {cell.index} for other in following for name in binds
    )


def _announced(view: View, cell: Cell) -> bool:
    """Whether a comment of the cell, or the text just above or below it, speaks of failing."""
    comments = "\n".join(line.partition("#")[2] for line in cell.source.split("\n"))
    around = [
        view.cell(i).source
        for i in (cell.index - 1, cell.index + 1)
        if 0 <= i < len(view.notebook.cells) and view.cell(i).kind is CellKind.MARKDOWN
    ]
    return any(_ANNOUNCED.search(text) for text in (comments, *around)) or "try:" in cell.source


RULE = Rule(
    code="EX009",
    slug="error-output",
    severity=Severity.ERROR,
    check=check,
    every_language=True,
    bad=lambda: (
        example(code("1 / 0", raised("ZeroDivisionError", "division by zero"), count=1)),
        example(
            markdown("Tuples are immutable, so this raises an error:"),
            code("t = 1,\nt[0] = 1", raised("TypeError", "'tuple' object does not support item assignment"), count=1),
            note="a warning: announced, but not tagged",
        ),
    ),
    good=lambda: (
        example(code("1 / 1", count=1)),
        example(code("1 / 0", raised("ZeroDivisionError", "division by zero"), count=1, tags=("raises-exception",))),
    ),
)
