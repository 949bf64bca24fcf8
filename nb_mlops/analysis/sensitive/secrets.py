"""Provider tokens in a text, by the table of formats in knowledge.tokens.

One scan for the formats' fixed words, then each format's own pattern at the places found: linear in the text, since
every run in a format is bounded.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.tokens import ALNUM, TOKENS, OneOf, Run, TokenFormat

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# How far behind a format's context word its value may end.
_NEAR = 200
# A letter right before a token usually means that it is the middle of a word; but `\n` may stand before it in the
# source of a string.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_DUMMY = pattern(
    r"example|your|token|placeholder|changeme|dummy|fake|redacted|secret|insert|replace|xxxx|\.\.\.|sample|abcdef|"
    r"123456|qwerty|foobar|goes_?here|api_?key",
    re.IGNORECASE,
)


class Token(Struct, frozen=True):
    """One token: which format, where in the text, how sure."""

    format: TokenFormat
    start: int
    end: int
    confidence: Confidence


def find_tokens(text: str) -> Iterator[Token]:
    """The provider tokens in a text, left to right, without those that are plainly made up."""
    scan, matchers = _machine()
    behind = 0
    for hit in scan.finditer(text):
        if hit.start() < behind:
            continue
        for form in matchers[hit.group()]:
            token = _try(form, text, hit.start(), behind)
            if token is not None:
                behind = token.end
                yield token
                break


def may_hold_tokens(text: str) -> bool:
    """Whether a text has any format's fixed word: cheap, and never wrong when it says no."""
    return _machine()[0].search(text) is not None


def _try(form: TokenFormat, text: str, at: int, behind: int) -> Token | None:
    pattern, lead = _pattern(form), _fixed_words(form)[1]
    if form.near:
        line_end = text.find("\n", at, at + _NEAR)
        found = pattern.search(text, at, line_end if line_end >= 0 else at + _NEAR)
    elif lead:
        found = pattern.search(text, max(at - lead, behind), at + _longest(form))
        found = found if found is not None and found.start() <= at < found.end() else None
    else:
        found = pattern.match(text, at)
    if found is None or _made_up("".join(found.groups())):
        return None
    return Token(form, found.start(), found.end(), _confidence(form, found))


def _confidence(form: TokenFormat, found: re.Match[str]) -> Confidence:
    value = found.group()
    valid = _CHECKS[form.checksum](found.groups()[-1]) if form.checksum else True
    return Confidence.HIGH if form.sure and valid and form.marker in value else Confidence.MEDIUM


def _made_up(body: str) -> bool:
    """Whether the variable part of a token is a placeholder: a telling word, few characters, or a repetition."""
    if _DUMMY.search(body) or len(set(body.lower())) < min(8, len(body) // 3):
        return True
    return any(body[width:] == body[:-width] for width in range(1, len(body) // 2 + 1))


def _github(body: str) -> bool:
    """GitHub's last six characters are the CRC-32 of the thirty before them, in base 62."""
    number, digits = zlib.crc32(body[:30].encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0") == body[30:]


def _base32(body: str) -> bool:
    """AWS access key ids are base 32: account and serial number."""
    return re.fullmatch("[A-Z2-7]+", body) is not None


_CHECKS = {"crc32-base62": _github, "base32": _base32}


@cache
def _machine() -> tuple[re.Pattern[str], Mapping[str, tuple[TokenFormat, ...]]]:
    """The scan for fixed words, and the formats that each word calls."""
    by_word: dict[str, list[TokenFormat]] = {}
    for form in TOKENS:
        for word in _fixed_words(form)[0]:
            by_word.setdefault(word, []).append(form)
    # The longest word first, and each word also calls what its beginnings call.
    words = sorted(by_word, key=lambda w: (-len(w), w))
    calls = {w: tuple(form for v in words if w.startswith(v) for form in by_word[v]) for w in words}
    return re.compile(_trie(words)), calls


@cache
def _fixed_words(form: TokenFormat) -> tuple[tuple[str, ...], int]:
    """The literal words by which a format is found, and the longest stretch that may stand before them."""
    if form.near:
        return form.near, 0
    lead = 0
    fixed: list[tuple[str, ...]] = []
    for part in form.shape:
        if isinstance(part, Run):
            if fixed:
                break
            lead += part.longest
        else:
            fixed.append((part,) if isinstance(part, str) else part.words)
    return tuple("".join(words) for words in product(*fixed)), lead


@cache
def _pattern(form: TokenFormat) -> re.Pattern[str]:
    parts = []
    last = ALNUM
    for part in form.shape:
        if isinstance(part, str):
            parts.append(re.escape(part))
        elif isinstance(part, OneOf):
            parts.append("(?:" + "|".join(map(re.escape, part.words)) + ")")
        else:
            parts.append(f"([{part.alphabet}]{{{part.least},{part.longest}}})")
            last = part.alphabet
    return re.compile(_START + "".join(parts) + f"(?![{ALNUM}{last}])")


@cache
def _longest(form: TokenFormat) -> int:
    """No token of this format is longer (and one character more, that the end can be seen)."""
    choices = (part.words if isinstance(part, OneOf) else (part,) for part in form.shape if not isinstance(part, Run))
    runs = (part.longest for part in form.shape if isinstance(part, Run))
    return sum(max(map(len, words)) for words in choices) + sum(runs) + 1


def _trie(words: list[str]) -> str:
    """An alternation that shares beginnings, so that the scan looks at each character once."""
    tree: dict[str, list[str]] = {}
    for word in words:
        if word:
            tree.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(first) + _trie(rest) for first, rest in tree.items()]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    return f"(?:{joined})?" if "" in words else joined
