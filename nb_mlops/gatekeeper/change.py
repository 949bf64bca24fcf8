"""What a change's models came to: from what was tried with each to findings that say so. Pure."""

from __future__ import annotations

import hashlib
from enum import Enum

from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.value import Struct


class Outcome(str, Enum):
    """How one step with one notebook ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not run"
    NONE = "none"


class Step(Struct, frozen=True):
    """A step with its outcome; `detail` says it in words, `remedy` what to do when it did not pass."""

    outcome: Outcome = Outcome.NOT_RUN
    detail: str = ""
    remedy: str = ""


class ModelResult(Struct, frozen=True):
    """A notebook that makes a registered model, and what became of each step; later steps go without when one fails."""

    notebook: str
    model: str
    tests: Step = Step()
    check: Step = Step()
    gate: Step = Step()
    reasons: tuple[Finding, ...] = ()
    cached: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing stands against it."""
        return self.gate.outcome is Outcome.PASSED and self.tests.outcome in (Outcome.PASSED, Outcome.NONE)


_SLUGS = {
    "CI001": ("package-tests-failed", Severity.ERROR),
    "CI002": ("not-reproducible", Severity.ERROR),
    "CI003": ("not-judged", Severity.ERROR),
    "CI004": ("unnamed-model", Severity.WARNING),
}


def findings_of(result: ModelResult) -> tuple[Finding, ...]:
    """Every reason why the result does not pass; none for one that does."""
    if not result.model:
        words = (
            "It calls `nb_mlops.model()` with a name that only a run can tell, so nothing is known of its model here."
        )
        return (_finding("CI004", result.notebook, words, "Write the name as text."),)
    if result.passed:
        return ()
    found = []
    about = f"The model `{result.model}` is not proven: "
    for code, step in (("CI001", result.tests), ("CI002", result.check)):
        if step.outcome is Outcome.FAILED:
            found.append(_finding(code, result.notebook, f"{about}{step.detail}.", step.remedy))
    steps = (result.tests, result.check, result.gate)
    late = next((s for s in steps if s.outcome is Outcome.NOT_RUN and s.detail), None)
    if late is not None:
        found.append(_finding("CI003", result.notebook, f"{about}{late.detail}.", late.remedy))
    return (*found, *result.reasons)


def in_words(result: ModelResult) -> str:
    """The result in one line."""
    name = f"`{result.model}`" if result.model else "a model without a name"
    steps = (("package tests", result.tests), ("check", result.check), ("gate", result.gate))
    told = ", ".join(f"{what} {step.outcome.value}" for what, step in steps if step.outcome is not Outcome.NONE)
    told = told if result.model else "nothing could be tried"
    return f"{result.notebook} makes {name}: {told}{' (nothing has changed since it passed)' if result.cached else ''}."


def _finding(code: str, path: str, problem: str, remedy: str) -> Finding:
    slug, severity = _SLUGS[code]
    data = {"problem": problem, "remedy": remedy}
    mark = hashlib.sha256(f"{code}\0{path}".encode("utf-8", "replace")).hexdigest()[:16]
    return Finding(code, slug, severity, f"{problem} {remedy}".strip(), path, fingerprint=mark, data=data)
