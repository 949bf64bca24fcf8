"""A private key.

## What it does

What stands between `BEGIN ... PRIVATE KEY` and `END` and decodes to a key (DER, OpenSSH, PGP), or at least to bytes
without order, in code and text; escaped line breaks are read.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. A key opens every machine that trusts it.

## What it leaves alone

Public keys and certificates, armour around nothing or around dots, and keys cut down to their first line.

## What to do

Make a new pair, take the old public key off the machines and services that know it, and load the key from a file
outside the repository.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE002")


_BODY = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ"
_MORE = "Yx2eqzDV+xeG8kx/sQFV18S5JhzGeIJNA72wSeukEPojtqUyX2J0CciPBh7eqclQ"
_KEY = sample("-----BEGIN ", "PRIVATE KEY-----\n", _BODY, "\n", _MORE, "\n-----END ", "PRIVATE KEY-----")

RULE = Rule(
    "SE002",
    "private-key",
    Severity.ERROR,
    bad=lambda: (example(code(f"key = '''{_KEY}'''\nlen(key)")),),
    good=lambda: (example(code("key = '''-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----'''")),),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
