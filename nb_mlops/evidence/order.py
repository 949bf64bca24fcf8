"""An order: somebody who holds a trusted key wants a model's alias moved, or a note taken, and says why.

It is handed to the registry's own store, which acts on it and enters it in the ledger. An order is good for one deed
and a few minutes, and names what the alias held when it was given, so that it can neither be repeated nor overtake
another.
"""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.ledger import Act
from nb_mlops.evidence.statement import PREDICATES, Statement, issued_at, model_subject
from nb_mlops.evidence.strict import StatementError, read, to_json

PREDICATE_TYPE = f"{PREDICATES}/order/v1"
ACTS = (Act.PROMOTED.value, Act.ROLLED_BACK.value, Act.NOTED.value)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a version whose files have this tree digest; `number` makes two orders differ."""

    act: str
    model: str
    version: int
    digest: str
    alias: str
    held: int
    who: str
    reason: str
    number: str
    issued: str

    def __post_init__(self) -> None:
        if self.act not in ACTS or not is_sha256(self.digest):
            raise StatementError("the order asks for something that this nb-mlops does not know")
        if not self.reason.strip():
            raise StatementError("the order gives no reason")
        issued_at(self.issued)

    def statement(self) -> Statement:
        """The statement to sign, about the model's files."""
        return Statement(model_subject(self.model), self.digest, PREDICATE_TYPE, to_json(self))

    @classmethod
    def of(cls, payload: bytes) -> Order:
        """The order in a verified payload. Raises StatementError."""
        statement = Statement.from_bytes(payload)
        if statement.predicate_type != PREDICATE_TYPE:
            raise StatementError("it is not an order")
        return read(cls, statement.predicate, "order")
