"""A URL with a password in it.

## What it does

`scheme://user:password@host` of any scheme: databases, brokers, package indexes, git remotes.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. Databases are found by whoever scans the net.

## What it leaves alone

Placeholders (`user:password@host`, `<password>`, `{password}`, `$PASSWORD`), a password equal to the user's name,
well-known defaults. One for this machine is a warning.

## What to do

Change the password, and put the URL together from `os.environ`; `nb-mlops fix --unsafe` does the second.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE004")


_WORD = sample("kT7", "vQ2m", "Xw9z")

RULE = Rule(
    "SE004",
    "password-in-url",
    Severity.ERROR,
    bad=lambda: (
        example(
            code(f"url = 'postgresql://app:{_WORD}@db-3.harbour.io/crm'"),
            fixed=(
                "import os\nurl = ('postgresql://app:' + os.environ[\"DATABASE_PASSWORD\"] + '@db-3.harbour.io/crm')",
            ),
        ),
    ),
    good=lambda: (
        example(
            code("url = 'postgresql://user:password@localhost/test'\nother = f'mysql://{user}:{word}@db.harbour.io/x'")
        ),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
