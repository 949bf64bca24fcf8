"""What a package consists of, for somebody who looks from the notebook: its files, and which function came from which
cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nb_mlops.converter import regenerate


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the package: its file, its first line there (0 where that is not known), and the cells that it was
    made of, by id and index."""

    name: str
    file: str
    line: int
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A package from outside. `out` is its folder, "" for one that would be made but is not there."""

    out: str
    files: tuple[str, ...]
    functions: tuple[Function, ...]


def outline(made: Mapping[str, Any], files: Iterable[str], out: str) -> Outline:
    """The outline of a package with this map; a map that is not as the converter writes it tells of no functions."""
    stages = made.get("stages")
    found = [_stage(stage) for stage in stages if isinstance(stage, dict)] if isinstance(stages, list) else []
    definitions = made.get("definitions")
    defined = definitions.items() if isinstance(definitions, dict) else ()
    found += [Function(str(name), str(file), 0, ()) for name, file in defined]
    own = sorted(path for path in files if path not in (regenerate.MAP, regenerate.BASE))
    return Outline(out, tuple(own), tuple(found))


def outline_report(shown: Outline) -> dict[str, Any]:
    """The outline as JSON values."""
    functions = [
        {
            "name": found.name,
            "file": found.file,
            "line": found.line,
            "cells": [{"id": id, "index": index} for id, index in found.cells],
        }
        for found in shown.functions
    ]
    return {"version": 1, "out": shown.out or None, "files": list(shown.files), "functions": functions}


def _stage(stage: Mapping[str, Any]) -> Function:
    cells = [cell for cell in stage.get("cells") or () if isinstance(cell, dict)]
    lines = [line for cell in cells for line in cell.get("lines") or () if isinstance(line, int)]
    made_of = tuple((str(cell.get("id") or ""), int(cell.get("index") or 0)) for cell in cells)
    return Function(str(stage.get("function")), str(stage.get("file")), min(lines, default=0), made_of)
