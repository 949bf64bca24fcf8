"""An unresolved merge conflict.

## What it does

Conflict markers (`<<<<<<<`, `>>>>>>>`) left between the lines of the file, and inside a cell's source where a tool
that knows notebooks has merged.

## Why is this bad?

With markers in its JSON nobody can open the notebook; with markers in a cell, the cell cannot run, and of two versions
of the work nobody has said which one counts.

## What to do

Resolve it with `nbdime mergetool`, or take one side: `git checkout --ours FILE` or `git checkout --theirs FILE`.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Position, Span, Unreadable
from nb_mlops.linter.rule import Example, Hit, Rule, code, example, markdown

_OPENS, _CLOSES = "<" * 7, ">" * 7


def check_file(unreadable: Unreadable) -> Iterable[Hit]:
    """One finding at the first marker of a file that is no JSON because of them."""
    if unreadable.reason == "merge-conflict":
        at = unreadable.position or Position(1, 0)
        yield Hit(unreadable.detail, Span(None, "", at, at))


def check(view: View) -> Iterable[Hit]:
    """One finding for each cell in which a conflict opens and closes."""
    for cell in view.notebook.cells:
        if _OPENS not in cell.source or _CLOSES not in cell.source:
            continue
        lines = cell.source.split("\n")
        opened = next((n for n, line in enumerate(lines) if _is_marker(line, _OPENS)), None)
        if opened is not None and any(_is_marker(line, _CLOSES) for line in lines[opened:]):
            message = (
                "This cell holds an unresolved merge conflict: both versions stand in it and it cannot run. "
                "Keep one of them and delete the markers."
            )
            yield Hit(message, view.line_span(cell, opened + 1))


def _is_marker(line: str, marker: str) -> bool:
    return line.startswith(marker) and line[7:8] in ("", " ")


RULE = Rule(
    "FM004",
    "merge-conflict",
    Severity.ERROR,
    bad=lambda: (
        Example(raw=b'{\n "cells": [\n<<<<<<< HEAD\n  1\n=======\n  2\n>>>>>>> other\n ]\n}\n', note="in the file"),
        example(
            markdown("\n".join(("Rate", _OPENS + " local", "0.1", "=======", "0.2", _CLOSES + " remote"))),
            note="in a cell",
        ),
    ),
    good=lambda: (example(code("x = 1 << 7")), example(markdown("Title\n=======\n\n> > quoted"))),
    check=check,
    check_file=check_file,
    every_language=True,
)
