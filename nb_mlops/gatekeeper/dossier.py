"""All that lies on the table when the gate decides: the papers, and what the things they speak of are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Generic, TypeVar

from nb_mlops import catalogue
from nb_mlops.core.assurance import ASSURANCES
from nb_mlops.core.errors import ExitCode, NbMlopsError
from nb_mlops.evidence.digest import bytes_digest
from nb_mlops.evidence.kind import GROUP, Kind, Predicate
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.statement import Statement, StatementError, model_name, notebook_subject

P = TypeVar("P", bound=Predicate)


class Seal(str, Enum):
    """What a paper's signature is worth: it fits and the key is trusted, it does not fit, a stranger made it, or
    somebody who was known but may not sign this (any more)."""

    VALID = "valid"
    BROKEN = "broken"
    STRANGER = "stranger"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Paper:
    """One envelope. `payload` is empty unless the seal is VALID; `envelope` are the file's bytes, to hand on.

    `kind` is what the file's name promises, `note` what whoever looked at the signature has to add. `owner` is whose
    key it is, and `assurance` how far that key reaches, as the project's keys say.
    """

    path: str
    kind: str
    seal: Seal
    keyid: str = ""
    payload: bytes = b""
    envelope: bytes = b""
    note: str = ""
    owner: str = ""
    assurance: str = ASSURANCES[0]


@dataclass(frozen=True, slots=True)
class Signed(Generic[P]):
    """What a valid paper says, and who says it. `assurance` is the lower of what the maker claims and what the key
    reaches; `digest` is the sha256 of the statement's bytes."""

    predicate: P
    kind: Kind
    keyid: str
    owner: str = ""
    assurance: str = ASSURANCES[0]
    digest: str = ""
    path: str = ""

    @property
    def signer(self) -> str:
        """Who signed, for people."""
        return f"{self.owner} ({self.keyid[:12]})" if self.owner else f"key {self.keyid[:12]}"


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers, read. `signed` holds, by the predicate's class, the last one of each kind that a VALID seal covers
    and that is about this model or this notebook. By path, `problems` says what could not be understood and `foreign`
    what else a paper is about. `subject` is the digest of what was checked."""

    all: tuple[Paper, ...] = ()
    signed: Mapping[type[Predicate], Signed[Predicate]] = field(default_factory=dict)
    subject: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)

    def find(self, predicate: type[P]) -> Signed[P] | None:
        """The paper of a kind, with its signer."""
        found = self.signed.get(predicate)
        return found if found is not None and isinstance(found.predicate, predicate) else None  # type: ignore[return-value]

    @property
    def check(self) -> CheckPredicate | None:
        """What the check says: all other papers are about what it names."""
        found = self.find(CheckPredicate)
        return found.predicate if found else None

    @property
    def names(self) -> frozenset[str]:
        """The names under which the papers speak of the model."""
        found = (model_name(signed.predicate.subject()[0]) for signed in self.signed.values())
        return frozenset(name for name in found if name)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is asked, what is on paper, and what is so now.

    `data` maps each file that the check read to its sha256 now, None where it is gone. `model` maps each file of the
    stored model to its sha256 now; `model_problem` says why there is none. `notebook` is relative to the project,
    `here` to where the user stands. `at_registry` is set where a registry asks: the notebook and its data are not at
    hand there, so what the signed papers say of them stands, and `notebook_digest` and `data` are as the papers say.
    `approvers` are the owners of keys for approvals, `holdout` the file that the settings name for evaluations.
    """

    name: str
    notebook: str
    notebook_digest: str
    papers: Papers
    data: Mapping[str, str | None]
    model: Mapping[str, str]
    now: datetime
    model_problem: str = ""
    here: str = ""
    at_registry: bool = False
    approvers: frozenset[str] = frozenset()
    holdout: str = ""

    @property
    def typed(self) -> str:
        """The notebook as a command to run must name it."""
        return self.here or self.notebook


class BrokenKindError(NbMlopsError):
    """A plug-in for a kind of statement is broken: nothing that is on paper can be relied on until it is mended."""

    exit_code = ExitCode.REFUSED


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of statement that is known, by name. Raises BrokenKindError, which names the plug-in at fault."""
    try:
        return catalogue.members("nb_mlops.evidence.predicates", "KIND", Kind, "name", group=GROUP)
    except NbMlopsError as error:
        raise BrokenKindError(f"No statement can be judged. {error}", error.remedy) from error


def read_papers(papers: tuple[Paper, ...]) -> Papers:
    """Read what the valid papers say. A paper of a kind that is not known here stays among `all` and says nothing."""
    known, problems = kinds(), {}
    read: list[tuple[Paper, Signed[Predicate]]] = []
    for paper in papers:
        if paper.seal is Seal.VALID and (kind := known.get(paper.kind)) is not None:
            try:
                read.append((paper, signed(kind.predicate.of(Statement.from_bytes(paper.payload)), paper)))
            except StatementError as error:
                problems[paper.path] = str(error)
            except Exception as error:  # a plug-in's own reading
                problems[paper.path] = f"what reads {kind.name} statements crashed ({type(error).__name__})"
    found = {type(one.predicate): one for _, one in read}
    check = found.get(CheckPredicate)
    if check is None or not isinstance(check.predicate, CheckPredicate):
        return Papers(papers, {}, "", problems)
    foreign = {paper.path: why for paper, one in read if (why := _foreign(one.predicate, check.predicate))}
    own = {kind: one for kind, one in found.items() if one.path not in foreign}
    return Papers(papers, own, check.predicate.subject()[1], problems, foreign)


def signed(predicate: Predicate, paper: Paper) -> Signed[Predicate]:
    """A predicate with what is known of who signed it."""
    assurance = min(predicate.assurance, paper.assurance, key=ASSURANCES.index)
    digest = bytes_digest(paper.payload)
    return Signed(predicate, kinds()[paper.kind], paper.keyid, paper.owner, assurance, digest, paper.path)


def _foreign(predicate: Predicate, check: CheckPredicate) -> str:
    """What else a statement is about than the model that was checked or its notebook; "" for what belongs to it."""
    name, digest = predicate.subject()
    if name.startswith(notebook_subject("")):
        if (name, digest) == (notebook_subject(check.notebook.path), check.notebook.digest):
            return ""
        same = name == notebook_subject(check.notebook.path)
        return "another state of the notebook" if same else f"`{name.removeprefix(notebook_subject(''))}`"
    if check.model is not None and digest == check.subject()[1]:
        return ""
    return f"another model ({model_name(name) or 'without a name'}, tree {digest[:12]})"
