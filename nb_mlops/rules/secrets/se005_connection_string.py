"""A connection string with a password or an account key.

## What it does

`Password=`, `Pwd=`, `AccountKey=`, `SharedAccessKey=` among other `name=value` pairs that name a server.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back.

## What it leaves alone

Placeholders, and values that are taken from variables.

## What to do

Change the password or rotate the key, and read the string from the environment.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE005")


_WORD = sample("kT7", "vQ2m", "Xw9z")

RULE = Rule(
    "SE005",
    "connection-string",
    Severity.ERROR,
    bad=lambda: (
        example(
            code(f"conn = 'Server=tcp:crm.harbour.io,1433;Database=crm;User ID=app;Password={_WORD};Encrypt=True;'")
        ),
    ),
    good=lambda: (
        example(
            code("conn = 'Server=crm;Database=crm;User ID=app;Password=<password>;'\nother = f'Server=crm;Pwd={word};'")
        ),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
