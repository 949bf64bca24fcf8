"""The key file of a Google service account.

## What it does

JSON or a dictionary with `type: service_account` and a `private_key` that decodes to a key.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. A service account's key does not expire.

## What it leaves alone

The same structure without a key, or with dots for one.

## What to do

Delete the key in the Google Cloud console under IAM, Service accounts, and use application default credentials.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE016")


_BODY = "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ"
_MORE = "Yx2eqzDV+xeG8kx/sQFV18S5JhzGeIJNA72wSeukEPojtqUyX2J0CciPBh7eqclQ"
_KEY = sample("-----BEGIN ", "PRIVATE KEY-----\\n", _BODY, "\\n", _MORE, "\\n-----END ", "PRIVATE KEY-----")

RULE = Rule(
    "SE016",
    "service-account",
    Severity.ERROR,
    bad=lambda: (example(code(f"info = {{'type': 'service_account', 'private_key': '{_KEY}', 'client_email': 'x'}}")),),
    good=lambda: (
        example(code("info = {'type': 'service_account', 'private_key': '-----BEGIN PRIVATE KEY-----...'}")),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
