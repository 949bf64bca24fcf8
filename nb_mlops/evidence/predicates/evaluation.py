"""What `evaluate` says of a model: how good on rows that it has not seen, against what, for whom, at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from nb_mlops.core.hashing import is_sha256
from nb_mlops.core.run import FileRead
from nb_mlops.evidence.kind import Assurance, Kind, ModelRef, NotebookRef, Predicate, Time
from nb_mlops.evidence.statement import PREDICATES, model_subject
from nb_mlops.evidence.strict import StatementError

TASKS = ("classification", "regression")


@dataclass(frozen=True, slots=True)
class Score:
    """A metric by scikit-learn's name, with the 95 % interval of resampled rows where one was drawn."""

    name: str
    value: float
    low: float | None
    high: float | None
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """Something the model was held against on the same rows. `gain` is by how much the model is better, positive in
    whatever direction the metric goes, with the interval of paired resampling; None where it could not be told.

    `version` is the registered version for the champion, and `problem` says why it could not be asked.
    """

    name: str
    words: str
    value: float | None
    gain: float | None
    low: float | None
    high: float | None
    version: str
    problem: str


@dataclass(frozen=True, slots=True)
class GroupScore:
    """The metric within one group of rows; None where so few rows, or rows of one class, have none."""

    column: str
    group: str
    rows: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Importance:
    """By how much the metric falls when a column is shuffled: mean and standard deviation of some shuffles."""

    column: str
    drop: float
    spread: float


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the holdout: in all, measured on, left out because the notebook read them too; and of how many of
    the files that the notebook read the rows could be compared."""

    total: int
    used: int
    overlap: int
    files: int
    compared: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of the model: what it is by its bytes, and what in it is not known to be harmless when it is loaded."""

    path: str
    format: str
    unsafe: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Secrets or personal values in a file of the model, by kind and number; never the values."""

    path: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Serving:
    """The model as a server would run it: whether it has a signature and an example, what came of the example, and
    what it costs. Seconds and megabytes (0: not known)."""

    signature: bool
    example: bool
    problem: str
    load_seconds: float
    seconds_per_1000: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Contract:
    """What the application that uses the model relies on: the sha256 of its JSON Schema ("" for none), where the
    served example broke it, and what the model asks or answers otherwise than the champion does."""

    schema: str
    violations: tuple[str, ...]
    breaking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What a column was like: share of missing values, quantiles (see portable.columns.STEPS), shares of labels."""

    name: str
    kind: str
    rows: int
    missing: float
    quantiles: tuple[float, ...]
    labels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class About:
    """What people say of the model, from the settings; "" for what nobody has said."""

    owner: str
    on_call: str
    decision: str
    success_metric: str
    intended_use: str
    limits: str


@dataclass(frozen=True, slots=True)
class EvaluationPredicate(Predicate):
    """The evidence of one evaluation. `isolation` is how the network was taken away, "" when it was not."""

    TYPE: ClassVar[str] = f"{PREDICATES}/evaluation/v1"
    tool: str
    notebook: NotebookRef
    model: ModelRef
    task: Annotated[str, TASKS]
    target: str
    classes: tuple[str, ...]
    holdout: FileRead
    rows: Rows
    metric: Score
    scores: tuple[Score, ...]
    baselines: tuple[Rival, ...]
    champion: Rival | None
    groups: tuple[GroupScore, ...]
    importances: tuple[Importance, ...]
    serving: Serving
    contract: Contract
    files: tuple[ModelFile, ...]
    sensitive: tuple[Sensitive, ...]
    profile: tuple[ColumnFacts, ...]
    about: About
    packages: Mapping[str, str]
    cpu: str
    isolation: str
    issued: Time
    assurance: Assurance = "self"
    version: int = 1

    def __post_init__(self) -> None:
        self.refuse_unknown()
        if self.task not in TASKS:
            raise StatementError("the task is a word that this nb-mlops does not know")
        if not is_sha256(self.holdout.sha256):
            raise StatementError("the holdout's digest is not a sha256")
        if not 0 < self.rows.used <= self.rows.total:
            raise StatementError("the model was measured on no row, or on more than there are")

    def subject(self) -> tuple[str, str]:
        """The model."""
        return model_subject(self.model.name), self.model.digest


KIND = Kind("evaluation", EvaluationPredicate, lambda notebook, model: f"nb-mlops evaluate {notebook} --model {model}")
