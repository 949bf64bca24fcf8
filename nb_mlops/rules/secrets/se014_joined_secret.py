"""A secret that the code puts together from several literals.

## What it does

Literals joined by `+`, written side by side, put in an f-string or handed to `"".join([...])`, where they make a
secret of any kind.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. Cutting a value in two hides it from scanners, not from
readers.

## What it leaves alone

Expressions with anything but literals in them.

## What to do

Make it invalid where it was issued; `nb-mlops fix --unsafe` reads it from an environment variable.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE014")


_TOKEN = sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE014",
    "joined-secret",
    Severity.ERROR,
    bad=lambda: (
        example(
            code(f'token = "{_TOKEN[:9]}" + "{_TOKEN[9:]}"'),
            fixed=('import os\ntoken = os.environ["HF_TOKEN"]',),
        ),
        example(code(f'token = "".join(["{_TOKEN[:9]}", "{_TOKEN[9:]}"])')),
    ),
    good=lambda: (example(code('name = "hf_" + user\npath = "data/" "raw/" "2024"')),),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
