"""From the records of all runs to a verdict: is this notebook reproducible, and if not, where and why not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from nb_mlops.checker import findings as say
from nb_mlops.checker.circumstances import circumstances
from nb_mlops.checker.compare_runs import RunComparison, compare_runs
from nb_mlops.checker.culprit import culprit
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord, RunStatus

_RELATED = 10


class Verdict(str, Enum):
    """What came of a check."""

    REPRODUCIBLE = "reproducible"
    NOT_REPRODUCIBLE = "not-reproducible"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One declared metric: its value in the base run, and in all runs that declared it."""

    name: str
    value: float
    higher_is_better: bool | None
    cell: int | None
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with its reasons. `forgiven` names the kinds of differences that were seen and do not count."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    forgiven: tuple[str, ...] = ()
    comparisons: tuple[RunComparison, ...] = field(default=())


def judge(
    notebook: Notebook,
    records: Sequence[RunRecord],
    tolerances: Tolerances,
    key_path: str = "",
) -> Judgement:
    """Judge the runs of one notebook; `records[0]` is the base run, the only one that saves the model.

    `key_path` is the signing key as the records would show it.
    """
    base, others = records[0], records[1:]
    comparisons = tuple(compare_runs(base, other, tolerances) for other in others if base.ok and other.ok)
    found = [
        *_failures(notebook, records),
        *_differences(notebook, comparisons),
        *circumstances(notebook, records, key_path),
    ]
    if base.ok and base.model and not base.model.path:
        words = "A model was declared but not saved, so nothing could be registered. Declare it in a cell of its own."
        found.append(say.finding(say.MODEL_NOT_SAVED, notebook, words, base.model.cell))
    if base.ok and not others:
        words = "One run proves nothing: nobody saw whether it gives the same answer twice. Check with --repeat 3."
        found.append(say.finding(say.NOT_REPEATED, notebook, words))
    return Judgement(
        verdict=_verdict(base, found),
        findings=tuple(sorted(found, key=lambda f: (-f.severity.rank, f.sort_key))),
        metrics=_metrics(records),
        forgiven=tuple(sorted(frozenset().union(*(c.forgiven for c in comparisons)))),
        comparisons=comparisons,
    )


def _verdict(base: RunRecord, found: Sequence[Finding]) -> Verdict:
    if not base.ok:
        return Verdict.FAILED
    errors = any(finding.severity is Severity.ERROR for finding in found)
    return Verdict.NOT_REPRODUCIBLE if errors else Verdict.REPRODUCIBLE


def _failures(notebook: Notebook, records: Sequence[RunRecord]) -> Iterator[Finding]:
    """The base run's failure, or that a repeat failed where the base run did not."""
    base = records[0]
    if not base.ok:
        yield say.finding(say.RUN_FAILED, notebook, f"{_ending(base)} {_way_out(base)}", _cell(base))
        return
    for record in records[1:]:
        if not record.ok:
            words = f"Run {record.label} failed where the first one did not: {_ending(record)}"
            hint = _changed(record) or "Look for what the first run left behind: files, folders, a database."
            yield say.finding(say.REPEAT_FAILED, notebook, f"{words} {hint}", _cell(record))
            return


def _ending(record: RunRecord) -> str:
    error = record.error
    if error is None:
        return f"The run ended as `{record.status.value}`."
    if record.status is RunStatus.CELL_FAILED:
        message = say.safe(error.value)
        return f"This cell raised `{error.name}`" + (f" ({message})." if message else ".")
    return say.safe(error.value)


_USUAL = {
    "NameError": "No cell above it defines that name any more; `nb-mlops lint` shows what a new kernel does not know.",
    "ModuleNotFoundError": "Install it in the kernel's environment, and declare it for others.",
    "FileNotFoundError": "Runs start in the notebook's own folder: is the file there, and by that path?",
}


