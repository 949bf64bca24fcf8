"""A value that its name gives away as a password, token or key.

## What it does

`db_password = "..."`, `"api_key": "..."`, `%env X_SECRET=...`, `--token ...`: the name promises a secret, and the
value is what a machine draws or a person thinks of as one. How much is asked of the value depends on the name: a
constant such as `SCRAPER_KEY` promises more than `key`.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back.

## What it leaves alone

Placeholders, words, identifiers, paths, numbers, checksums and versions; names that only speak of a secret
(`token_type`, `key_id`, `password_field`); neighbours in a list (`["pass", "fail-1"]`); the token of a Jupyter server
on `localhost`; well-known defaults such as `postgres`, and words from lessons (`pass123`).

## What to do

Change the password wherever it lets somebody in, or have a new key issued and this one made invalid. Then
`nb-mlops fix --unsafe` reads it from an environment variable of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE006")


_WORD = sample("kT7", "vQ2m", "!Xw9z")
_KEY = sample("9c41e7d05b", "8a4f36", "a1d2f07c93", "5e6b82")

RULE = Rule(
    "SE006",
    "named-secret",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(f'db_password = "{_WORD}"\nlen(db_password)'),
            fixed=('import os\ndb_password = os.environ["DB_PASSWORD"]\nlen(db_password)',),
        ),
        example(code(f"settings = dict(region='eu', api_key='{_KEY}')")),
    ),
    good=lambda: (
        example(code("password = 'changeme'\ntoken_type = 'bearer'\npad_token = '[PAD]'")),
        example(code("tokenizer = 'distilbert-base-uncased-v2'\nsecret_santa = 'Alan'\nsort_key = 'created_at_2024'")),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
