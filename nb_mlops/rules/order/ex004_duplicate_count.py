"""The same execution count stands on several cells.

## What it does

Looks for counts that more than one code cell bears. A kernel gives each count once, so such cells ran in different
sessions, or one of them is a copy (or one half of a cell that was split) that was not run since. It is called a copy
when both have the same source or, where the front end notes times, the same time. One finding per notebook. A count
that nearly all cells bear is no count of a kernel (some tools write a constant) and is left alone.
Where several counts stand twice, the results in doubt are listed here, and EX001 is silent: nobody can tell the order.

## Why is this bad?

Saved results of two sessions stand side by side as if they were of one. What one session had in memory the other had
not, and no order can be read from the counts any more.

## What to do

Restart the kernel, run all cells, save.

## False positives

None are known: a kernel does not give a count twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import Needing, View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout


def check(view: View) -> Iterator[Hit]:
    """One hit: the first pair that is not a copy; if there is none, the first copy."""
    counts = view.replays.session.counts
    bearers: dict[int, list[int]] = {}
    for cell, count in counts.items():
        bearers.setdefault(count, []).append(cell)
    groups = {count: cells for count, cells in bearers.items() if len(cells) > 1}
    if not groups or max(map(len, groups.values())) > max(2, len(counts) // 2):
        return
    pairs = [(cells[0], other) for cells in groups.values() for other in cells[1:]]
    different = [pair for pair in pairs if not _same_source(view, *pair) and not _same_time(view, *pair)]
    # Two cells of one count that follow each other are often one cell that was split: others tell more.
    chosen = min(different or pairs, key=lambda pair: (pair[1] == pair[0] + 1, pair[1], pair[0]))
    yield _hit(view, *chosen, copied=not different, counts=len(groups))


def _same_source(view: View, one: int, other: int) -> bool:
    return view.cell(one).source.strip() == view.cell(other).source.strip()


def _same_time(view: View, one: int, other: int) -> bool:
    """Whether a copy brought the time of its run along."""
    times = view.times
    return one in times and other in times and times[one] == times[other]


def _hit(view: View, first: int, second: int, copied: bool, counts: int) -> Hit:
    cell = view.cell(second)
    also = f" ({counts} counts stand on several cells)" if counts > 1 else ""
    who = f"In[{cell.execution_count}] stands on cell {first + 1} and on cell {second + 1}{also}"
    proven = first in view.times and second in view.times and view.times[first].source == view.times[second].source
    if copied:
        message = f"{who}: one is a copy of the other that was not run since. Run it, or delete it."
    elif proven:
        message = (
            f"{who}, and they ran at different times: the saved results come from more than one session and need not "
            "fit together. Restart the kernel, run all cells and save."
        )
    else:
        message = (
            f"{who}, and a kernel gives a count only once: the saved results come from more than one session, or one "
            f"of the cells was {'split in two' if second == first + 1 else 'copied and edited'}. "
            "Restart the kernel, run all cells and save."
        )
    needing = view.out_of_order() if view.replays.session.mixed and view.notebook.is_python else Needing()
    doubtful = sorted({index for index, _, _ in needing.data})
    if doubtful:
        message += f" In doubt are {view.listed(doubtful)}, which read what other cells may have left in another order."
    return Hit(
        message,
        view.line_span(cell),
        severity=Severity.INFO if copied else None,
        confidence=Confidence.HIGH if proven or not copied else Confidence.MEDIUM,
        related=(view.related(view.cell(first), "the same count"), *needing.places),
        data={
            "count": cell.execution_count,
            "cells": [first, second],
            "affected": [[index, "follows", False] for index in doubtful],
        },
    )


RULE = Rule(
    code="EX004",
    slug="duplicate-count",
    severity=Severity.WARNING,
    check=check,
    every_language=True,
    bad=lambda: (
        example(
            code("width = 9", count=1),
            code("print(width)", stdout("9\n"), count=2),
            code("width * 2", result("18"), count=2),
        ),
        example(
            code("width = 9", count=1),
            code("print(width)", stdout("9\n"), count=2),
            code("print(width)", stdout("9\n"), count=2),
            note="information: a copied cell",
        ),
    ),
    good=lambda: (
        example(code("width = 9", count=1), code("width", result("9"), count=2)),
        example(code("width = 9"), code("print(width)")),
        example(
            code("width = 9", count=1),
            code("height = 9", count=1),
            code("depth = 9", count=1),
            note="a tool that writes the same count everywhere",
        ),
        example(code("width = 9", count=0), code("height = 9", count=0)),
    ),
)
