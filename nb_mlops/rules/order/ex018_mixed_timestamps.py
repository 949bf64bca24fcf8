"""The times at which cells ran contradict their execution counts.

## What it does

Compares the counts with the times that the front end noted in the cells (`metadata.execution` of JupyterLab,
`ExecuteTime` of the extension of that name and of PyCharm). Counts start again at 1 with every kernel, times do not:
a cell with a lower count that ran later ran in another session. Differences of less than two seconds are left alone.
One finding per notebook, at the first cell that is out of line.

## Why is this bad?

The saved results come from several sessions of the kernel. What one session had in memory the other had not, so the
results need not fit together, and the counts do not tell in which order they came about.

## What to do

Restart the kernel, run all cells, save.

## False positives

A front end that noted times once and no longer does leaves old times under new counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_SKEW = timedelta(seconds=2)


def check(view: View) -> Iterator[Hit]:
    """One hit: the first two cells, by count, whose times say the opposite."""
    counts = view.replays.session.counts
    timed = sorted((view.times[cell].source, count, cell) for cell, count in counts.items() if cell in view.times)
    late: list[tuple[int, int]] = []
    for _, group in groupby(timed, key=lambda entry: entry[0]):
        latest = -1
        for _, count, cell in group:
            if latest >= 0 and count > counts[latest] and view.times[cell].start + _SKEW < view.times[latest].start:
                late.append((latest, cell))
            if latest < 0 or view.times[cell].start > view.times[latest].start:
                latest = cell
    if late:
        yield _hit(view, *late[0], more=len(late) - 1)


def _hit(view: View, later: int, earlier: int, more: int) -> Hit:
    others = f" and {more} further cell{'s' * (more > 1)} with higher counts" if more else ""
    return Hit(
        f"{view.named(later)} ran on {_when(view, later)}, "
        f"after {view.named(earlier)} ({_when(view, earlier)}){others}: "
        "the kernel was restarted in between, so the saved results come from more than one session. "
        "Restart the kernel, run all cells and save.",
        view.line_span(view.cell(later)),
        related=(view.related(view.cell(earlier), "a higher count, but an earlier run"),),
        data={"later": later, "earlier": earlier},
    )


def _when(view: View, cell: int) -> str:
    return f"{view.times[cell].start:%Y-%m-%d %H:%M:%S}"


def _at(time: str) -> dict[str, object]:
    return {"iopub.execute_input": f"2024-03-01T{time}Z", "shell.execute_reply": f"2024-03-01T{time}Z"}


RULE = Rule(
    code="EX018",
    slug="mixed-timestamps",
    severity=Severity.WARNING,
    check=check,
    every_language=True,
    bad=lambda: (
        example(
            code("rate = 0.1", count=1, execution=_at("09:00:00.000")),
            code("total = 100 * rate", count=2, execution=_at("08:00:00.000")),
            note="In[1] ran an hour after In[2]: in another session",
        ),
        example(
            code("limit = 9", count=3, ExecuteTime={"start_time": "2024-03-02T10:00:00Z"}),
            code("limit", result("9"), count=4, ExecuteTime={"start_time": "2024-03-01T10:00:00Z"}),
        ),
    ),
    good=lambda: (
        example(
            code("rate = 0.1", count=1, execution=_at("09:00:00.000")),
            code("total = 100 * rate", count=2, execution=_at("09:00:01.5")),
        ),
        example(
            code("rate = 0.1", count=1, execution=_at("09:00:00.900")),
            code("total = 100 * rate", count=2, execution=_at("09:00:00")),
            note="less than two seconds: the clocks of two machines",
        ),
        example(
            code("rate = 0.1", count=1, execution=_at("09:00:00")),
            code("total = 100 * rate", count=2, ExecuteTime={"start_time": "2024-03-01T08:00:00Z"}),
            note="two sources of time are not compared",
        ),
        example(code("rate = 0.1", count=1), code("total = 100 * rate", count=2)),
    ),
)
