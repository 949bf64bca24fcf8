"""Whether a value is a real secret or only stands where one would: placeholders, words, repetitions, chance."""

from __future__ import annotations

import binascii
import math
import re
from collections import Counter
from itertools import pairwise

from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.credentials import SECRETS_ARE_CALLED, WEAK_PASSWORDS

_DUMMY = pattern(
    r"example|your|token|placeholder|changeme|dummy|fake|redacted|removed|secret|insert|replace|xxxx|\.\.\.|sample|abcdef|"
    r"123456|qwerty|foobar|goes_?here|api_?key|password|test_?key|hidden|masked|0000000000|\*\*\*|censored",
    re.IGNORECASE,
)
_PLACEHOLDER = pattern(
    r"""
    .*(?:\byour|your[_-]|my[_-]?(?:secret|pass|token|key|api)|example|placeholder|change[_-]?(?:me|it|this)|replace
        |insert|redact|remove|dummy|fake|sample|todo|fixme|goes[_-]?here|\bhere\b|xxx|\.\.\.|…|\*\*\*|•|<|>|&[lg]t;|\$\{|\{\{|%\(
        |\benter\b|\bfill\b|some[_-]|abcd|1234567|qwerty|foobar|lorem|none|null|undefined|process\.env|environ|getenv
        |getpass|censored|hidden|masked|not[_-]?set|not[_-]?a[_-]?real|test[_-]?(?:key|token|secret|pass)|fixture).*
    | [$%{(].* | .*[)\]}]
    | (?:api|secret|access|auth|private|client|token|pass|user|key|word|name|id|db|[_-])+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORDY = pattern(r"[A-Za-z]?[a-z]{2,}|[A-Z]{2,}|[a-zA-Z]|\d{1,4}|[a-zA-Z]{1,3}\d{1,4}")
_PIECES = pattern(r"[_\-./:\s+]+")
_CAMEL = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_OF_PATHS = frozenset("/\\._-:, ")
# Letters beyond these are no keyboard's that passwords are typed on: a word for `password` in another script.
_LATIN = "\u024f"
_COUNTED = ("123", "1234", "12345", "123456", "1234567", "12345678")
_AROUND = "*&@#%_"
_LETTERS = pattern(r"[a-z]+|[A-Z]+")
_HEX = pattern(r"[0-9a-fA-F]+")
_HIDES = pattern(r"pass|secret|credential", re.IGNORECASE)
_LITERAL = pattern(r'"([^"]+)"')
_UUID = pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def made_up(body: str) -> bool:
    """Whether the variable part of a token is a placeholder: a telling word, few characters, or a repetition."""
    if len(set(body.lower())) < min(8, len(body) // 3) or any(_is_meant(found[0]) for found in _DUMMY.finditer(body)):
        return True
    return any(body[width:] == body[:-width] for width in range(1, min(len(body) // 2 + 1, 33)))


def _is_meant(word: str) -> bool:
    """Whether somebody wrote this word: chance writes `yOuR` as often as `your`."""
    return word.islower() or word.isupper() or word.istitle() or not any(c.isalpha() for c in word)


def is_placeholder(value: str) -> bool:
    """Whether a value says of itself that it is none, refers to where the true one stands, or is all one sign."""
    if len(value) > 300:
        return made_up(value[:300])
    if _PLACEHOLDER.fullmatch(value) or len(set(value)) < 4:
        return True
    if any(value[width:] == value[:-width] for width in range(1, len(value) // 2 + 1)):
        return True
    steps = sum(ord(b) - ord(a) == 1 for a, b in pairwise(value))
    return steps * 3 > len(value) * 2


def is_weak(value: str) -> bool:
    """Whether this is a word that stands in everybody's examples, perhaps counted up: `letmein123`."""
    word = value.lower()
    base = word.rstrip("0123456789")
    counted = word[len(base) :]
    return word in WEAK_PASSWORDS or (base in WEAK_PASSWORDS and (len(counted) < 4 or counted in _COUNTED))


def is_a_name(value: str) -> bool:
    """Whether this is what a secret is called, and none: `root_user_password`, `Base32SecretKey`, `##DB_PWD##`."""
    core = value.strip(_AROUND)
    words = [word.lower() for piece in _PIECES.split(core) for word in _CAMEL.findall(piece)]
    letters = [word for word in words if not word.isdigit()]
    if len(words) < (2 if core == value else 1) or len("".join(words)) < len(_PIECES.sub("", core)):
        return False
    if any(len(word) > 2 for word in words if word.isdigit()) or any(len(word) < 2 for word in letters):
        return False
    return not SECRETS_ARE_CALLED.isdisjoint(letters)


def entropy(value: str) -> float:
    """Shannon's entropy of the value's characters, in bits for each."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def is_wordy(value: str) -> bool:
    """Whether a value is made of words and short numbers, as identifiers, paths, versions and class names are."""
    pieces = [piece for piece in _PIECES.split(value) if piece]
    return all(_WORDY.fullmatch(piece) or _camel(piece) for piece in pieces)


def is_mostly_wordy(value: str) -> bool:
    """Whether a value is made of such words but for a fifth, as the names of models on a hub are."""
    pieces = _PIECES.split(value)
    words = sum(len(piece) for piece in pieces if piece and is_wordy(piece))
    return words * 5 >= 4 * sum(map(len, pieces))


def _camel(piece: str) -> bool:
    """`AmberBasinTokenizer`, `resnet50`, `Conv2d`: parts of a few letters each, not a letter here and a digit there."""
    parts = _CAMEL.findall(piece)
    return "".join(parts) == piece and len(piece) >= 4 * len(parts)


def is_drawn(value: str, sure: bool) -> bool:
    """Whether a machine drew this value: long, of letters and digits, without words. `sure` says that its name alone
    is telling, so that less is asked of it."""
    size = len(value)
    if size < 12 or is_wordy(value) or not any(c.isalpha() for c in value):
        return False
    if not any(c.isdigit() for c in value):
        return sure and size >= 20 and entropy(value) > 3.9 and not value.islower()
    if _UUID.fullmatch(value):
        return sure
    if _HEX.fullmatch(value):
        return sure and size >= 16 and entropy(value) > 2.6
    return entropy(value) > (2.9 if size < 18 else 3.2 if sure else 3.7)


def is_plain_base64(value: str) -> bool:
    """Whether a value is base64 of words, or of JSON in which nothing is drawn: `{"session_id": "default"}`."""
    try:
        blob = value.replace("-", "+").replace("_", "/")
        text = binascii.a2b_base64(blob + "=" * (-len(blob) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        return False
    if not text.isprintable():
        return False
    if not (text.startswith("{") and text.endswith("}")):
        return " " in text.strip() and is_wordy(text)
    return not _HIDES.search(text) and not any(is_drawn(piece, True) for piece in _LITERAL.findall(text))


def is_drawn_of_signs(value: str) -> bool:
    """Whether a machine drew this value from a keyboard's signs: long, and as disordered as no code or prose is."""
    if not 40 <= len(value) <= 200:
        return False
    signs = [c for c in value if not c.isalnum() and c not in _OF_PATHS]
    if (
        len(signs) * 10 < len(value)
        or len(set(signs)) < 5
        or not any(map(str.isdigit, value))
        or not any(map(str.islower, value))
    ):
        return False
    return entropy(value) > 4.5 and _longest_word(value) < 10 and not made_up(value)


def _longest_word(value: str) -> int:
    return max(map(len, _LETTERS.findall(value)), default=0)


def is_password(value: str) -> bool:
    """Whether somebody thought of this as a password: Latin letters with digits or signs, no spaces, no code."""
    if max(value, default="") > _LATIN:
        return False
    letters = sum(c.isalpha() for c in value)
    others = len(value) - letters
    return 6 <= len(value) <= 80 and letters >= 2 and others >= 1 and value.isprintable() and " " not in value
