"""A secret that stands in a traceback only.

## What it does

Every kind of secret in the lines of code that a traceback quotes (colours taken out) and in what exceptions say:
`ConnectionError: postgresql://app:…@db.example.org/crm`.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. Exceptions quote URLs and arguments whole.

## What it leaves alone

Placeholders, and a secret that also stands in the code (SE001 and the like, which list the traceback).

## What to do

Make it invalid where it was issued, and let `nb-mlops fix` redact it or clear the output.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, raised
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE013")


_TOKEN = sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE013",
    "secret-in-traceback",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("1/0", raised("HTTPError", f"401 for https://hub/?key={_TOKEN}"), tags=("raises-exception",)),
            fixed=("1/0",),
        ),
    ),
    good=lambda: (example(code("1/0", raised("HTTPError", "401 for https://hub/?key=***"))),),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
