"""A saved result comes from another definition than a clean run would use.

## What it does

Replays the notebook twice from the file alone: top to bottom, as Restart & Run All would, and in the order of the
execution counts. Where a cell that ran read a name as one cell left it, and a clean run gives it another cell's
definition, the saved output belongs to a notebook that no longer exists.

An error where the counts prove it: both definitions ran, their code differs, and no run that could have restored the
other one is missing between them. A warning where the file cannot tell: such a run is missing; the cell that defines
the name, or one that changes it, ran again after this one (edited before, or not); or it bears no count. For
information where the cell only reads what another cell in doubt has computed: settle that one, and this is settled.

## Why is this bad?

The number under the cell looks like the result of the code above it, and is not. Whoever runs the notebook again gets
another one, and nobody notices which of the two went into the report.

## What to do

Restart the kernel, run all cells, look at what changed, save. If the recorded order was the right one, move the cell
that defines the name, or give the second definition a name of its own.

## False positives

Two definitions that differ as text but give the same value; a cell that ran again as it was. Suppress the finding on
the cell that reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.replay import Version, stored_error
from nb_mlops.analysis.staleness import Cause, Doubt
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per cell and pair of definitions, names that share them together; else one per cell in doubt."""
    for cell in view.code_cells:
        if cell.execution_count is None:
            continue
        pairs: dict[tuple[int, int], list[str]] = {}
        for name in () if stored_error(cell) else view.flows[cell.index].uses:
            pair = _pair(view, cell.index, name)
            if pair is not None:
                pairs.setdefault(pair, []).append(name)
        for (clean, seen), names in pairs.items():
            yield _hit(view, cell.index, clean, seen, names)
        if not pairs and cell.index in view.doubts:
            yield from _doubtful(view, cell, view.doubts[cell.index])


def _pair(view: View, cell: int, name: str) -> tuple[int, int] | None:
    """The cell whose definition a clean run gives, and another one whose definition the recorded run gave."""
    use = view.flows[cell].uses[name]
    if use.certainty is Certainty.POSSIBLE:
        return None
    replays = view.replays
    clean = replays.document.version(cell, name).cell
    seen = replays.recorded.version(cell, name).cell
    if clean is None or seen is None or clean == seen:
        return None
    if use.via and _differs(replays.document.version(cell, use.via), replays.recorded.version(cell, use.via)):
        return None
    if not replays.session.tells_apart(cell, clean, seen) or view.same_definition(name, clean, seen):
        return None
    return clean, seen


def _differs(one: Version, other: Version) -> bool:
    return one.definitions != other.definitions


def _hit(view: View, cell: int, clean: int, seen: int, names: list[str]) -> Hit:
    use = view.flows[cell].uses[names[0]]
    which = " and ".join(f"`{name}`" for name in names)
    through = f" (through `{use.via}`)" if use.via else ""
    were, them, those = ("were", "them", "those") if len(names) > 1 else ("was", "it", "the one")
    proven = view.replays.session.proves(cell, clean, seen)
    if proven:
        harm = ", so the saved result is not what this notebook computes. Restart the kernel, run all cells and save."
    else:
        were = "may have been"
        harm = ", which ran last after this cell. Restart the kernel and run all cells to know."
    position = use.position
    return Hit(
        f"{which} {were} read here{through} as {view.named(seen)} left {them}; a clean run gives {those} of "
        f"{view.named(clean)}{harm}",
        view.line_span(view.cell(cell), position.line, position.column, _end(names[0], use.via, position.column)),
        severity=Severity.ERROR if proven else Severity.WARNING,
        confidence=Confidence.HIGH if proven else Confidence.MEDIUM,
        related=(
            view.related(view.cell(seen), f"{which}: the definition that was read", _line(view, seen, names[0])),
            view.related(view.cell(clean), f"{which}: the definition a clean run gives", _line(view, clean, names[0])),
        ),
        data={"names": names, "read": seen, "clean": clean, **(_steps(view, cell, clean, seen) if proven else {})},
    )