def _way_out(record: RunRecord) -> str:
    if record.status is RunStatus.CELL_FAILED and record.error and record.error.name in _USUAL:
        return f"Nothing below it was run. {_USUAL[record.error.name]}"
    return {
        RunStatus.CELL_FAILED: "Nothing below it was run. Mend it, or tag the cell `raises-exception` if it is meant.",
        RunStatus.KERNEL_DIED: "Nothing below this cell was run. Give it less data, or the machine more memory.",
        RunStatus.TIMED_OUT: "Raise `timeout` or `cell-timeout` in [tool.nb-mlops.check], or let it do less.",
        RunStatus.NOT_STARTED: "Nothing was run.",
    }.get(record.status, "")


def _cell(record: RunRecord) -> int | None:
    return record.error.cell if record.error else None


def _changed(record: RunRecord) -> str:
    if not record.factors:
        return ""
    return f"It ran with {', '.join(f'{k}={v}' for k, v in record.factors.items())}."


def _differences(notebook: Notebook, comparisons: Sequence[RunComparison]) -> Iterator[Finding]:
    parted = [comparison for comparison in comparisons if not comparison.same]
    if not parted:
        return
    # A plain repeat that parts explains more than one with another hash seed, which parts for both reasons.
    first = next((comparison for comparison in parted if not comparison.factors), parted[0])
    if first.cells:
        yield _output(notebook, first)
    elif first.factors:
        yield say.finding(say.HASH_SEED, notebook, _HASH_WORDS.format(run=first.label))
    for name, words in first.metrics.items():
        message = (
            f"The metric `{name}` is not the same in every run ({words} in {first.label}): a comparison with it would "
            "be a comparison with chance. Make what it is computed from repeatable."
        )
        yield say.finding(say.METRIC_DIFFERS, notebook, message)
    if first.model:
        message = (
            f"The model is another one in {first.label} ({first.model}): the one registered would be one of many. "
            "Seed its training (`random_state=…`) and sort what it is trained on."
        )
        yield say.finding(say.MODEL_DIFFERS, notebook, message)


_HASH_WORDS = (
    "The answer depends on the order of a set: only {run}, which had another PYTHONHASHSEED, differs. Every new kernel "
    "draws another one. Sort sets before going through them (`sorted(…)`)."
)


def _output(notebook: Notebook, comparison: RunComparison) -> Finding:
    """The first cell whose output parts, with the cell it comes from, and the other cells that part too."""
    shown = min(comparison.cells)
    origin = culprit(notebook, shown, comparison)
    also = [
        say.related(notebook, cell, f"differs too ({words})")
        for cell, words in sorted(comparison.cells.items())
        if cell != shown
    ][:_RELATED]
    where = "this cell"
    if origin.cell != shown:
        where = f"`{origin.variable}`, which another cell makes"
        also.insert(0, say.related(notebook, origin.cell, f"`{origin.variable}` comes out differently here"))
    because = f": {origin.cause}" if origin.cause else ""
    what = f"The output of this cell is not the same in {comparison.label} ({comparison.cells[shown]})"
    if comparison.factors:
        message = (
            f"{what}, which had another PYTHONHASHSEED, as every new kernel has: the order of a set is not fixed. "
            f"It comes from {where}{because}. {origin.remedy}."
        )
        return say.finding(say.HASH_SEED, notebook, message, shown, tuple(also))
    remedy = origin.remedy or "Find what is drawn anew in each run: random numbers, the clock, files of an earlier run"
    message = f"{what}, so nobody knows which answer is right. It comes from {where}{because}. {remedy}."
    return say.finding(say.OUTPUT_DIFFERS, notebook, message, shown, tuple(also))


def _metrics(records: Sequence[RunRecord]) -> tuple[MetricRow, ...]:
    """The metrics of the base run; one that is declared several times stands once, with its last value."""
    rows = {}
    for metric in records[0].metrics:
        last = [[m.value for m in record.metrics if m.name == metric.name] for record in records]
        values = tuple(found[-1] for found in last if found)
        rows[metric.name] = MetricRow(metric.name, metric.value, metric.higher_is_better, metric.cell, values)
    return tuple(rows.values())
