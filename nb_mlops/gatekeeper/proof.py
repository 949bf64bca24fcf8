"""What the author of a proof imports: Proof, Case, Judgement, Refusal, and `sketch` to write its examples.

A proof is one file in nb_mlops/proofs (or a plug-in's module named by the entry-point group `nb_mlops.proofs`) with a
module constant `PROOF`. The module's docstring is its page; the examples are its tests. A proof judges papers: it
reads no file, asks no clock and runs nothing.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from nb_mlops.core.finding import Finding
from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.check import CheckedModel, CheckPredicate, NotebookRef, RunSummary, Surroundings
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.dossier import Dossier, Papers


class Status(str, Enum):
    """How a proof stands: it holds, what it needs is not on paper, it does not hold, or nobody got round to it."""

    OK = "ok"
    MISSING = "missing"
    FAILED = "failed"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the gate stays shut: what is so and what harm it does, and the way out with the command that makes it."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a proof found: what it looked at, in a few words, and its refusals. `missing` tells a paper that is not
    there from one that says no."""

    looked_at: str
    refusals: tuple[Refusal, ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What a proof sees. Only papers whose signature is valid and trusted are in it, and the check is there."""

    dossier: Dossier
    check: CheckPredicate
    lint: LintPredicate | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof. `codes` maps each refusal code it may use to its slug; `bad` pairs such a code with a case for it."""

    name: str
    codes: Mapping[str, str]
    judge: Callable[[Case], Judgement]
    good: tuple[Case, ...]
    bad: tuple[tuple[str, Case], ...]

    @property
    def page(self) -> str:
        """The documentation page: the docstring of the module that holds the proof."""
        module = sys.modules.get(getattr(self.judge, "__module__", ""), None)
        return inspect.cleandoc(module.__doc__ or "") if module else ""

    @property
    def question(self) -> str:
        """The page's first line: what the proof answers."""
        return self.page.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class ProofResult:
    """How one proof stands, and what was looked at; `findings` are its refusals."""

    name: str
    status: Status
    looked_at: str
    findings: tuple[Finding, ...] = ()
    question: str = ""


def check_command(notebook: str, parameters: Mapping[str, Any] | None = None, verb: str = "check") -> str:
    """The command that makes fresh evidence. Parameters are named, not quoted: a value may be nobody's business."""
    return " ".join(["nb-mlops", verb, shell(notebook), *(f"-p {shell(n)} VALUE" for n in parameters or ())])


def shell(text: str) -> str:
    """A word as a POSIX shell must be given it."""
    plain = text and all(c.isalnum() or c in "_@%+=:,./-" for c in text)
    return text if plain else "'" + text.replace("'", "'\"'\"'") + "'"


def sketch(policy: Policy | None = None, held: Mapping[str, str | None] | None = None, **changes: Any) -> Case:
    """A case for an example: a good check of `train.ipynb` in three runs an hour ago, and a clean lint.

    Keyword arguments change fields of the check; `lint=` replaces the lint (None: there is none); `held` is what the
    data files hold now, the same as then when it is not given.
    """
    now = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
    issued = timestamp(now - timedelta(hours=1))
    notebook = NotebookRef("train.ipynb", "1" * 64)
    clean = LintPredicate("0", notebook, ("EX001",), {"error": 0}, 0, (), issued)
    lint = changes.pop("lint", clean)
    check = CheckPredicate(
        tool="0",
        notebook=notebook,
        parameters={},
        data=(FileRead("train.csv", "2" * 64, 100),),
        environment=Surroundings("3.11.0", "CPython", "Linux", {}),
        runs=tuple(RunSummary(f"run {n}", "ok", {"PYTHONHASHSEED": "1"} if n == 3 else {}, 2.0) for n in (1, 2, 3)),
        verdict="reproducible",
        tolerances=(),
        metrics=(),
        model=CheckedModel("LogisticRegression", "", {"MLmodel": "3" * 64}),
        issued=issued,
    )
    check = replace(check, **changes)
    now_held = {f.path: f.sha256 for f in check.data} if held is None else held
    papers = Papers(check=check, lint=lint)
    dossier = Dossier("model", "train.ipynb", "1" * 64, papers, now_held, {"MLmodel": "3" * 64}, now)
    return Case(dossier, check, lint, policy or Policy())
