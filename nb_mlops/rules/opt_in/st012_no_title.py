"""The notebook does not say what it is about.

## What it does

Notebooks with at least five code cells and no heading in any markdown cell.

## Why is this bad?

A reader has to run it to learn what it is, and `nb-mlops convert` finds no names for its functions.

## What to do

Begin with a title (`# What this shows`), and give the steps headings of their own.

## False positives

Scratch notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import CellKind
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown

_CELLS = 5
_HEADING = pattern(r"^ {0,3}#{1,6}[ \t]*[^\s#]|<h[1-6]\b|^\S.*\n {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE | re.IGNORECASE)


def check(view: View) -> Iterator[Hit]:
    """One finding, at the first cell."""
    texts = [cell.source for cell in view.notebook.cells if cell.kind is CellKind.MARKDOWN]
    if sum(bool(cell.source.strip()) for cell in view.code_cells) < _CELLS:
        return
    if not any(_HEADING.search(text) for text in texts):
        yield Hit(
            "No heading says what this notebook is about or where its steps begin: readers, and the functions that "
            "it is converted to, are left without names. Begin with a title.",
            view.line_span(view.notebook.cells[0]),
        )


RULE = Rule(
    "ST012",
    "no-title",
    Severity.INFO,
    bad=lambda: (example(*(code(f"a = {n}") for n in range(5))),),
    good=lambda: (
        example(markdown("# Study"), *(code(f"a = {n}") for n in range(5))),
        example(markdown("Study\n====="), *(code(f"a = {n}") for n in range(5))),
        example(code("a = 1")),
    ),
    check=check,
    default=False,
)
