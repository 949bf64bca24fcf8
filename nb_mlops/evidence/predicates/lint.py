"""What `lint` says of a notebook: which rules were run and what stands open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from nb_mlops.evidence.kind import Assurance, Kind, NotebookRef, Predicate, Time
from nb_mlops.evidence.statement import PREDICATES, notebook_subject
from nb_mlops.evidence.strict import StatementError


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An error-level finding that nobody has mended; no message, for it might quote what should not travel."""

    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LintPredicate(Predicate):
    """The evidence of one lint: codes of the rules that ran, findings by severity, errors that stand open."""

    TYPE: ClassVar[str] = f"{PREDICATES}/lint/v1"

    tool: str
    notebook: NotebookRef
    rules: tuple[str, ...]
    counts: Mapping[str, int]
    suppressed: int
    open: tuple[OpenFinding, ...]
    issued: Time
    assurance: Assurance = "self"
    version: int = 1

    def __post_init__(self) -> None:
        self.refuse_unknown()
        if not set(self.counts) <= {"error", "warning", "info"}:
            raise StatementError("a severity is a word that this nb-mlops does not know")
        if self.counts.get("error", 0) != len(self.open):
            raise StatementError("the number of errors is not the number of errors listed")

    def subject(self) -> tuple[str, str]:
        """The notebook."""
        return notebook_subject(self.notebook.path), self.notebook.digest


KIND = Kind("lint", LintPredicate, lambda notebook, model: f"nb-mlops check {notebook}")