def _steps(view: View, cell: int, clean: int, seen: int) -> dict[str, object]:
    """The three cells that take part, with the counts that order them: what a report needs to draw both replays."""
    steps = [[index, view.cell(index).execution_count, index == cell] for index in sorted({cell, clean, seen})]
    return {"replays": steps} if all(count is not None for _, count, _ in steps) else {}


_WHY = {
    Cause.MISSING: "is missing in a clean run, which stops at {cells}",
    Cause.CHANGED: "may have been read here as {cells} left it, further down",
    Cause.LATER: "comes from {cells}, which ran again after this cell",
    Cause.NEVER_RAN: "comes from {cells}, without a count",
    Cause.UNREACHED: "is missing in a clean run, which stops at {cells}",
    Cause.INHERITED: "comes from {cells}, in doubt too",
}


def _doubtful(view: View, cell: Cell, doubt: Doubt) -> Iterator[Hit]:
    """What the file makes possible but does not prove; the first read of a missing name is other rules' to tell."""
    if not doubt.cells:
        return
    name = doubt.names[0]
    use = view.flows[cell.index].uses[name]
    cells = [view.named(index) for index in doubt.cells[:3]] + ["others"] * (len(doubt.cells) > 3)
    why = _WHY[doubt.cause].format(cells=" and ".join([", ".join(cells[:-1]), cells[-1]] if cells[1:] else cells))
    also = f" (so {'is' if len(doubt.names) == 2 else 'are'} {', '.join(doubt.names[1:5])})" if doubt.names[1:] else ""
    follows = doubt.cause in (Cause.UNREACHED, Cause.INHERITED)
    yield Hit(
        f"`{name}` {why}{also}: the saved result may not be what this notebook computes. "
        "Restart the kernel and run all cells to know.",
        view.line_span(cell, use.position.line, use.position.column, _end(name, use.via, use.position.column)),
        severity=Severity.INFO if follows else Severity.WARNING,
        confidence=Confidence.LOW if follows else Confidence.MEDIUM,
        related=tuple(
            view.related(view.cell(index), f"`{name}`: why it is in doubt", _line(view, index, name))
            for index in doubt.cells[:3]
        ),
        data={"names": list(doubt.names), "cause": doubt.cause.name.lower(), "cells": list(doubt.cells)},
    )


def _end(name: str, via: str, column: int) -> int | None:
    return None if via else column + len(name)


def _line(view: View, cell: int, name: str) -> int:
    ranges = view.flows[cell].lines.get(name, ())
    return ranges[-1][0] if ranges else 1


RULE = Rule(
    code="EX001",
    slug="stale-dependency",
    severity=Severity.ERROR,
    check=check,
    bad=(
        example(
            code("rate = 0.1", count=1),
            code("total = 100 * (1 + rate)\ntotal", result("150.0"), count=4),
            code("rate = 0.5", count=3),
            note="In[4] read the rate of In[3], which stands below it",
        ),
        example(
            code("k = 3", count=1),
            code("def scale(x):\n    return k * x", count=2),
            code("scale(2)", result("10"), count=4),
            code("k = 5", count=3),
            note="a function reads its globals when it is called",
        ),
        example(
            code("a = 1", count=1),
            code("a = 2", count=7),
            code("a + 1", result("3"), count=4),
            note="a warning: In[7] may have run before In[4] too, a run is missing in between",
        ),
        example(
            code("rate = 0.1", count=4),
            code("total = 100 * (1 + rate)\ntotal", result("110.0"), count=2),
            code("half = total / 2", count=3),
            note="warnings: In[4] ran again, perhaps edited, after In[2]; In[3] reads what In[2] computed",
        ),
    ),
    good=(
        example(code("a = 1", count=1), code("a + 1", result("2"), count=2)),
        example(
            code("a = 1", count=1),
            code("a + 1", result("2"), count=3),
            code("a = 1", count=2),
            note="the same definition twice does no harm",
        ),
        example(
            code("import numpy as np", count=2),
            code("np.zeros(2)", result("array([0., 0.])"), count=5),
            code("import numpy as np", count=4),
        ),
    ),
)
