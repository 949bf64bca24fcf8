"""The file has the name that an application gave it, or one that tools trip over.

## What it does

Looks at the file's name alone: `Untitled3.ipynb`, `model-Copy1.ipynb`, `Copy of model.ipynb`, `model (1).ipynb`, and
names with spaces in them.

## Why is this bad?

The name does not say what is in it, and of a notebook and its copy nobody knows which one counts. A name with spaces
has to be quoted in every command, Makefile and link, and cannot be imported.

## What to do

Give it the name of what it does (`git mv`), or delete the copy: version control has the old state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import THE_FILE, Hit, Rule, code, example

_UNTITLED = pattern(r"untitled[ _-]?\d*|new notebook[ _-]?\d*|notebook \d{4}-\d\d-\d\d.*", re.I)
_COPY = pattern(r".*[ _-]copy ?\d*(?:-copy\d*)*|copy of .*|.* ?\(\d\d?\)", re.I)


def check(view: View) -> Iterable[Hit]:
    """At most one finding, about the file."""
    stem = re.split(r"[/\\]", view.notebook.path)[-1].removesuffix(".ipynb")
    if _UNTITLED.fullmatch(stem):
        yield Hit(f"`{stem}` does not say what this notebook is for; give it a name that does.", THE_FILE)
    elif _COPY.fullmatch(stem):
        yield Hit(f"`{stem}` is called a copy: nobody knows which one counts. Rename or delete it.", THE_FILE)
    elif " " in stem:
        yield Hit(
            f"The name `{stem}` has spaces in it, which every command and link has to quote; put `_` or `-` in.",
            THE_FILE,
        )


RULE = Rule(
    "FM005",
    "makeshift-name",
    Severity.INFO,
    bad=lambda: (
        example(code("x = 1"), path="analysis/Untitled3.ipynb"),
        example(code("x = 1"), path="churn-Copy1.ipynb"),
        example(code("x = 1"), path="Copy of churn.ipynb"),
        example(code("x = 1"), path="churn (2).ipynb"),
        example(code("x = 1"), path="churn per region.ipynb"),
    ),
    good=lambda: (
        example(code("x = 1"), path="my analysis/untitled_works.ipynb", note="folders are not looked at"),
        example(code("x = 1"), path="copyright(2019).ipynb"),
        example(code("x = 1"), path="hardcopy.ipynb"),
    ),
    check=check,
    default=False,
    every_language=True,
)
