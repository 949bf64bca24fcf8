"""A cell that must not be run twice may have been: a run just before it left no trace.

## What it does

Looks for cells that silently give something else when they are run again (EX010), and whose execution count is not
preceded by the count of any cell in the notebook. The run that is missing was wiped out by a later one: of this very
cell, or of another that was then run again, edited or deleted. The file cannot tell which. Cells that would fail the
second time are left alone: no failure is stored.

## Why is this bad?

If it was this cell, its name holds the change twice, and every result below it shows that.

## What to do

Restart the kernel, run all cells, compare, save.

## False positives

Every session in which another cell was the one that ran twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Span
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per cell."""
    session = view.replays.session
    there = set(session.counts.values())
    if session.repeated:
        return
    for index, found in view.repeats.items():
        count = session.counts.get(index, 0)
        first = next((repeat for repeat in found if not repeat.fails), None)
        if first is None or count < 2 or count - 1 in there:
            continue
        if any(repeat.fails for repeat in found):
            continue  # the run that is stored did not fail, so it was the first
        yield Hit(
            f"No cell bears the count {count - 1}, which came just before this one: it may have been this cell itself, "
            f"and then `{first.name}` was changed twice. Restart the kernel, run all cells and save.",
            Span(index, "source", first.start, first.end),
            data={"name": first.name},
        )


RULE = Rule(
    code="EX011",
    slug="rerun-suspected",
    severity=Severity.WARNING,
    confidence=Confidence.LOW,
    check=check,
    default=False,
    bad=lambda: (
        example(
            code("total = 0", count=1), code("total += 5", count=3), code("total", result("10"), count=4), note="5 + 5"
        ),
    ),
    good=lambda: (
        example(code("total = 0", count=1), code("total += 5", count=2), code("total", result("5"), count=3)),
        example(code("seen = {'a': 1}", count=1), code("del seen['a']", count=3), note="twice, it would have failed"),
        example(code("total = 0", count=1), code("total = 5", count=3), code("total", result("5"), count=4)),
    ),
)
