"""What the tests of a notebook's packages came to: which packages, what they were made from, how many tests passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nb_mlops.core.hashing import is_sha256
from nb_mlops.evidence.kind import Assurance, Kind, NotebookRef, Predicate, Sha256, Time
from nb_mlops.evidence.statement import PREDICATES, notebook_subject
from nb_mlops.evidence.strict import StatementError


@dataclass(frozen=True, slots=True)
class PackageTested:
    """One package: its folder in the project, the tree digest of its files, how its tests ended, and in words how the
    notebook differs from what the package was made from ("" when it does not)."""

    path: str
    digest: Sha256
    passed: int
    failed: int
    skipped: int
    stale: str

    def __post_init__(self) -> None:
        if not is_sha256(self.digest) or min(self.passed, self.failed, self.skipped) < 0:
            raise StatementError("the package has no digest, or its tests cannot be counted")


@dataclass(frozen=True, slots=True)
class PackageTestsPredicate(Predicate):
    """The evidence of one run of the tests of all packages that were converted from a notebook."""

    TYPE: ClassVar[str] = f"{PREDICATES}/tests/v1"

    tool: str
    notebook: NotebookRef
    packages: tuple[PackageTested, ...]
    issued: Time
    assurance: Assurance = "self"
    version: int = 1

    def __post_init__(self) -> None:
        self.refuse_unknown()

    def subject(self) -> tuple[str, str]:
        """The notebook."""
        return notebook_subject(self.notebook.path), self.notebook.digest


KIND = Kind("tests", PackageTestsPredicate, lambda notebook, model: f"nb-mlops tests {notebook}")
