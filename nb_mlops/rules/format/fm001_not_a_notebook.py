"""A file named `.ipynb` that no notebook application can open.

## What it does

Files that are empty, cut off, not JSON, not UTF-8, a saved web page, a Git LFS pointer that was never fetched, JSON of
another shape, or a notebook format that is too new. The finding says which of these the file is. This rule speaks
whatever rules were selected, unless it is ignored by name.

## Why is this bad?

Nobody can run it, and no other rule can look into it: a secret in such a file is found by nobody.

## What to do

Restore the file from version control, fetch what it points to, or give it the name of what it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Position, Span, Unreadable
from nb_mlops.linter.rule import Example, Hit, Rule, code, example


def check_file(unreadable: Unreadable) -> Iterable[Hit]:
    """One finding that says what the file is."""
    if unreadable.reason == "merge-conflict":
        return
    at = unreadable.position or Position(1, 0)
    yield Hit(unreadable.detail, Span(None, "", at, at), data={"reason": unreadable.reason})


RULE = Rule(
    "FM001",
    "not-a-notebook",
    Severity.ERROR,
    bad=lambda: (
        Example(raw=b"", note="an empty file"),
        Example(raw=b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", note="a saved web page"),
        Example(raw=b'{"cells": [{"cell_type": "code", "sou', note="cut off while it was written"),
        Example(raw=b'[{"name": "Ada"}]', note="JSON of another shape"),
    ),
    good=lambda: (example(code("1 + 1")),),
    check_file=check_file,
    every_language=True,
)
