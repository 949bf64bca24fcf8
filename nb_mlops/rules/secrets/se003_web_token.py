"""A JSON web token.

## What it does

Three parts of base64 parted by dots (`eyJhbGciOi….eyJzdWIi….4pcPyMD0…`), the first of which decodes to a header with
`alg` and the second to claims.

## Why is this bad?

Until it expires, whoever has it is you. Its claims also say in plain text who that is.

## What it leaves alone

Tokens that are meant to be public (`role: anon`), unsigned ones, and the sample of the documentation.

## What to do

End the session it stands for, and ask for a fresh token when the notebook runs.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE003")


_TOKEN = sample(
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
    ".eyJzdWIiOiI4MTQ3MjEiLCJpc3MiOiJodHRwczovL2xvZ2luLmhhcmJvdXIuaW8ifQ",
    ".w5Zk3Qm8Jt1Xn7Vb2Lp9Rc4Ys6Hd0Fg5Tu8Ei3Oa1",
)

RULE = Rule(
    "SE003",
    "web-token",
    Severity.ERROR,
    bad=lambda: (example(code(f"headers = {{'X-Access': '{_TOKEN}'}}")),),
    good=lambda: (example(code("jwt = 'eyJhbGciOiJIUzI1NiJ9.e30.x'"), note="no signature"),),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
