"""A name is read above the first cell that defines it.

## What it does

Runs the cells in thought from top to bottom and looks for names that a cell surely reads while only cells further
down bind them. What a function reads counts where the function is called, not where it is written.

## Why is this bad?

It works in the session it was written in, because the cell below had already run. Restart & Run All, papermill and
everybody else stop here with a NameError.

## What to do

Move the cell that defines the name above its first use.

## False positives

None are known for plain code. Names read in branches or behind `try` are left alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.staleness import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per name, at its first sure read."""
    told: set[str] = set()
    binders: dict[str, list[int]] = {}
    for other in view.code_cells if view.unmet else ():
        for name in view.flows[other.index].binds if view.python[other.index].tree is not None else ():
            binders.setdefault(name, []).append(other.index)
    for read in view.unmet:
        if read.name in told:
            continue
        cell, deleted_by = view.cell(read.cell), read.version.deleted_by
        cells = binders.get(read.name, ())
        below = bisect_right(cells, cell.index)
        later = cells[below] if below < len(cells) else None
        if later is not None or deleted_by is not None:
            told.add(read.name)
            yield _hit(view, cell, read.name, later, deleted_by)


def _hit(view: View, cell: Cell, name: str, later: int | None, deleted_by: int | None) -> Hit:
    use = view.flows[cell.index].uses[name]
    through = f"by `{use.via}`, called here," if use.via else "here"
    if deleted_by is not None:
        why = f"{view.named(deleted_by)} has deleted it"
        way_out = "Delete it after its last use, or define it again before this cell."
        place = view.related(view.cell(deleted_by), f"`{name}` is deleted here", _line(view, deleted_by, name))
    else:
        assert later is not None
        why = f"the first cell that defines it is {view.named(later)}, further down"
        way_out = f"Move the definition of `{name}` above this cell."
        place = view.related(view.cell(later), f"`{name}` is first defined here", _line(view, later, name))
    end = None if use.via else use.position.column + len(name)
    needing = view.needing(Kind.MISSING, [cell.index], name)
    return Hit(
        f"`{name}` is read {through} but {why}: Restart & Run All stops with a NameError. {needing.words}{way_out}",
        view.line_span(cell, use.position.line, use.position.column, end),
        confidence=Confidence.HIGH if use.certainty is Certainty.SURE else Confidence.MEDIUM,
        related=(place, *needing.places),
        data={"name": name, "defined": later, **needing.affected},
    )


def _line(view: View, cell: int, name: str) -> int:
    ranges = view.flows[cell].lines.get(name, ())
    return ranges[0][0] if ranges else 1


RULE = Rule(
    code="EX006",
    slug="use-before-definition",
    severity=Severity.ERROR,
    check=check,
    needs="unmet",
    bad=lambda: (
        example(code("print(limit)", count=2), code("limit = 10", count=1)),
        example(
            code("def clip(x):\n    return min(x, limit)", count=1),
            code("clip(12)", result("10"), count=3),
            code("limit = 10", count=2),
            note="`clip` is called before what it reads exists",
        ),
        example(code("a = 1", count=1), code("del a", count=4), code("a + 1", count=2)),
    ),
    good=lambda: (
        example(code("limit = 10", count=1), code("print(limit)", count=2)),
        example(
            code("def clip(x):\n    return min(x, limit)", count=1),
            code("limit = 10", count=2),
            code("clip(12)", count=3),
        ),
        example(code("if 'limit' in globals():\n    print(limit)", count=1), code("limit = 10", count=2)),
        example(code("if False:\n    print(limit)", count=1), code("limit = 10", count=2)),
    ),
)
