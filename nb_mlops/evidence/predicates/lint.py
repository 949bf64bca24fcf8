"""What `lint` says of a notebook: which rules were run and what stands open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nb_mlops.evidence.predicates.check import ASSURANCES, NotebookRef
from nb_mlops.evidence.statement import PREDICATES, Statement, issued_at, notebook_subject
from nb_mlops.evidence.strict import StatementError, read, to_json

PREDICATE_TYPE = f"{PREDICATES}/lint/v1"


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An error-level finding that nobody has mended; no message, for it might quote what should not travel."""

    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LintPredicate:
    """The evidence of one lint: codes of the rules that ran, findings by severity, errors that stand open."""

    tool: str
    notebook: NotebookRef
    rules: tuple[str, ...]
    counts: Mapping[str, int]
    suppressed: int
    open: tuple[OpenFinding, ...]
    issued: str
    assurance: str = "self"
    version: int = 1

    def __post_init__(self) -> None:
        if self.version != 1:
            raise StatementError(f"lint evidence of version {self.version} is not known to this nb-mlops")
        if self.assurance not in ASSURANCES or not set(self.counts) <= {"error", "warning", "info"}:
            raise StatementError("the assurance or a severity is a word that this nb-mlops does not know")
        if self.counts.get("error", 0) != len(self.open):
            raise StatementError("the number of errors is not the number of errors listed")
        issued_at(self.issued)

    def statement(self) -> Statement:
        """The statement to sign, about the notebook."""
        return Statement(notebook_subject(self.notebook.path), self.notebook.digest, PREDICATE_TYPE, to_json(self))

    @classmethod
    def of(cls, statement: Statement) -> LintPredicate:
        """What a statement says. Raises StatementError when it is not understood to the last field, or names another
        subject than its own content does."""
        if statement.predicate_type != PREDICATE_TYPE:
            raise StatementError("the statement is of another type")
        predicate = read(cls, statement.predicate, "lint")
        if (own := predicate.statement()).name != statement.name or own.digest != statement.digest:
            raise StatementError("the statement's subject is not the notebook that its content names")
        return predicate
