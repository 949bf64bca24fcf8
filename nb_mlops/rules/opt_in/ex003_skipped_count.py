"""Runs of the session left no trace in the notebook.

## What it does

Looks for execution counts that no cell bears. A later run of the same cell, an edit or a deletion has wiped them out.
It is information, once per notebook; a warning where it matters: a cell reads a name that no cell of the file can have
defined before it, in no order, so that one of the lost runs did. Whether a lost run changed something twice is what
EX011 asks.

## Why is this bad?

Running cells again is how notebooks are written. But the session that gave these results is not the one that the file
shows, and what only the lost runs did is in no cell any more.

## What to do

Restart the kernel, run all cells and save: then the counts go from 1 to the last cell.

## False positives

None: the counts are in the file. Most gaps are harmless, which is why this rule is off by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit for the gaps together, and one for each name that only a lost run can have defined."""
    session = view.replays.session
    counts = sorted(set(session.counts.values()))
    if session.repeated or not counts or counts[-1] == len(counts):
        return
    by_count = {count: cell for cell, count in session.counts.items()}
    lost = counts[-1] - len(counts)
    _, after = max(pairwise([0, *counts]), key=lambda pair: pair[1] - pair[0])
    runs = "run" if lost == 1 else "runs"
    yield Hit(
        f"{lost} of the {counts[-1]} runs of this session left no trace{_which(counts)}: {runs} of cells that were "
        "run again, edited or deleted since. Restart the kernel, run all cells and save.",
        view.line_span(view.cell(by_count[after])),
        data={"lost": lost, "last": counts[-1]},
    )
    yield from _needed(view, counts)


def _which(counts: Sequence[int]) -> str:
    gaps = [(low + 1, high - 1) for low, high in pairwise([0, *counts]) if high - low > 1]
    names = [str(first) if first == last else f"{first} to {last}" for first, last in gaps[:3]]
    return f" ({', '.join(names)}{', …' if len(gaps) > 3 else ''})"


def _needed(view: View, counts: Sequence[int]) -> Iterator[Hit]:
    """Names that were there in the session though no cell that ran before can have defined them."""
    told: set[str] = set()
    recorded = view.replays.recorded
    for read in view.unmet:
        count = view.cell(read.cell).execution_count
        version = recorded.version(read.cell, read.name)
        if count is None or read.name in told or version.definitions or version.unknown:
            continue
        lost = count - sum(other <= count for other in counts)
        if lost > 0 and not any(output.error for output in view.cell(read.cell).outputs):
            told.add(read.name)
            position = read.use.position
            end = None if read.use.via else position.column + len(read.name)
            yield Hit(
                f"`{read.name}` was there when this cell ran, and no cell that ran before it defines it: "
                f"{'the lost run' if lost == 1 else f'one of the {lost} lost runs'} before it did. "
                "Write that code back above this cell.",
                view.line_span(view.cell(read.cell), position.line, position.column, end),
                severity=Severity.WARNING,
                data={"name": read.name},
            )


RULE = Rule(
    code="EX003",
    slug="skipped-count",
    severity=Severity.INFO,
    check=check,
    default=False,
    bad=lambda: (example(code("width = 9", count=1), code("width * 2", result("18"), count=4)),),
    good=lambda: (
        example(code("width = 9", count=1), code("width * 2", result("18"), count=2)),
        example(code("width = 9", count=2), code("width * 2", result("18"), count=1), note="no run is missing"),
        example(code("width = 9"), code("width * 2")),
    ),
)
