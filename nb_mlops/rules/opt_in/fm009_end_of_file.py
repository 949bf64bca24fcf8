"""The file does not end with exactly one newline.

## What it does

Notebooks whose last byte is not a newline, or after which more blank lines or spaces follow.

## Why is this bad?

Jupyter ends the file with one newline, other applications with none: with both in a team the last line changes back and
forth, and a hook such as `end-of-file-fixer` stops every commit.

## What to do

Save it in Jupyter, or let `end-of-file-fixer` mend it.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import THE_FILE, Example, Hit, Rule, code, example

_BLANK = b" \t\r\n"


def check(view: View) -> Iterable[Hit]:
    """At most one finding, about the file."""
    raw = view.notebook.raw
    end = raw[len(raw.rstrip(_BLANK)) :] if raw else b"\n"
    if end in (b"\n", b"\r\n"):
        return
    what = "white space and blank lines" if end else "no newline"
    yield Hit(
        f"The file ends with {what} where Jupyter writes one newline, so the next one to save it changes its last "
        "line. Save it in Jupyter, or use the hook `end-of-file-fixer`.",
        THE_FILE,
    )


_NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
RULE = Rule(
    "FM009",
    "end-of-file",
    Severity.INFO,
    bad=lambda: (Example(raw=_NOTEBOOK, note="no newline"), Example(raw=_NOTEBOOK + b"\n\n", note="a blank line")),
    good=lambda: (Example(raw=_NOTEBOOK + b"\n"), example(code("x = 1"))),
    check=check,
    default=False,
    every_language=True,
)
