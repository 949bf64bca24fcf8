"""A secret that stands in outputs only: the code reads it from elsewhere and shows it.

## What it does

Every kind of secret (SE001 to SE006, SE016) that a cell printed or displayed: streams joined over their chunks,
colours and tags taken out, tables, JSON, the data behind plots, scripts. One that only its name gives away is a
warning.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. An output is easily overlooked: it is what
`print(os.environ)` leaves behind.

## What it leaves alone

What the rules for written secrets leave alone: placeholders, checksums, identifiers. What stands in a web page that was
loaded and printed is given to all its visitors: a token there is a warning, a value with a name for information.

## What to do

Make it invalid where it was issued, do not show it again, and let `nb-mlops fix` write `[removed]` in its place, or
clear the output where the value is interrupted by colours or tags.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE009")


_TOKEN = sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE009",
    "secret-in-output",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("settings = 3", stdout(f"HF_TOKEN={_TOKEN[:20]}"), stdout(f"{_TOKEN[20:]}\n")),
            fixed=("settings = 3",),
            note="printed in two chunks",
        ),
        example(code("3", result("t", text_html=f"<td>token</td><td>{_TOKEN}</td>")), fixed=("3",)),
    ),
    good=lambda: (
        example(code("3", stdout(f"HF_TOKEN=hf_{'x' * 34}\ncommit 83baae61804e65cc73a7201a7252750c76066a30"))),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
