"""A secret behind base64.

## What it does

Base64 (also in data URIs) that decodes to text in which a secret of any kind stands.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back. Base64 is no cipher.

## What it leaves alone

Pictures and other data, and text without secrets.

## What to do

Make it invalid where it was issued, and read it from the environment.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE015")


_HIDDEN = sample("dG9rZW49aG", "ZfUXpSdlRtS3BXeExiTmNZZEdoSmZTYVVlT2lQcVZ0QndYcg==")

RULE = Rule(
    "SE015",
    "encoded-secret",
    Severity.ERROR,
    bad=lambda: (example(code(f'blob = "{_HIDDEN}"')),),
    good=lambda: (
        example(code('blob = base64.b64decode("dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZw==")')),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
