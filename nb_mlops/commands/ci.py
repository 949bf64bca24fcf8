"""`ci`: what a change brings, told once.

Lint against the baseline; what its commits leave in the history; and for every notebook that makes a registered model
the tests of its package, the check and the gate's verdict; where CI's key signs, the evaluation as well.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import partial

from nb_mlops.commands.gate import admit, rehearsal
from nb_mlops.commands.lint import lint
from nb_mlops.commands.steps.changed import changed, shard_of, with_changed_packages
from nb_mlops.commands.steps.history import history
from nb_mlops.commands.steps.models import models_of
from nb_mlops.commands.steps.notes import notes
from nb_mlops.commands.steps.prove import Means, prove
from nb_mlops.core.errors import ExitCode, NbMlopsError
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.core.settings import Policy, Settings
from nb_mlops.core.value import Struct, replace
from nb_mlops.core.wording import many
from nb_mlops.gatekeeper.change import ModelResult, Outcome, Step, findings_of, in_words
from nb_mlops.outside import ci_place, discovery, settings_file

Told = Callable[[str], None]


class Wishes(Struct, frozen=True):
    """What is to be done. `base`: the revision the change is to join; None asks the service, "" takes all notebooks.
    `run` is whether code of the change may be run at all; `budget` counts in minutes, 0 is without end."""

    paths: tuple[str, ...] = (".",)
    base: str | None = None
    shard: tuple[int, int] = (1, 1)
    budget: float = 0.0
    run: bool = True
    sign: bool = False
    cached: bool = True
    passed: tuple[str, ...] = ()


class CiResult(Struct, frozen=True):
    """One report for all of it, what became of each model, notes for whoever reviews the change, and the exit code."""

    report: Report
    models: tuple[ModelResult, ...]
    notes: tuple[str, ...]
    code: ExitCode


def ci(wishes: Wishes, settings: Settings | None = None, told: Told = lambda words: None) -> CiResult:
    """Judge a change.

    Raises UsageError where a signing key is within reach of code that nobody has accepted, and as lint does.
    """
    started = time.monotonic()
    known = settings or settings_file.load_settings(".")[0]
    here = ci_place.place(os.environ)
    base = here.base if wishes.base is None else wishes.base
    if wishes.sign:
        ci_place.refuse_signing(here)
    own_key = wishes.sign or not here.service
    if wishes.run and not own_key:
        ci_place.refuse_key_in_reach(here)
    found = (
        changed(wishes.paths, known.lint.exclude, base)
        if base
        else discovery.discover(wishes.paths, known.lint.exclude, True)
    )
    found = shard_of(found, *wishes.shard)
    told(f"lint: {many(len(found), 'notebook')}" + (f" changed since {base}" if base else ""))
    report = lint(found, known)
    past = _past(report, known, base) if base and wishes.shard[0] == 1 else ()
    deadline = started + wishes.budget * 60 if wishes.budget else float("inf")
    means = Means(known, wishes.passed, deadline, wishes.cached and not wishes.sign, own_key)
    makers = models_of(dict.fromkeys((*found, *_packaged(wishes, known, base)))) if wishes.run else ()
    judge = partial(_measure_and_judge, told) if wishes.sign else _judge
    models = tuple(prove(path, name, means, judge, told) for path, name in makers)
    findings = (*report.findings, *past, *(finding for model in models for finding in findings_of(model)))
    whole = replace(report, findings=findings)
    said = (*(notes(base) if base else ()), *map(in_words, models))
    return CiResult(whole, models, said, _code(report, past, models, Severity(known.lint.fail_on)))


def _packaged(wishes: Wishes, settings: Settings, base: str) -> tuple[str, ...]:
    """Notebooks that have not changed themselves, but whose packages have."""
    if not base:
        return ()
    return shard_of(with_changed_packages(wishes.paths, settings.lint.exclude, base), *wishes.shard)


def on_paper(paths: Sequence[str], settings: Settings | None = None) -> CiResult:
    """The gate's verdict on every named model that the notebooks make, from the evidence at hand. Runs nothing."""
    known = settings or settings_file.load_settings(".")[0]
    found = discovery.discover(paths, known.lint.exclude, True)
    models = []
    for path, name in models_of(found):
        step, reasons = _judge(path, name, known.gate, False) if name else (Step(), ())
        models.append(ModelResult(path, name, Step(Outcome.NONE), Step(Outcome.NONE), step, tuple(reasons)))
    findings = tuple(finding for model in models for finding in findings_of(model))
    report = Report(findings, notebooks=len(found), paths=found)
    return CiResult(report, tuple(models), tuple(map(in_words, models)), _code(Report(), (), models, Severity.ERROR))


def _past(report: Report, settings: Settings, base: str) -> tuple[Finding, ...]:
    """What the commits of the change brought in and the notebooks show no more, so that lint cannot see it."""
    shown = {(finding.path, finding.code) for finding in report.findings}
    found = history(settings.lint, base).findings
    return tuple(one for one in found if not (one.data.get("at_head") and (one.path, one.code) in shown))


def _judge(notebook: str, model: str, policy: Policy, own_key_counts: bool) -> tuple[Step, Sequence[Finding]]:
    """The gate's verdict as a step. `own_key_counts`: the key at hand was made for this verdict alone."""
    try:
        verdict = admit(notebook, model, rehearsal(policy) if own_key_counts else policy)
    except NbMlopsError as error:
        return Step(Outcome.NOT_RUN, f"the gate could not judge: {error}", error.remedy), ()
    if verdict.passed:
        return Step(Outcome.PASSED, f"all {len(verdict.proofs)} proofs hold"), ()
    return Step(Outcome.FAILED, "the gate refuses"), verdict.findings


def _measure_and_judge(
    told: Told, notebook: str, model: str, policy: Policy, own_key_counts: bool
) -> tuple[Step, Sequence[Finding]]:
    """The verdict, after the evaluation that the policy asks for where the settings name rows for it: what CI's key has
    to sign is then signed in one go."""
    from nb_mlops.commands import evaluate  # brings tables and schemas along, which nothing else here needs

    own = settings_file.load_settings(notebook)[0].models.get(model)
    if own is not None and own.holdout and set(policy.require) & set(evaluate.PROOFS):
        told(f"{notebook}: evaluate")
        try:
            evaluate.evaluate(notebook, model)
        except NbMlopsError as error:
            return Step(Outcome.NOT_RUN, f"it could not be evaluated: {str(error).rstrip('.')}", error.remedy), ()
    return _judge(notebook, model, policy, own_key_counts)


def _code(report: Report, past: Sequence[Finding], models: Sequence[ModelResult], threshold: Severity) -> ExitCode:
    """One code for all: the first thing that somebody has to mend."""
    if report.at_or_above(threshold) or replace(report, findings=tuple(past)).at_or_above(threshold):
        return ExitCode.FINDINGS
    if any(Outcome.FAILED in (model.tests.outcome, model.check.outcome) for model in models):
        return ExitCode.RUN_FAILED
    if any(model.model and not model.passed for model in models):
        return ExitCode.REFUSED
    return ExitCode.CLEAN
