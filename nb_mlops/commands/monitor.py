"""monitor: are today's rows like those that the model was measured on, and is it as good on them? Changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from nb_mlops import __version__
from nb_mlops.commands.gate import gate
from nb_mlops.commands.steps.card import NoCardError
from nb_mlops.commands.steps.opened import chosen, model_of, opened
from nb_mlops.compare.drift import Change, changes, fallen
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate
from nb_mlops.evidence.strict import to_json
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside import artefacts, evaluator, kernel, run_one
from nb_mlops.outside.evaluator import EvaluationRefusedError
from nb_mlops.outside.files import project_root
from nb_mlops.outside.writing import told_when_unwritable
from nb_mlops.reporters.json import finding_json

_SLUGS = {
    "MO001": "column-missing",
    "MO002": "values-missing",
    "MO003": "values-out-of-range",
    "MO004": "labels-unknown",
    "MO005": "column-shifted",
    "MO006": "answers-shifted",
    "MO007": "metric-fallen",
    "MO008": "model-does-not-answer",
    "MO009": "not-a-number",
}


@dataclass(frozen=True, slots=True)
class Watch:
    """What was found: every column's change, the answers', the metric then and now, and what is alarming."""

    predicate: EvaluationPredicate
    data: str
    rows: int
    changes: tuple[Change, ...]
    answers: tuple[Change, ...]
    metric: Mapping[str, Any] | None
    more: tuple[str, ...]
    findings: tuple[Finding, ...]


def monitor(notebook: str, model: str, data: str) -> Watch:
    """Hold the rows of `data` against the profile in the model's signed evaluation, and let the model answer to them.

    Where they have the target, its metric is measured too. Raises NoCardError where the model was not evaluated,
    EvaluationRefusedError where the stored model is not the one that was checked, UsageError for a file that cannot be
    read.
    """
    run_one.require("monitor")
    settings = chosen(notebook, {})
    verdict = gate(notebook, model := model_of(notebook, model))
    signed = verdict.dossier.papers.find(EvaluationPredicate)
    if signed is None:
        text = f"`{model}` was not evaluated, so what its rows were like is not known."
        rows = "" if verdict.dossier.holdout else " --holdout FILE"
        way = f"Run `nb-mlops evaluate {quote(notebook)} --model {quote(model)}{rows}`."
        raise NoCardError(text, way)
    run_one.sweep()
    with told_when_unwritable("Nothing was compared"), run_one.scratch_folder() as scratch:
        found = _asked(notebook, data, signed.predicate, verdict, settings, scratch)
    profile = [to_json(one) for one in signed.predicate.profile]
    watch = Watch(
        predicate=signed.predicate,
        data=artefacts.project_path(project_root(notebook), data),
        rows=found["rows"],
        changes=changes([one for one in profile if not one["kind"].startswith("answer")], found["columns"]),
        answers=changes([one for one in profile if one["kind"].startswith("answer")], found["answers"]),
        metric=found["metric"],
        more=tuple(found["more"]),
        findings=(),
    )
    return replace(watch, findings=tuple(_alarms(watch, found["problem"], settings.gate.champion_tolerance)))


def _asked(
    notebook: str, data: str, told: EvaluationPredicate, verdict: Verdict, settings: Settings, scratch: Path
) -> dict[str, Any]:
    root = project_root(notebook)
    folder = scratch / "model"
    check = verdict.dossier.papers.check
    shutil.copytree(artefacts.model_path(root, told.model.digest), folder, symlinks=True)
    if check is None or check.model is None or artefacts.hash_tree(folder) != check.model.files:
        raise EvaluationRefusedError("The stored model is not the one that was checked.", "Check the notebook again.")
    try:
        shutil.copyfile(data, scratch / "rows")
    except OSError as error:
        raise UsageError(
            f"`{data}` cannot be read: {error.strerror}.", "Name a file of new rows: --data FILE."
        ) from error
    own = settings.models.get(told.model.name)
    request = {
        "model": str(folder),
        "data": str(scratch / "rows"),
        "data_name": Path(data).name,
        "target": told.target,
        "groups": list(own.groups) if own else [],
        "metric": told.metric.name if told.metric.higher_is_better else f"neg_{told.metric.name}",
        "labels": dict(label.split("=", 1) for label in (own.labels if own else ()) if "=" in label),
        "profile": [to_json(one) for one in told.profile],
        "allow_pickle": settings.gate.allow_pickle,
        "scratch": str(scratch),
    }
    python = kernel.python_of(settings.check.kernel, opened(notebook)[1].metadata)
    return evaluator.evaluate("drift", request, scratch, python, settings.check.timeout)


def _alarms(watch: Watch, problem: str, tolerance: float) -> Iterator[Finding]:
    for one in watch.changes:
        yield from _of_column(watch, one)
    for one in watch.answers:
        if one.shifted:
            text = f"The model's answers are spread otherwise than when it was evaluated ({_shift(one)})."
            yield _alarm(watch, "MO006", text, "See which columns shifted; measure it on rows with the right answers.")
    if problem:
        text = f"The model does not answer to these rows: {problem.rstrip('.')}."
        yield _alarm(watch, "MO008", text, "Send it what it takes, or make a model that takes these.", Severity.ERROR)
    drop = watch.metric and fallen(to_json(watch.predicate.metric), watch.metric, tolerance)
    if drop:
        name, lost = watch.predicate.metric.name, [f"{value:.3g}" for value in drop]
        text = f"The metric {name} fell by {lost[0]} (95 %: {lost[1]} to {lost[2]}) against the evaluation."
        yield _alarm(
            watch, "MO007", text, "Train on newer rows, or go back to a version that does better.", Severity.ERROR
        )


def _of_column(watch: Watch, one: Change) -> Iterator[Finding]:
    name = f"The column `{one.name}`"
    if not one.there:
        yield _alarm(
            watch, "MO001", f"{name} is not there any more.", "Find out who stopped sending it.", Severity.ERROR
        )
        return
    if one.missing_sure:
        text = f"{name} is empty in {one.missing:.0%} of the rows; it was in {one.missing_before:.0%}."
        yield _alarm(watch, "MO002", text, "Find out where its values got lost.")
    if one.strange >= 0.01:
        text = f"{name} held numbers; {one.strange:.0%} of its values are none."
        yield _alarm(watch, "MO009", text, "Find out who writes it otherwise.", Severity.ERROR)
    if one.outside_sure:
        text = f"{name} is outside of what was usual in {one.outside:.0%} of the rows; one in a hundred was."
        yield _alarm(watch, "MO003", text, "See whether a unit or a source changed.")
    if one.unknown_sure:
        text = f"{name} has labels that were rare or unknown in {one.unknown:.0%} of the rows"
        text += f"; {one.unknown_before:.0%} had when the model was evaluated."
        yield _alarm(watch, "MO004", text, "See whether a spelling or a source changed; train with the new labels.")
    if one.shifted:
        text = f"{name} is spread otherwise than when the model was evaluated ({_shift(one)})."
        yield _alarm(watch, "MO005", text, "See whether the model is still as good: measure it on newer rows.")


def _shift(one: Change) -> str:
    if one.psi is not None:
        return f"PSI {one.psi:.2f}, by chance below {one.psi_limit:.2f}"
    return f"KS {one.ks or 0:.2f}, by chance below {one.ks_limit:.2f}"


def _alarm(watch: Watch, code: str, problem: str, remedy: str, severity: Severity = Severity.WARNING) -> Finding:
    key = "\0".join((code, watch.predicate.model.name, problem.partition("`")[2].partition("`")[0]))
    return Finding(
        code=code,
        rule=_SLUGS[code],
        severity=severity,
        message=f"{problem} {remedy}",
        path=watch.data,
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        data={"problem": problem, "remedy": remedy},
    )


def report(watch: Watch) -> dict[str, Any]:
    """What was found as JSON values."""
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "model": {"name": watch.predicate.model.name, "digest": watch.predicate.model.digest},
        "data": watch.data,
        "rows": watch.rows,
        "evaluated": {"issued": watch.predicate.issued, "rows": watch.predicate.rows.used},
        "metric": {"before": to_json(watch.predicate.metric), "now": watch.metric},
        "columns": [to_json(asdict(one) | {"shifted": one.shifted}) for one in watch.changes],
        "answers": [to_json(asdict(one) | {"shifted": one.shifted}) for one in watch.answers],
        "more_columns": list(watch.more),
        "findings": [finding_json(found) | {"data": dict(found.data)} for found in watch.findings],
    }
