"""From records and verdict to the paper that vouches for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nb_mlops.checker.plan import Plan
from nb_mlops.checker.tables import table_facts
from nb_mlops.checker.verdict import Judgement
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Environment, Metric, RunRecord
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.check import (
    CheckedModel,
    CheckPredicate,
    RunSummary,
    Surroundings,
    Tolerance,
)

_REASONS = {
    "clock": "moments less than an hour apart are the clock of the runs",
    "image bytes": "the same pixels, stored differently",
    "memory address": "an address is drawn anew by every process",
    "pixels": "within the root mean square that the settings allow",
    "random id": "an id of a part of a display, drawn anew each time",
    "rounding": "within the tolerance of numbers",
    "temporary path": "a file or folder that only one run had",
    "timing": "how long something took is not an answer",
}


def check_predicate(
    tool: str,
    notebook: Notebook,
    plan: Plan,
    records: Sequence[RunRecord],
    judgement: Judgement,
    model_files: Mapping[str, str],
    issued: str,
) -> CheckPredicate:
    """The evidence of a check. `notebook.path` is relative to the project; `model_files` are empty without a model."""
    base = records[0]
    model = base.model
    return CheckPredicate(
        tool=tool,
        notebook=NotebookRef(notebook.path, notebook_digest(notebook)),
        parameters=dict(plan.base.parameters),
        data=base.files_read,
        environment=_surroundings(base.environment),
        runs=tuple(RunSummary(r.label, r.status.value, dict(r.factors), r.seconds) for r in records),
        verdict=judgement.verdict.value,
        tolerances=_tolerances(plan, judgement),
        metrics=tuple(Metric(row.name, row.value, row.higher_is_better, row.cell) for row in judgement.metrics),
        model=CheckedModel(model.kind, model.name, model_files) if model and model_files else None,
        issued=issued,
        tables=table_facts(base),
    )


def _surroundings(environment: Environment) -> Surroundings:
    return Surroundings(
        environment.python, environment.implementation, environment.platform, dict(environment.packages)
    )


def _tolerances(plan: Plan, judgement: Judgement) -> tuple[Tolerance, ...]:
    """What numbers were allowed, and every kind of difference that was seen and set aside, with its reason."""
    own = plan.tolerances
    numbers = Tolerance("numbers", own.rtol, own.atol, "runs in one environment, on one machine")
    return (numbers, *(Tolerance(kind, 0.0, 0.0, _REASONS.get(kind, "")) for kind in judgement.forgiven))
