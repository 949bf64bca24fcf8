"""What a person says yes to: this model, under this name, for this reason, having seen these statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from nb_mlops.core.assurance import Purpose
from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.kind import Assurance, Kind, ModelRef, Predicate, Sha256, Time
from nb_mlops.evidence.statement import PREDICATES, model_subject
from nb_mlops.evidence.strict import StatementError


@dataclass(frozen=True, slots=True)
class ApprovalPredicate(Predicate):
    """An approval. `seen` maps each kind of statement that the gate accepted then to the sha256 of what was signed."""

    TYPE: ClassVar[str] = f"{PREDICATES}/approval/v1"

    tool: str
    model: ModelRef
    reason: str
    seen: Mapping[str, Sha256]
    issued: Time
    assurance: Assurance = "self"
    version: int = 1

    def __post_init__(self) -> None:
        self.refuse_unknown()
        if not self.model.name.strip() or not self.reason.strip():
            raise StatementError("an approval names a model and a reason")
        if not all(is_sha256(digest) for digest in self.seen.values()):
            raise StatementError("what was seen is not listed with its sha256")

    def subject(self) -> tuple[str, str]:
        """The model, by its name."""
        return model_subject(self.model.name), self.model.digest


KIND = Kind(
    "approval",
    ApprovalPredicate,
    lambda notebook, model: f"nb-mlops approve {notebook} --model {model} --reason TEXT",
    Purpose.APPROVAL,
)
