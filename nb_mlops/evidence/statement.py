"""The sheet of paper: an in-toto Statement v1 about one subject. `outside.signing` puts it into an envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.strict import StatementError, canonical_json, parse_json

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATES = "https://github.com/nb-mlops/nb-mlops/predicates"

__all__ = [
    "PREDICATES",
    "STATEMENT_TYPE",
    "Statement",
    "StatementError",
    "is_sha256",
    "issued_at",
    "model_name",
    "model_subject",
    "notebook_subject",
    "timestamp",
]


@dataclass(frozen=True, slots=True)
class Statement:
    """One subject and what is said of it.

    `name` is `model:<declared name>`, `model` for a model that the notebook gave no name, or `notebook:<path>`;
    `digest` is the tree digest of the model's files, or the notebook's digest, as sha256 hex.
    """

    name: str
    digest: str
    predicate_type: str
    predicate: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """The statement as canonical JSON: the bytes that are signed."""
        return canonical_json(
            {
                "_type": STATEMENT_TYPE,
                "subject": [{"name": self.name, "digest": {"sha256": self.digest}}],
                "predicateType": self.predicate_type,
                "predicate": self.predicate,
            }
        )

    @classmethod
    def from_bytes(cls, payload: bytes) -> Statement:
        """The statement in a payload. Raises StatementError unless it is exactly of the form that `to_bytes` writes."""
        value = parse_json(payload)
        if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
            raise StatementError("it is not an in-toto statement, version 1")
        if set(value) != {"_type", "subject", "predicateType", "predicate"}:
            raise StatementError("the statement has fields that are unknown, or lacks some")
        subject, kind, predicate = value["subject"], value["predicateType"], value["predicate"]
        if not isinstance(subject, list) or len(subject) != 1 or not isinstance(kind, str):
            raise StatementError("the statement is not about exactly one subject")
        if not isinstance(predicate, dict):
            raise StatementError("the statement says nothing of its subject")
        match subject[0]:
            case {"name": str(name), "digest": {"sha256": str(digest), **others}, **more} if not others and not more:
                if is_sha256(digest):
                    return cls(name, digest, kind, predicate)
        raise StatementError("the statement's subject is not a name and a sha256 digest")


def model_subject(name: str = "") -> str:
    """The subject name of a model; the notebook may have declared what it is called."""
    return f"model:{name}" if name else "model"


def model_name(subject: str) -> str | None:
    """The name in a model's subject name ("" when it has none); None for what is no model's."""
    head, colon, name = subject.partition(":")
    return name if head == "model" and (name or not colon) else None


def notebook_subject(path: str) -> str:
    """The subject name of a notebook; the path is relative to the project."""
    return f"notebook:{path}"


def timestamp(moment: datetime) -> str:
    """A moment as evidence writes it: UTC, whole seconds, `2026-01-31T12:00:00Z`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def issued_at(text: str) -> datetime:
    """The moment that `timestamp` wrote. Raises StatementError."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise StatementError("the time of issue is not of the form 2026-01-31T12:00:00Z") from error
