"""What `check` says of a model: which notebook made it, out of what, and whether it came out the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from nb_mlops.core.hashing import is_sha256
from nb_mlops.core.run import FileRead, Metric
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.evidence.kind import Assurance, Kind, NotebookRef, Predicate, Sha256, Time
from nb_mlops.evidence.statement import PREDICATES, model_subject, notebook_subject
from nb_mlops.evidence.strict import StatementError

VERDICTS = ("reproducible", "not-reproducible", "failed")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The interpreter and the distributions that were imported, with their versions."""

    python: str
    implementation: str
    platform: str
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run: how it ended (a `RunStatus` word), what was perturbed against the first run, how long it took."""

    label: str
    status: str
    factors: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far numbers might part and still count as the same; wider than the default needs a reason in words."""

    what: str
    rtol: float
    atol: float
    reason: str


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """The model's kind (its class), the name the notebook gave it ("" for none), and each file's sha256."""

    kind: str
    name: str
    files: Mapping[str, Sha256]

    def __post_init__(self) -> None:
        if not self.files or not all(is_sha256(sha) for sha in self.files.values()):
            raise StatementError("the model's files are not listed with their sha256")


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table of data that the notebook made of what it read, in the numbers a gate may ask for.

    `name` is the variable. `target` is the column that looks like the one to be predicted ("" for none), `smallest`
    how many rows its rarest label has, `contradicting` how many rows agree with another in all but the target,
    `duplicates` how many are there once more, `missing` how many values are not there. `newest` is the latest moment in
    a column of times (ISO 8601, "" where there is none). What could not be known is None. `sampled`: the table is very
    long, and all counts but `rows` are of evenly spread rows.
    """

    name: str
    rows: int
    columns: int
    target: str
    smallest: int | None
    duplicates: int | None
    contradicting: int | None
    missing: int
    newest: str
    sampled: bool

    def __post_init__(self) -> None:
        counts = (self.rows, self.columns, self.missing, self.smallest, self.duplicates, self.contradicting)
        if any(count is not None and count < 0 for count in counts):
            raise StatementError(f"the table `{self.name}` has a count below zero")


@dataclass(frozen=True, slots=True)
class CheckPredicate(Predicate):
    """The evidence of one check; `model` is None when the notebook declared none."""

    TYPE: ClassVar[str] = f"{PREDICATES}/check/v1"
    tool: str
    notebook: NotebookRef
    parameters: Mapping[str, Any]
    data: tuple[FileRead, ...]
    environment: Surroundings
    runs: tuple[RunSummary, ...]
    verdict: Annotated[str, VERDICTS]
    tolerances: tuple[Tolerance, ...]
    metrics: tuple[Metric, ...]
    model: CheckedModel | None
    issued: Time
    tables: tuple[TableFacts, ...] = ()
    assurance: Assurance = "self"
    version: int = 1

    def __post_init__(self) -> None:
        self.refuse_unknown()
        if self.verdict not in VERDICTS:
            raise StatementError("the verdict is a word that this nb-mlops does not know")
        if not all(is_sha256(file.sha256) for file in self.data):
            raise StatementError("a data file's digest is not a sha256")

    def subject(self) -> tuple[str, str]:
        """The model, or the notebook alone when it declared no model."""
        if self.model is None:
            return notebook_subject(self.notebook.path), self.notebook.digest
        return model_subject(self.model.name), tree_digest(self.model.files)


KIND = Kind("check", CheckPredicate, lambda notebook, model: f"nb-mlops check {notebook}")
