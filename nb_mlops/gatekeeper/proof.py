"""What the author of a proof imports: Proof, Case, Judgement, Refusal, and `sketch` to write its examples.

A proof is one file in nb_mlops/proofs (or a plug-in's module named by the entry-point group `nb_mlops.proofs`) with a
module constant `PROOF`. The module's docstring is its page; the examples are its tests. A proof judges papers: it
reads no file, asks no clock and runs nothing.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from shlex import quote
from typing import Any, TypeVar

from nb_mlops.core.assurance import ASSURANCES
from nb_mlops.core.finding import Finding
from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import bytes_digest, tree_digest
from nb_mlops.evidence.kind import Kind, ModelRef, NotebookRef, Predicate
from nb_mlops.evidence.predicates.check import CheckedModel, CheckPredicate, RunSummary, Surroundings
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.dossier import Dossier, Papers, Signed, kinds

P = TypeVar("P", bound=Predicate)


class Status(str, Enum):
    """How a proof stands: it holds, it does not but somebody lets that pass, what it needs is not on paper, it does not
    hold, or nobody got round to it."""

    OK = "ok"
    WAIVED = "waived"
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
    """What a proof sees. Only papers whose signature is valid and trusted, and that are about this model or its
    notebook, are in it, and the check is there. `shown` are the kinds that may be looked at; None: all."""

    dossier: Dossier
    check: CheckPredicate
    policy: Policy
    shown: frozenset[type[Predicate]] | None = None

    def paper(self, predicate: type[P]) -> P | None:
        """What the last paper of a kind says, e.g. `case.paper(LintPredicate)`; None when there is none."""
        found = self.signed(predicate)
        return found.predicate if found else None

    def signed(self, predicate: type[P]) -> Signed[P] | None:
        """The same with its signer and assurance."""
        if self.shown is not None and predicate not in self.shown:
            return None
        return self.dossier.papers.find(predicate)

    @property
    def papers(self) -> tuple[Signed[Predicate], ...]:
        """All that may be looked at."""
        every = self.dossier.papers.signed.items()
        return tuple(one for kind, one in every if self.shown is None or kind in self.shown)

    def makes(self, kind: Kind) -> str:
        """The command that makes a paper of this kind anew. Parameters are named, not quoted: a value may be nobody's
        business."""
        dossier = self.dossier
        made = kind.command(quote(dossier.typed), quote(dossier.name))
        names = self.check.parameters if kind.predicate in (CheckPredicate, LintPredicate) else ()
        return " ".join([made, *(f"-p {quote(name)} VALUE" for name in names)])


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof. `codes` maps each refusal code it may use to its slug; `bad` pairs such a code with a case for it.
    `needs` are the kinds of statements it judges, the check aside: it is shown no others, and their assurance must
    reach what the policy asks of this proof."""

    name: str
    codes: Mapping[str, str]
    judge: Callable[[Case], Judgement]
    good: tuple[Case, ...]
    bad: tuple[tuple[str, Case], ...]
    needs: tuple[type[Predicate], ...] = (CheckPredicate,)

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
    """How one proof stands, and what was looked at; `findings` are its refusals, `papers` the statements it judged and
    `commands` make them anew."""

    name: str
    status: Status
    looked_at: str
    findings: tuple[Finding, ...] = ()
    question: str = ""
    papers: tuple[Signed[Predicate], ...] = ()
    commands: tuple[str, ...] = ()


def check_command(notebook: str, parameters: Mapping[str, Any] | None = None, verb: str = "check") -> str:
    """The command that makes fresh evidence. Parameters are named, not quoted: a value may be nobody's business."""
    return " ".join(["nb-mlops", verb, quote(notebook), *(f"-p {quote(n)} VALUE" for n in parameters or ())])


def sketch(
    policy: Policy | None = None,
    held: Mapping[str, str | None] | None = None,
    papers: Sequence[Predicate | Signed[Predicate]] = (),
    **changes: Any,
) -> Case:
    """A case for an example: a good check of `train.ipynb` in three runs an hour ago, and a clean lint.

    Keyword arguments change fields of the check; `lint=` replaces the lint (None: there is none); `papers` are further
    statements, signed by the maker's own key unless they come with a signer (see `by`); `held` is what the data files
    hold now, the same as then when it is not given. Constants of the case: SKETCHED_NOTEBOOK, SKETCHED_MODEL.
    """
    issued = timestamp(SKETCHED_NOW - timedelta(hours=1))
    clean = LintPredicate("0", SKETCHED_NOTEBOOK, ("EX001",), {"error": 0}, 0, (), issued)
    lint = changes.pop("lint", clean)
    check = CheckPredicate(
        tool="0",
        notebook=SKETCHED_NOTEBOOK,
        parameters={},
        data=(FileRead("train.csv", "2" * 64, 100),),
        environment=Surroundings("3.11.0", "CPython", "Linux", {}),
        runs=tuple(RunSummary(f"run {n}", "ok", {"PYTHONHASHSEED": "1"} if n == 3 else {}, 2.0) for n in (1, 2, 3)),
        verdict="reproducible",
        tolerances=(),
        metrics=(),
        model=CheckedModel("LogisticRegression", "", _FILES),
        issued=issued,
    )
    check = replace(check, **changes)
    now_held = {f.path: f.sha256 for f in check.data} if held is None else held
    known = [one if isinstance(one, Signed) else by(one) for one in (check, lint, *papers) if one is not None]
    read = Papers(signed={type(one.predicate): one for one in known}, subject=SKETCHED_MODEL.digest)
    dossier = Dossier("model", "train.ipynb", SKETCHED_NOTEBOOK.digest, read, now_held, _FILES, SKETCHED_NOW)
    return Case(dossier, check, policy or Policy())


_FILES = {"MLmodel": "3" * 64}
SKETCHED_NOW = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
SKETCHED_NOTEBOOK = NotebookRef("train.ipynb", "1" * 64)
SKETCHED_MODEL = ModelRef("model", tree_digest(_FILES))


def by(predicate: Predicate, keyid: str = "5" * 64, owner: str = "") -> Signed[Predicate]:
    """A statement of an example with its signer."""
    (kind,) = [kind for kind in kinds().values() if kind.predicate is type(predicate)]
    return Signed(predicate, kind, keyid, owner, ASSURANCES[0], bytes_digest(predicate.statement().to_bytes()))
