"""The words of the planted benchmark: a kind of value, a place that can hold one, a notebook under way, a truth.

A new kind is one `Kind` in the list of its family's module (`secrets.py`, `personal.py`); a new place is one function
in `places.py`. Values are made when the benchmark runs, from a seed: none stands in the repository.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any


@dataclass(frozen=True)
class Plant:
    """One value as it goes into a notebook: `name` is what the code around it calls it, `before` what stands right
    before it where it is not assigned to a name (`Authorization: Bearer `)."""

    value: str
    name: str = "value"
    before: str = ""

    @property
    def line(self) -> str:
        """The value as a program logs it."""
        return f"{self.before}{self.value}" if self.before else f"{self.name}={self.value}"


@dataclass(frozen=True)
class Where:
    """Where a value was put: the cell (None: the notebook) and the first key of the part (`source`, `outputs`, ...)."""

    cell: int | None
    room: str


@dataclass
class Book:
    """A notebook under way, in nbformat's own terms."""

    cells: list[dict[str, Any]]
    metadata: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: str, source: str, outputs: list[dict[str, Any]] | None = None, **more: Any) -> int:
        """A further cell at the end; its index."""
        cell: dict[str, Any] = {"cell_type": kind, "id": f"c{len(self.cells)}", "metadata": {}, "source": source}
        if kind == "code":
            cell |= {"execution_count": len(self.cells) + 1, "outputs": outputs or []}
        self.cells.append({**cell, **more})
        return len(self.cells) - 1


Put = Callable[[Book, Plant, Random], Where]


@dataclass(frozen=True)
class Kind:
    """A kind of value. `family` is the beginning of the rule codes that should speak (`SE`, `PI`, `ED`), "" for what
    only looks like one: then nobody should. `origin` groups the kinds in the report. `places` are the names of the
    places it can stand in, all of them when empty; `own` are places that only this kind has."""

    name: str
    family: str
    make: Callable[[Random], Plant]
    origin: str
    places: tuple[str, ...] = ()
    own: tuple[tuple[str, Put], ...] = ()


@dataclass(frozen=True)
class Truth:
    """One planted value, and the lines of the file that its cell takes up."""

    file: str
    kind: Kind
    place: str
    where: Where
    first_line: int
    last_line: int


def written(book: Book, chance: Random) -> tuple[str, list[tuple[int, int]]]:
    """The file's text as an application would lay it out, and the first and last line of each cell, the notebook's
    metadata last."""
    indent = chance.choice([1, 1, 2])
    pieces, lines, at = ['{\n "cells": ['], [], 2
    for number, cell in enumerate(book.cells):
        whole = dict(cell)
        if chance.random() < 0.9:
            whole["source"] = whole["source"].splitlines(True)
        text = ("\n" if number == 0 else ",\n") + json.dumps(whole, indent=indent, ensure_ascii=False)
        lines.append((at + 1, at + text.count("\n")))
        at += text.count("\n")
        pieces.append(text)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    language = {"name": "python", "version": "3.11.0"}
    meta = json.dumps({"kernelspec": kernel, "language_info": language, **book.metadata}, indent=indent)
    tail = f'\n ],\n "metadata": {meta},\n "nbformat": 4,\n "nbformat_minor": 5\n}}\n'
    lines.append((at + 2, at + 2 + meta.count("\n")))
    pieces.append(tail)
    return "".join(pieces), lines
