"""All that lies on the table when the gate decides: the papers, and what the things they speak of are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.evidence.predicates.lint import LintPredicate
from nb_mlops.evidence.statement import Statement, StatementError


class Seal(str, Enum):
    """What a paper's signature is worth: it fits and the key is trusted, it does not fit, or a stranger made it."""

    VALID = "valid"
    BROKEN = "broken"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Paper:
    """One envelope. `payload` is empty unless the seal is VALID; `envelope` are the file's bytes, to hand on.

    `kind` is what the file's name promises, `note` what whoever looked at the signature has to add.
    """

    path: str
    kind: str
    seal: Seal
    keyid: str = ""
    payload: bytes = b""
    envelope: bytes = b""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers, read. Only what a VALID seal covers is in `check` and `lint`; `problems` says, by path, what could
    not be understood."""

    all: tuple[Paper, ...] = ()
    check: CheckPredicate | None = None
    lint: LintPredicate | None = None
    subject: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is asked, what is on paper, and what is so now.

    `data` maps each file that the check read to its sha256 now, None where it is gone. `model` maps each file of the
    stored model to its sha256 now; `model_problem` says why there is none. `notebook` is relative to the project,
    `here` to where the user stands. `at_registry` is set where a registry asks: the notebook and its data are not at
    hand there, so what the signed papers say of them stands, and `notebook_digest` and `data` are as the papers say.
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

    @property
    def typed(self) -> str:
        """The notebook as a command to run must name it."""
        return self.here or self.notebook


def read_papers(papers: tuple[Paper, ...]) -> Papers:
    """Read what the valid papers say. A paper of a kind that is not known here stays among `all` and says nothing."""
    check: CheckPredicate | None = None
    lint: LintPredicate | None = None
    subject = ""
    problems: dict[str, str] = {}
    for paper in papers:
        if paper.seal is not Seal.VALID:
            continue
        try:
            statement = Statement.from_bytes(paper.payload)
            if paper.kind == "check":
                check, subject = CheckPredicate.of(statement), statement.digest
            elif paper.kind == "lint":
                lint = LintPredicate.of(statement)
        except StatementError as error:
            problems[paper.path] = str(error)
    return Papers(papers, check, lint, subject, problems)
