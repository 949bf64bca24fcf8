"""What another tool says about a notebook, before it is ours: a place and words, or a kind."""

from __future__ import annotations

from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct


class Diagnostic(Struct, frozen=True):
    """One thing that ruff found. `cell` is the index in document order; `fix` is what ruff would do, "" for nothing,
    and `safe` whether ruff calls that safe; `edits` are how: from where to where in that cell, and the new text."""

    code: str
    name: str
    message: str
    cell: int
    start: Position
    end: Position
    url: str = ""
    fix: str = ""
    safe: bool = False
    edits: tuple[tuple[Position, Position, str], ...] = ()


class Guess(Struct, frozen=True):
    """What another engine takes for personal data: in which of the texts that it was given, from where to where, by
    its own name for it, and how sure it is, from 0 to 1."""

    text: int
    start: int
    end: int
    entity: str
    score: float
