"""Kinds of statements: how a predicate becomes a statement and is read back, and who may sign it.

A new kind is one file in evidence/predicates with a frozen dataclass below `Predicate` and a module constant `KIND`
(or a plug-in's, named by the entry-point group `nb_mlops.statements`). Proofs then reach it as `case.paper(Class)`;
nothing else has to be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, TypeVar

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.statement import Statement, issued_at
from nb_mlops.evidence.strict import StatementError, read, to_json

# Hints that say a field's form; the schemas are generated from them.
Sha256 = Annotated[str, "^[0-9a-f]{64}$"]
Time = Annotated[str, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"]
Assurance = Annotated[str, ASSURANCES]
GROUP = "nb_mlops.statements"
P = TypeVar("P", bound="Predicate")


class Predicate:
    """What one kind of statement says. Subclasses are frozen dataclasses with at least these fields.

    `tool` is the version that made it, `issued` is UTC (see `timestamp`), `assurance` is what the maker claims; the
    gate takes the lower of that and what it knows of the key.
    """

    __slots__ = ()
    TYPE: ClassVar[str]
    tool: str
    issued: Time
    assurance: Assurance
    version: int

    def subject(self) -> tuple[str, str]:
        """Name and digest of what is spoken of: `model_subject` and a tree digest, or `notebook_subject` and the
        notebook's digest."""
        raise NotImplementedError

    def statement(self) -> Statement:
        """The statement to sign."""
        return Statement(*self.subject(), self.TYPE, to_json(self))

    @classmethod
    def of(cls: type[P], statement: Statement) -> P:
        """What a statement says. Raises StatementError when it is not understood to the last field, or names another
        subject than its own content does."""
        if statement.predicate_type != cls.TYPE:
            raise StatementError("the statement is of another type")
        predicate = read(cls, statement.predicate, cls.TYPE.split("/")[-2])
        if predicate.subject() != (statement.name, statement.digest):
            raise StatementError("the statement's subject is not the one that its content names")
        return predicate

    def refuse_unknown(self) -> None:
        """Raise StatementError for another version, an assurance that is not known or no time of issue."""
        if self.version != 1:
            word = self.TYPE.split("/")[-2]
            raise StatementError(f"{word} evidence of version {self.version} is not known to this nb-mlops")
        if self.assurance not in ASSURANCES:
            raise StatementError("the assurance is a word that this nb-mlops does not know")
        issued_at(self.issued)


@dataclass(frozen=True, slots=True)
class NotebookRef:
    """A notebook: its path relative to the project, and its `notebook_digest`."""

    path: str
    digest: Sha256

    def __post_init__(self) -> None:
        if not is_sha256(self.digest):
            raise StatementError("the notebook's digest is not a sha256")


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model: the name that it is spoken of under ("" for none), and the tree digest of its files."""

    name: str
    digest: Sha256

    def __post_init__(self) -> None:
        if not is_sha256(self.digest):
            raise StatementError("the model's digest is not a sha256")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `name` begins the names of its files (`check-1.dsse.json`) and is what people read; `purpose` is what
    a key must be for that signs it; `command` writes the command that makes it anew, from the notebook and the model's
    name as a shell must be given them.
    """

    name: str
    predicate: type[Predicate]
    command: Callable[[str, str], str]
    purpose: Purpose = Purpose.EVIDENCE

    @property
    def type(self) -> str:
        """The predicate type's URI."""
        return self.predicate.TYPE
