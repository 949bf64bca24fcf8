"""The cells were run in another order than they stand, and it makes no difference.

## What it does

Replays the notebook from top to bottom and in the order of the execution counts. Where the counts go down somewhere but
every name that any cell reads has the same definition, changed by the same cells, in both, it says so, once. Where
something differs, EX001, EX005 and EX006 speak instead; where a count stands on several cells, EX004 does.

## Why is this bad?

It is not, yet: the saved results are those of a clean run, as far as names tell. Files, random numbers and clocks may
still have seen another order.

## What to do

Restart the kernel, run all cells and save, before the next edit makes the order matter.

## False positives

None by construction: the counts are in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit: the first cell whose count is lower than that of the cell above it."""
    counts = view.replays.session.counts
    earlier = [(above, below) for above, below in pairwise(sorted(counts)) if counts[below] < counts[above]]
    if not earlier or view.replays.session.repeated or not _same_reads(view):
        return
    above, below = earlier[0]
    yield Hit(
        f"{view.named(below)} ran before {view.named(above)}, which stands above it. Every cell still read what a "
        "clean run gives it. Restart the kernel, run all cells and save, before the order begins to matter.",
        view.line_span(view.cell(below)),
        data={"descents": len(earlier)},
    )


def _same_reads(view: View) -> bool:
    """Whether every read of every cell that ran sees the same definitions and changes in both orders."""
    document, recorded = view.replays.document, view.replays.recorded
    return all(
        document.version(cell, name) == recorded.version(cell, name)
        for cell in recorded.order
        for name in view.flows[cell].uses
    )


RULE = Rule(
    code="EX002",
    slug="out-of-order-harmless",
    severity=Severity.INFO,
    check=check,
    default=False,
    bad=lambda: (
        example(
            code("width = 9", count=1),
            code("width * 2", result("18"), count=3),
            code("width * 3", result("27"), count=2),
        ),
    ),
    good=lambda: (
        example(code("width = 9", count=1), code("width * 2", result("18"), count=2)),
        example(
            code("width = 9", count=1),
            code("width * 2", result("10"), count=3),
            code("width = 5", count=2),
            note="not harmless: EX001",
        ),
    ),
)
