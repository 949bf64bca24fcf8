"""A password as a server keeps it: hashed.

## What it does

Looks for the forms in which programs store passwords (bcrypt's `$2b$12$…`, crypt's MD5 and SHA, Argon2, those of
Django, Werkzeug and of a Jupyter server) in every part of a notebook.

## Why is this bad?

Whoever has the hash can guess at the password for as long as they like, on their own machines, where nobody counts the
attempts. Passwords that people think of seldom withstand that, and are used elsewhere too.

## What it leaves alone

Checksums of files, digests without a salt, commits.

## What to do

Clear the output or leave the column out, and have the passwords changed when the file has left your hands.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each hash, all its places related."""
    return hits(view, "SE019")


_HASH = sample("$2", "b$12$", "N9qo8uLOickgx2ZMRZoMye", "IjZAgcfl7p92ldGxad68LJZdL17lhWy")

RULE = Rule(
    "SE019",
    "password-hash",
    Severity.WARNING,
    bad=lambda: (
        example(code("!mysql shop < users.sql", stdout(f"(1, 'mike', '{_HASH}')\n"))),
        example(code(f"stored = b'{_HASH}'")),
    ),
    good=lambda: (
        example(code("digest = 'd41d8cd98f00b204e9800998ecf8427e'\nprice = '$2.50'")),
        example(code("scheme = '$2b$12$'\nbcrypt.hashpw(word, bcrypt.gensalt())")),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
