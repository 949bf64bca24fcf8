"""A secret that stands in metadata, widget state or an attachment only.

## What it does

Every kind of secret in what no reader of the notebook sees: the notebook's and the cells' metadata (papermill keeps
parameters there), the saved state of widgets (a password field keeps its text), files attached to markdown cells.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. Nobody looks here before publishing.

## What it leaves alone

Ids, hashes, signatures, placeholders.

## What to do

Make it invalid where it was issued; `nb-mlops fix` redacts metadata and widget state. Delete an attachment by hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE012")


_TOKEN = sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE012",
    "secret-beside-cells",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("3", connection={"key": _TOKEN}),
            fixed=("3",),
        ),
    ),
    good=lambda: (example(code("3", connection={"key": "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "profile": "work"})),),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
