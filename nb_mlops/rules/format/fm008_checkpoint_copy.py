"""A notebook from the folder in which Jupyter keeps its own copies.

## What it does

Files in a folder `.ipynb_checkpoints`. Such folders are not walked, so this speaks when the file itself is named: as a
pre-commit hook names what is about to be committed.

## Why is this bad?

It is an old state of a notebook that stands beside it. Committed, it brings back what has been deleted there (a token,
a customer's row), and nobody ever looks into it.

## What to do

`git rm --cached` the file, and add `.ipynb_checkpoints/` to `.gitignore`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import THE_FILE, Hit, Rule, code, example

_FOLDER = ".ipynb_checkpoints"


def check(view: View) -> Iterable[Hit]:
    """At most one finding, about the file."""
    if _FOLDER in re.split(r"[/\\]", view.notebook.path)[:-1]:
        yield Hit(
            "This is a copy that Jupyter keeps for itself: an old state of the notebook, with whatever was deleted "
            f"from it since. Take it out of the commit and put `{_FOLDER}/` into .gitignore.",
            THE_FILE,
        )


RULE = Rule(
    "FM008",
    "checkpoint-copy",
    Severity.WARNING,
    bad=lambda: (example(code("x = 1"), path="analysis/.ipynb_checkpoints/churn-checkpoint.ipynb"),),
    good=lambda: (
        example(code("x = 1"), path="models/churn-checkpoint.ipynb", note="a checkpoint of a model, perhaps"),
    ),
    check=check,
    every_language=True,
)
