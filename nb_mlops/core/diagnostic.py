"""What another tool says about a notebook, before it is ours: a code, a place and words."""

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
