"""An Authorization header or a session cookie.

## What it does

`Authorization: Bearer ...`, `Basic ...` (decoded: a name and a password), and cookies whose name speaks of a session,
in code, text and outputs.

## Why is this bad?

Whoever sends the same header is taken for you until it expires, and some never do.

## What it leaves alone

Placeholders, and headers that are put together from variables.

## What to do

End the session or revoke the token; `nb-mlops fix --unsafe` reads it from the environment, `nb-mlops fix` redacts
outputs.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE017")


_TOKEN = sample("k7Tq_vR2mXw9zLp4", "Ys6Hd0Fg5Tu8Ei3O")

RULE = Rule(
    "SE017",
    "credentials-in-header",
    Severity.ERROR,
    bad=lambda: (
        example(
            code(f'headers = {{"Authorization": "Bearer {_TOKEN}"}}'),
            fixed=('import os\nheaders = {"Authorization": ("Bearer " + os.environ["AUTHORIZATION"])}',),
        ),
    ),
    good=lambda: (
        example(code('headers = {"Authorization": f"Bearer {token}"}\nother = "Bearer YOUR_TOKEN_GOES_HERE_1"')),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
