"""A saved result comes from another definition than a clean run would use.

## What it does

Replays the notebook twice from the file alone: top to bottom, as Restart & Run All would, and in the order of the
execution counts. Where cells that ran read a name otherwise than a clean run reads it, their saved results belong to a
notebook that no longer exists. There is one finding for each cell that is to blame: one that ran ahead of cells above
it, or again after cells below it. It lists the cells that read what it did, and those that build on them.

An error where the file proves it: both definitions ran, their code differs, and no run that could have restored the
other one is missing between them; a store such as `df["a"] = …` or `rows.append(…)` ran before the reader, or cannot
have; the saved output shows another value than the one that the cell sets now. A warning where the file cannot tell:
the cell ran again after its readers, edited before or not. Where the saved output shows the very value that the cell
sets now, the reader is left alone, and so is one that looks at other columns than those that the cell changes. Where
several counts stand on two cells each, the order is not known, and EX004 speaks for all of it.

## Why is this bad?

The number under the cell looks like the result of the code above it, and is not. Whoever runs the notebook again gets
another one, and nobody notices which of the two went into the report.

## What to do

Run the listed cells again, or restart the kernel, run all cells, look at what changed, save. If the recorded order was
the right one, move the cell to where it ran, or give its value a name of its own.

## False positives

Two definitions that differ as text but give the same value; a cell that ran again as it was. Suppress the finding on
the cell that it names, the one that is to blame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from nb_mlops.analysis.staleness import Affected, Cause, How, Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.wording import listed
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per cell that is to blame, and what it did; one for cells that ran again one right after the other."""
    if view.replays.session.mixed:
        return  # the counts of several sessions give no order: EX004 tells of all that hangs on it
    for kind in (Kind.AHEAD, Kind.LATER, Kind.WIPED):
        found = [c for c in view.causes if c.kind is kind and any(reader.sure for reader in c.readers)]
        for passed in _passes(view, found) if kind is Kind.LATER else ([cause] for cause in found):
            yield _hit(view, passed)


def _passes(view: View, causes: Iterable[Cause]) -> list[list[Cause]]:
    """Causes in groups: neighbours in the document that ran one right after the other are one pass over the cells."""
    below = {one.index: other.index for one, other in pairwise(view.code_cells)}
    counts = view.replays.session.counts
    groups: list[list[Cause]] = []
    for cause in causes:
        last = groups[-1][-1] if groups else None
        if last and below.get(last.cell) == cause.cell and counts[last.cell] + 1 == counts[cause.cell]:
            groups[-1].append(cause)
        else:
            groups.append([cause])
    return groups


def _hit(view: View, passed: Sequence[Cause]) -> Hit:
    cause = passed[0]
    ran = {one.cell for one in passed}
    reads = [r for one in passed for r in one.readers if r.sure and r.cell not in ran]
    reads = [r for r in reads if r.proven] or reads
    readers = _one_each(reads)
    follow = [a for one in passed for a in one.affected if a.cell not in ran | {r.cell for r in readers}]
    names = tuple(dict.fromkeys(read.name for read in reads))
    proven = readers[0].proven
    others = _one_each(follow)
    return Hit(
        f"{_what(view, passed, names, readers)}: {_harm(cause.kind, readers, names)}. {_more(view, others)}"
        f"{_way_out(cause.kind, [*readers, *others])}",
        view.line_span(view.cell(cause.cell), _line(view, cause)),
        severity=Severity.ERROR if proven else Severity.WARNING,
        confidence=Confidence.HIGH if proven else Confidence.MEDIUM,
        related=tuple(view.related(view.cell(a.cell), _part(a), view.read_line(a)) for a in [*readers, *others]),
        data={
            "names": list(names),
            "cause": cause.kind.value,
            "affected": [[a.cell, a.how.value, a.proven] for a in [*readers, *others]],
            "replays": _steps(view, cause, readers[0]),
        },
    )


def _one_each(affected: Iterable[Affected]) -> list[Affected]:
    best: dict[int, Affected] = {}
    for one in affected:
        best.setdefault(one.cell, one)
    return [best[cell] for cell in sorted(best)]


def _what(view: View, passed: Sequence[Cause], names: Sequence[str], readers: Sequence[Affected]) -> str:
    """The cell, what it did, and when beside its readers."""
    cause = passed[0]
    verb = "set" if names[0] in view.flows[cause.cell].binds else "changed"
    until = f" and down to {view.listed([passed[-1].cell])}" if passed[1:] else ""
    subject = f"{_joined(names)} {'were' if names[1:] else 'was'} {verb} here{until}"
    them = "them" if names[1:] else "it"
    cells = view.listed([reader.cell for reader in readers])
    if cause.kind is Kind.LATER:
        return f"{subject} after {cells} below had read {them}"
    if cause.kind is Kind.WIPED:
        wiped = view.listed(sorted({r.clean for r in readers if r.clean is not None}))
        return f"{subject} anew after {wiped} had changed {them}, and {cells} read {them} without that"
    if readers[0].cell < cause.cell:
        return f"{subject} before {cells} above read {them}"
    clean = readers[0].clean
    after = f", again after {view.listed([clean])}, which stands below," if clean is not None else " out of order,"
    return f"{subject}{after} and {cells} read {them} so"


def _harm(kind: Kind, readers: Sequence[Affected], names: Sequence[str]) -> str:
    result, are, come = ("those saved results", "are", "come") if readers[1:] else ("that saved result", "is", "comes")
    if readers[0].proven:
        return f"{result} {come} from another {_joined(names)} than a clean run gives"
    if kind is Kind.LATER:
        return f"{result} {are} older than this run, and wrong if it was edited"
    return f"{result} may not be what this notebook computes"


def _more(view: View, others: Sequence[Affected]) -> str:
    cells = view.listed([a.cell for a in others]) if others else ""
    return f"{cells} {'build' if others[1:] else 'builds'} on that. " if others else ""


def _way_out(kind: Kind, affected: Sequence[Affected]) -> str:
    if kind is Kind.LATER:
        these = "these cells again, from top to bottom" if affected[1:] else "that cell again"
        return f"Run {these}, or restart the kernel and run all cells, and save."
    return "Restart the kernel, run all cells and save; if the order of the runs was right, move the cell."


def _part(affected: Affected) -> str:
    if affected.how is not How.READS:
        return f"builds on it, through `{affected.name}`"
    return f"{'read' if affected.proven else 'may have read'} another `{affected.name}` than a clean run gives"


def _steps(view: View, cause: Cause, reader: Affected) -> list[list[object]]:
    """The cells that take part, with the counts that order them: what a report needs to draw both replays."""
    cells = {reader.cell, cause.cell} | {cell for cell in (reader.read, reader.clean) if cell is not None}
    steps: list[list[object]] = [[i, view.cell(i).execution_count, i == reader.cell] for i in sorted(cells)]
    return steps if all(count is not None for _, count, _ in steps) else []


def _line(view: View, cause: Cause) -> int:
    ranges = view.flows[cause.cell].lines.get(cause.readers[0].name, ())
    return ranges[-1][0] if ranges else 1


def _joined(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:3]] + ([f"{len(names) - 3} more"] if names[3:] else [])
    return listed(shown)


RULE = Rule(
    code="EX001",
    slug="stale-dependency",
    severity=Severity.ERROR,
    check=check,
    bad=lambda: (
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
    good=lambda: (
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
