"""From the records of all runs to a verdict: is this notebook reproducible, and if not, where and why not?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from nb_mlops.checker import findings as say
from nb_mlops.checker.circumstances import circumstances, undeclared
from nb_mlops.checker.compare_runs import RunComparison, compare_runs
from nb_mlops.checker.declared import undeclared_packages
from nb_mlops.checker.diagnose import Cause, cause
from nb_mlops.checker.differences import differences, failures, seed_findings, unseen_draws
from nb_mlops.checker.factors import decides
from nb_mlops.checker.saved import SavedCell, compare_saved, saved_findings
from nb_mlops.checker.tables import table_findings
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace


class Verdict(str, Enum):
    """What came of a check."""

    REPRODUCIBLE = "reproducible"
    NOT_REPRODUCIBLE = "not-reproducible"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One declared metric: its value in the base run, and by its label in each run that declared it."""

    name: str
    value: float
    higher_is_better: bool | None
    cell: int | None
    by_run: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with its reasons.

    `forgiven` names the kinds of differences that were seen and do not count. `cause` says why the first run failed,
    None when it did not. `culprit` names the factors that alone, or together, make runs part; `saved` are the cells
    that show something else than when the notebook was saved.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    forgiven: tuple[str, ...] = ()
    comparisons: tuple[RunComparison, ...] = field(default=())
    cause: Cause | None = None
    culprit: tuple[str, ...] = ()
    saved: tuple[SavedCell, ...] = ()


# Which packages are imported and not declared: a run that could watch tells it with their versions.
_PACKAGES = ("RE003", "RE004")


def judge(
    notebook: Notebook,
    records: Sequence[RunRecord],
    tolerances: Tolerances,
    key_path: str = "",
    declared: Sequence[str] = (),
    packages: Collection[str] | None = None,
    read: Sequence[Finding] = (),
) -> Judgement:
    """Judge the runs of one notebook; `records[0]` is the base run, the only one that saves the model.

    `key_path` is the signing key as the records would show it; `declared` are patterns of the files that may be read,
    `packages` the distributions that the project declares (None: it declares none), `read` what the linter found.
    """
    base, others = records[0], records[1:]
    comparisons = tuple(
        compare_runs(base, other, tolerances) for other in others if base.ok and other.ok and decides(other)
    )
    saved = compare_saved(notebook, base, comparisons, tolerances)
    parted = differences(notebook, comparisons)
    found = [
        *failures(notebook, records),
        *parted.findings,
        *unseen_draws(notebook, base, comparisons),
        *seed_findings(notebook, records, tolerances),
        *circumstances(notebook, records, key_path),
        *undeclared(notebook, records, declared),
        *undeclared_packages(notebook, base, packages),
        *static_findings(read, _PACKAGES if base.environment.modules else ()),
        *saved_findings(notebook, saved),
        *table_findings(notebook, base),
    ]
    if base.ok and base.model and not base.model.path:
        words = "A model was declared but not saved, so nothing could be registered. Declare it in a cell of its own."
        found.append(say.finding(say.MODEL_NOT_SAVED, notebook, words, base.model.cell))
    if base.ok and not others:
        words = "One run proves nothing: nobody saw whether it gives the same answer twice. Check with --repeat 3."
        found.append(say.finding(say.NOT_REPEATED, notebook, words))
    return Judgement(
        verdict=_verdict(base, found),
        findings=tuple(sorted(found, key=lambda f: (-f.severity.rank, f.span is None, f.sort_key))),
        metrics=_metrics(records),
        forgiven=tuple(sorted(frozenset().union(*(c.forgiven for c in comparisons)))),
        comparisons=comparisons,
        cause=None if base.ok else cause(notebook, base),
        culprit=parted.culprit,
        saved=saved,
    )


def static_findings(read: Sequence[Finding], seen: Collection[str] = ()) -> Iterator[Finding]:
    """Of what the linter found, what bears on running again elsewhere. The runs decide, so none counts as an error;
    what they have `seen` with their own eyes is left to them."""
    for finding in read:
        if finding.code.startswith("RE") and finding.code not in seen and finding.severity is not Severity.INFO:
            yield replace(finding, severity=Severity.WARNING)


def _verdict(base: RunRecord, found: Sequence[Finding]) -> Verdict:
    if not base.ok:
        return Verdict.FAILED
    errors = any(finding.severity is Severity.ERROR for finding in found)
    return Verdict.NOT_REPRODUCIBLE if errors else Verdict.REPRODUCIBLE


def _metrics(records: Sequence[RunRecord]) -> tuple[MetricRow, ...]:
    """The metrics of the base run; one that is declared several times stands once, with its last value."""
    rows = {}
    for metric in records[0].metrics:
        by_run = {record.label: m.value for record in records for m in record.metrics if m.name == metric.name}
        rows[metric.name] = MetricRow(metric.name, metric.value, metric.higher_is_better, metric.cell, by_run)
    return tuple(rows.values())
