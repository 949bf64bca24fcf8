"""One notebook that makes a registered model, step by step: its package's tests, the check, the gate's verdict.

What runs code of the change runs in processes of its own, which see no key and no token; the verdict is made here, when
they are gone.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from nb_mlops.commands.steps import package_tests
from nb_mlops.commands.steps.package_tests import Ended
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.settings import Policy, Settings
from nb_mlops.core.value import Struct
from nb_mlops.core.wording import many
from nb_mlops.gatekeeper.change import ModelResult, Outcome, Step
from nb_mlops.outside import ci_place, files, outcomes, programs
from nb_mlops.outside.signing import KEY_VARIABLE

Told = Callable[[str], None]
# The gate's verdict on a notebook's model, and the reasons against it; the last argument: the key at hand was made for
# this verdict alone, and counts.
Judge = Callable[[str, str, Policy, bool], tuple[Step, Sequence[Finding]]]
_LONGEST = 300
_REASONS = 3


class Means(Struct, frozen=True):
    """With what it is proven: the settings, which of our variables the code may see besides the usual ones, when time
    is up (on the monotonic clock), whether earlier passes count, and whether our own key signs."""

    settings: Settings
    passed: tuple[str, ...] = ()
    deadline: float = float("inf")
    cached: bool = True
    sign: bool = False

    @property
    def left(self) -> float:
        """Seconds until time is up."""
        return self.deadline - time.monotonic()


def prove(notebook: str, model: str, means: Means, judge: Judge, told: Told) -> ModelResult:
    """What each step came to. Raises nothing that the change could cause."""
    result = ModelResult(notebook, model)
    if not model:
        return result
    root, path = files.project_root(notebook), Path(notebook)
    packages = programs.packages_of(root, path)
    known = outcomes.key(path, model, packages, (means.settings.check, means.settings.gate)) if means.cached else ""
    if known and (before := outcomes.find(known, root)):
        return _again(result, before)
    told(f"{notebook}: package tests")
    tests, ended = _tests(notebook, packages, means)
    if tests.outcome not in (Outcome.PASSED, Outcome.NONE):
        return ModelResult(notebook, model, tests)
    told(f"{notebook}: check")
    if means.sign:
        return _judged(notebook, model, tests, ended, means, judge, known, None)
    with ci_place.throwaway_key() as key:
        return _judged(notebook, model, tests, ended, means, judge, known, key)


def _judged(
    notebook: str,
    model: str,
    tests: Step,
    ended: Sequence[Ended],
    means: Means,
    judge: Judge,
    known: str,
    key: Path | None,
) -> ModelResult:
    check, report = _check(notebook, means, key)
    if check.outcome is not Outcome.PASSED:
        return ModelResult(notebook, model, tests, check)
    if key is None and ended:
        package_tests.file(notebook, ended)
    gate, reasons = judge(notebook, model, means.settings.gate, key is not None)
    if known and gate.outcome is Outcome.PASSED:
        data = {file["path"]: file["sha256"] for file in report["runs"][0]["files_read"]}
        outcomes.keep(known, outcomes.Pass(tests.detail, check.detail, gate.detail, data))
    return ModelResult(notebook, model, tests, check, gate, tuple(reasons))


def _again(result: ModelResult, before: outcomes.Pass) -> ModelResult:
    tests = Step(Outcome.PASSED if before.tests else Outcome.NONE, before.tests)
    check, gate = (Step(Outcome.PASSED, text) for text in (before.check, before.gate))
    return ModelResult(result.notebook, result.model, tests, check, gate, cached=True)


def _tests(notebook: str, packages: Sequence[Path], means: Means) -> tuple[Step, tuple[Ended, ...]]:
    """The tests of the packages that were converted from the notebook."""
    if not packages:
        return Step(Outcome.NONE), ()
    try:
        ended = package_tests.run(packages, means.passed, means.deadline)
    except UsageError as error:
        return Step(Outcome.NOT_RUN, str(error).rstrip("."), error.remedy), ()
    for one in ended:
        if one.counts is None:
            return _late("its package's tests"), ()
        if not one.passed:
            said = one.said[:_LONGEST].strip("= ") or f"exit code {one.counts.code}"
            name = one.package.name
            remedy = f"Convert it again: `nb-mlops convert {quote(notebook)} --out {quote(_beside(one.package))}`."
            return Step(Outcome.FAILED, f"the tests of its package `{name}` fail ({said})", remedy), ()
    return Step(Outcome.PASSED, many(len(packages), "package")), ended


def _beside(package: Path) -> str:
    return Path(os.path.relpath(package)).as_posix()


def _check(notebook: str, means: Means, key: Path | None) -> tuple[Step, Mapping[str, Any]]:
    """Runs in fresh kernels, compared; with a `key` the evidence is signed with one that lives for this verdict."""
    environ = ci_place.for_notebooks(os.environ, means.passed)
    if key is not None:
        environ[KEY_VARIABLE] = str(key)
    elif KEY_VARIABLE in os.environ:
        environ[KEY_VARIABLE] = os.environ[KEY_VARIABLE]
    ended = programs.python(
        ("-m", "nb_mlops", "check", notebook, "--format", "json"), Path.cwd(), environ, max(means.left, 0)
    )
    if ended.code is None:
        return _late("the check"), {}
    try:
        report = json.loads(ended.out)
    except ValueError:
        words = " ".join(line.strip() for line in ended.complaint.strip().splitlines()[-2:])[:_LONGEST]
        return Step(Outcome.NOT_RUN, f"it could not be checked ({words or f'exit code {ended.code}'})"), {}
    if report["verdict"] == "reproducible":
        return Step(Outcome.PASSED, f"{len(report['runs'])} runs agree"), report
    against = [one["message"] for one in report["findings"] if one["severity"] != Severity.INFO.value]
    why = " ".join(against[:_REASONS]) or report["verdict"]
    remedy = f"Run `nb-mlops check {quote(notebook)}` to see the whole of it."
    return Step(Outcome.FAILED, f"the check says `{report['verdict']}`: {why.rstrip('.')}", remedy), report


def _late(what: str) -> Step:
    remedy = "Give --budget more minutes, or spread the notebooks over jobs with --shard."
    return Step(Outcome.NOT_RUN, f"time was up before {what} had ended", remedy)
