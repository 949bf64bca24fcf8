"""What rules may ask about the project that a notebook lies in: what it declares, which files come with it.

Only what is asked is looked up, and every answer is noted with a stamp, so that whoever remembers what the rules said
can tell whether they would say it again. Rules stay pure: the same notebook and the same answers give the same
findings. Without anybody who answers, nothing is known, and whoever asks gets the answer that accuses nobody.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from nb_mlops.core.value import Struct

_SET = frozenset[str]()
_NO_ROWS = frozenset[int]()
Value = TypeVar("Value")


class Presence(Enum):
    """Whether a file comes with the project. KEPT: git has it, or it is there where no git is asked. HERE: it is on
    this machine, and git, which has the notebook, does not have it."""

    KEPT = "kept"
    HERE = "here"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Declared(Struct, frozen=True):
    """What dependency files say. `names` are distributions as the index writes them, those of lock files included; None
    where nothing is declared. `pythons` are the versions of Python they ask for, as specifiers (`>=3.10,<3.13`).
    `files` are where it stands."""

    names: frozenset[str] | None = None
    pythons: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Answer(Struct, frozen=True):
    """An answer, and a short text that is another one when the answer may be."""

    value: Any
    stamp: str = ""


class Asked(Struct, frozen=True, array_like=True):
    """A question that was asked about a project, and the stamp of the answer."""

    kind: str
    about: str
    stamp: str


class Project:
    """The project around one notebook, for the rules of one lint. Paths are relative to the notebook's folder."""

    def __init__(self, answer: Callable[[str, str], Answer] | None = None) -> None:
        self._answer = answer
        self._known: dict[tuple[str, str], Answer] = {}

    @property
    def asked(self) -> tuple[Asked, ...]:
        """What was asked so far, in order."""
        return tuple(Asked(kind, about, answer.stamp) for (kind, about), answer in self._known.items())

    @property
    def known(self) -> bool:
        """Whether the notebook lies in a project at all: a repository, or a folder that says that it is one."""
        return self._ask("known", "", False)

    @property
    def declared(self) -> Declared | None:
        """What the dependency files on the way from the notebook to the project's root declare; None: not known."""
        unknown: Declared | None = None
        return self._ask("declared", "", unknown)

    @property
    def declares_elsewhere(self) -> bool:
        """Whether there are dependency files in other folders of the repository."""
        return self._ask("elsewhere", "", True)

    def presence(self, path: str) -> Presence:
        """Whether a file or folder comes with the project."""
        return self._ask("presence", posixpath.normpath(path), Presence.UNKNOWN)

    def has_module(self, name: str) -> bool:
        """Whether something in the project may be what `import name` means."""
        return self._ask("module", name, True)

    def makes(self, path: str) -> bool:
        """Whether code of the project other than the notebook, or its pipeline, may make the file."""
        return self._ask("makes", posixpath.normpath(path), True)

    def private_rows(self, pattern: str) -> frozenset[int]:
        """Hashes of the rows of the tables that match a pattern, taken from the project's root."""
        return self._ask("private", pattern, _NO_ROWS)

    def _ask(self, kind: str, about: str, unknown: Value) -> Value:
        if self._answer is None:
            return unknown
        known = self._known.get((kind, about))
        if known is None:
            known = self._known[kind, about] = self._answer(kind, about)
        value: Value = known.value
        return value


class Stated(Struct, frozen=True):
    """A project in words, for the examples of rules: it has what is named here and nothing else."""

    declares: frozenset[str] | None = None
    pythons: tuple[str, ...] = ()
    keeps: frozenset[str] = _SET
    here: frozenset[str] = _SET
    modules: frozenset[str] = _SET
    makes: frozenset[str] = _SET
    private: frozenset[int] = _NO_ROWS
    files: tuple[str, ...] = ("requirements.txt",)

    @property
    def project(self) -> Project:
        """The project, ready to be asked."""
        return Project(self._answer)

    def _answer(self, kind: str, about: str) -> Answer:
        if kind == "declared":
            return Answer(Declared(self.declares, self.pythons, self.files if self.declares is not None else ()))
        if kind == "presence":
            kept = Presence.KEPT if about in self.keeps else Presence.MISSING
            return Answer(Presence.HERE if about in self.here else kept)
        if kind in ("known", "private"):
            return Answer(self.private if kind == "private" else True)
        return Answer(about in {"module": self.modules, "makes": self.makes, "elsewhere": _SET}[kind])
