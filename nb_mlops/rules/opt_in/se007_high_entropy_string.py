"""A literal that only a machine can have drawn.

## What it does

A string in the code, of 20 to 100 characters, with capitals, small letters and digits in no order, where neither a
form nor a name says what it is. Off by default.

## Why is this bad?

Keys look like this. What gives a key away to no rule, because its name says nothing and its issuer marks nothing, gives
itself away by this.

## What it leaves alone

Words, paths, checksums and other hexadecimal values, UUIDs, text in base64, ids by their names, and what another rule
speaks of.

## What to do

If it is a key, make it invalid where it was issued and read it from the environment. If it is none, say so:
`# nbm: ignore[SE007] public id`.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.segment import SegmentKind
from nb_mlops.analysis.sensitive.hidden import decoded
from nb_mlops.analysis.sensitive.named import says_of_something_else
from nb_mlops.analysis.sensitive.values import entropy, is_drawn, is_placeholder, made_up
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.secrets import sample

_LITERAL = pattern(r"(?P<quote>[\"'])(?P<value>[A-Za-z0-9_+/=~.-]{20,100})(?P=quote)")
_WORD = pattern(r"[A-Z][a-z]{2,}|[a-z]{4,}|[A-Z]{5,}")
_HOSTED = pattern(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_NAME = pattern(r"([\w.-]{1,60})\\?[\"']?\]?\s{0,4}(?::\s{0,4}\w{1,20}\s{0,4})?(?:=>|:=|=|:|,)\s{0,4}\Z")


def check(view: View) -> Iterable[Hit]:
    """One finding for each value, where it stands first."""
    seen = {secret.value for secret in view.secrets}
    for segment in view.segments:
        if segment.kind is not SegmentKind.SOURCE:
            continue
        for found in _LITERAL.finditer(segment.text):
            value = found["value"]
            if value in seen or any(value in known or known in value for known in seen) or not _is_key(value):
                continue
            name = _NAME.search(segment.text, max(0, found.start() - 80), found.start())
            if name is not None and says_of_something_else(name[1]):
                continue
            seen.add(value)
            bits = f"{len(value)} characters, {entropy(value):.1f} bits each"
            message = (
                f"A literal of {bits}: keys look like this, and whoever can read this file could use one. Read it "
                "from the environment, or say what it is."
            )
            yield Hit(message, segment.span(*found.span("value")), secret=value)


def _is_key(value: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    if not all(any(map(kind, value)) for kind in kinds) or not is_drawn(value, False):
        return False
    if entropy(value) < (3.8 if len(value) < 32 else 4.2) or made_up(value) or is_placeholder(value):
        return False
    if (
        _HOSTED.fullmatch(value)
        or value.startswith(("sha256-", "sha384-", "sha512-"))
        or sum(len(word) for word in _WORD.findall(value)) * 10 > len(value) * 4
    ):
        return False  # a name of parts, as models and files have, perhaps with its owner's
    return not any(True for _ in decoded(value, [(0, len(value.rstrip("=")))]))


_KEY = sample("tR7wQz2L", "pX9vKd4M", "sN8bYc3H", "gF6j")

RULE = Rule(
    "SE007",
    "high-entropy-string",
    Severity.INFO,
    bad=lambda: (example(code(f"open_door = dict\nopen_door([('eu', '{_KEY}')])")),),
    good=lambda: (
        example(
            code("model = dict(\n    a='SG161222/RealVisXL_V4.0', b='facebook/m2m100_418M')"), note="owner and name"
        ),
        example(code("weights = 'densenet121_v2.1_imagenet'\nMODEL = 'DistilBertForSequenceClassification'")),
        example(code(f"file_id = '{_KEY}'\nsha = '9c41e7d05b8a4f36a1d2f07c935e6b82'"), note="names that tell"),
        example(code("text = 'VGhpcyBpcyBqdXN0IHNvbWUgdGV4dA=='"), note="text in base64"),
    ),
    check=check,
    confidence=Confidence.LOW,
    default=False,
    every_language=True,
    sensitive=True,
)
