"""What `check` says of a model: which notebook made it, out of what, and whether it came out the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from nb_mlops.core.run import FileRead, Metric
from nb_mlops.evidence.digest import tree_digest
from nb_mlops.evidence.kind import Kind, NotebookRef, Predicate
from nb_mlops.evidence.statement import PREDICATES, is_sha256, model_subject, notebook_subject
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
    files: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.files or not all(is_sha256(sha) for sha in self.files.values()):
            raise StatementError("the model's files are not listed with their sha256")


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
    verdict: str
    tolerances: tuple[Tolerance, ...]
    metrics: tuple[Metric, ...]
    model: CheckedModel | None
    issued: str
    assurance: str = "self"
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
