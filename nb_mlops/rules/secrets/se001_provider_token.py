"""A token or key of a known provider, written into code or text.

## What it does

Tokens whose format is known from what their issuers publish (docs/tokens.md lists the formats: language models, ML
platforms, clouds, code hosts, databases, messengers, payments), in code, comments, shell lines, markdown and raw
cells; the outputs, metadata, attachments and tracebacks that repeat the value are listed with it. Where a format
carries a checksum or an issuer's mark and it does not hold, confidence is lower. Formats that nothing tells from a
checksum need the issuer's name and a word such as `key` or `token` before them on the line.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back.

## What it leaves alone

The id of an AWS key by which a URL was signed. Placeholders: values with telling words (`EXAMPLE`, `your-token`),
repeated or counted-up characters. A token that stands in outputs only is SE009.

## What to do

Revoke the token at its issuer first (the finding says where). Then `nb-mlops fix` redacts the outputs, comments and
text that show it, and `nb-mlops fix --unsafe` reads it from an environment variable where the code spells it out.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, stdout
from nb_mlops.linter.secrets import hits, sample


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, all its places related."""
    return hits(view, "SE001")


_TOKEN = sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE001",
    "provider-token",
    Severity.ERROR,
    bad=lambda: (
        example(
            code(f'token = "{_TOKEN}"'),
            fixed=('import os\ntoken = os.environ["HF_TOKEN"]',),
            note="in code; the fix is unsafe",
        ),
        example(
            code(f'headers = {{"X-Key": "hub {_TOKEN}"}}', stdout(f"X-Key: hub {_TOKEN}")),
            fixed=('import os\nheaders = {"X-Key": ("hub " + os.environ["HF_TOKEN"])}',),
            note="part of a literal, and printed",
        ),
        example(markdown(f"Log in with `{_TOKEN}`."), fixed=("Log in with `[removed]`.",)),
    ),
    good=lambda: (
        example(
            code(f'token = "{_TOKEN[:3]}{"x" * 34}"\nimport os\nkey = os.environ["HF_TOKEN"]'), note="a placeholder"
        ),
        example(code("digest = 'd41d8cd98f00b204e9800998ecf8427e'"), note="a checksum"),
    ),
    check=check,
    needs="secrets",
    every_language=True,
    sensitive=True,
)
