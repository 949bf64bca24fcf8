"""What another tool says about a notebook, before it is ours: a code, a place and words."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.notebook import Position


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that ruff found. `cell` is the index in document order; `fix` is what ruff would do, "" for nothing,
    and `safe` whether ruff calls that safe."""

    code: str
    name: str
    message: str
    cell: int
    start: Position
    end: Position
    url: str = ""
    fix: str = ""
    safe: bool = False
