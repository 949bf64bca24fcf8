"""Provider tokens in a text, by the tables of formats in knowledge.tokens.

A token has a long word: these are found first, and what stands at the beginning of a long word (or right before it,
or how long it is) says which formats to try there. Each try is one bounded pattern, so the whole is linear in the text,
and a text without long words costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from nb_mlops.analysis.sensitive.filing import KEY, anchor, literals_before, tail_length
from nb_mlops.analysis.sensitive.runs import long_words, starts
from nb_mlops.analysis.sensitive.values import made_up
from nb_mlops.core.finding import Confidence
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.tokens import OneOf, Part, Run, TokenFormat, formats, parts, words_of
from nb_mlops.knowledge.tokens.checks import holds

ALNUM = "A-Za-z0-9"
# How far before a value the words that its format needs may stand.
_NEAR = 120
_CREDENTIALS = ("key", "token", "secret", "pass", "auth", "login", "pwd", "pat", "cred", "connect")
# A letter right before a token usually means that it is the middle of a word; but the source of a string writes `\n`.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"
# Signs of literals that no word has.
_NO_WORD = frozenset(".:!|$~=@")


class Token(Struct, frozen=True):
    """One token: which format, where in the text, how sure."""

    format: TokenFormat
    start: int
    end: int
    confidence: Confidence


def find_tokens(text: str, words: Sequence[tuple[int, int]] | None = None) -> Iterator[Token]:
    """The provider tokens in a text, left to right, without those that are plainly made up.

    `words` are the text's long words, for a caller who has them.
    """
    words = tuple(long_words(text)) if words is None else words
    if not words:
        return
    # Six hundred entries, which a notebook without a long word does not need.
    from nb_mlops.knowledge.tokens import filed

    first, ends, sizes, behind = filed.FIRST, filed.ENDS, filed.SIZES, 0
    for start, end in words:
        for at in starts(text, start, end):
            if at < behind:
                continue
            found = None
            sign = text[at - 1] if at else ""
            if text[at : at + 2] in first:
                found = _by_head(filed.HEADS, text, at, behind)
            if found is None and sign in _NO_WORD:
                least = ends.get(text[max(0, at - 2) : at]) or ends.get(sign)
                if least and end - at >= least:
                    found = _by_tail(filed.TAILS, text, at, end, behind)
            # The end of a path or a URL is somebody's id, whatever the line speaks of.
            if found is None and end - at in (sizes if sign != "/" else filed.ALONE):
                here = sizes if text[at:end].isalnum() else filed.SIGNED
                found = _by_size(here.get(end - at, ()), filed.NEAR, text, at, behind)
            if found is not None:
                behind = found.end
                yield found
    yield from _rare(filed.RARE, text)


def _by_head(heads: Mapping[str, tuple[tuple[str, int], ...]], text: str, at: int, behind: int) -> Token | None:
    """The token whose long word begins here, by how it begins."""
    for size in range(KEY, 0, -1):
        for before, number in heads.get(text[at : at + size], ()):
            if before and not text.startswith(before, max(0, at - len(before))):
                continue
            if found := _try(number, text, at, behind):
                return found
    return None


def _by_tail(
    tails: Mapping[str, tuple[tuple[int, int], ...]], text: str, at: int, end: int, behind: int
) -> Token | None:
    """The token whose long word begins here, by what stands before it."""
    for size in range(KEY, 0, -1):
        for least, number in tails.get(text[max(0, at - size) : at], ()):
            if end - at >= least and _rest(number).match(text, at) and (found := _try(number, text, at, behind)):
                return found
    return None


def _by_size(
    numbers: tuple[int, ...], needed: Mapping[int, tuple[str, ...]], text: str, at: int, behind: int
) -> Token | None:
    """The token that is a long word, of the formats that are as long, by what is said before it."""
    if not numbers:
        return None
    before = "" if at and text[at - 1] == "/" else _line_before(text, at)
    for number in numbers:
        near = needed.get(number)
        if near:
            for word in near:
                if word in before:
                    break
            else:
                continue
        if found := _try(number, text, at, behind):
            return found
    return None


@cache
def _rest(number: int) -> re.Pattern[str]:
    """What a format has from its long word on: cheaper to try than the whole, whose beginning is searched for."""
    from nb_mlops.knowledge.tokens import filed

    some = parts(filed.SHAPES[number])
    return re.compile(_written(some[anchor(some) :]))


def _line_before(text: str, at: int) -> str:
    """What the line says before a value, in lower case."""
    line = text.rfind("\n", max(0, at - _NEAR), at)
    return text[line + 1 if line >= 0 else max(0, at - _NEAR) : at].lower()


def _said_before(text: str, at: int) -> str:
    """What the line says before a value, in lower case; "" where it says nothing of a credential."""
    before = _line_before(text, at)
    return before if any(map(before.__contains__, _CREDENTIALS)) else ""


def _rare(rare: tuple[tuple[str, int], ...], text: str) -> Iterator[Token]:
    for sought, number in rare:
        at = text.find(sought)
        while at >= 0:
            found = _try(number, text, at, 0)
            if found is not None:
                yield found
            at = text.find(sought, at + 1)


def _try(number: int, text: str, at: int, behind: int) -> Token | None:
    pattern, lead, longest, near = _pattern(number)
    if lead:
        found = pattern.search(text, max(at - lead, behind), at + longest)
        found = found if found is not None and found.start() <= at < found.end() else None
    else:
        found = pattern.match(text, at)
    if found is None or made_up("".join(found.groups())):
        return None
    if near and not any(word in _said_before(text, found.start()) for word in near):
        return None
    form = formats()[number]
    return Token(form, found.start(), found.end(), _confidence(form, found.group()))


def _confidence(form: TokenFormat, value: str) -> Confidence:
    sure = form.sure and holds(form.check, value) and form.has in value
    return Confidence.HIGH if sure else Confidence.MEDIUM


@cache
def _pattern(number: int) -> tuple[re.Pattern[str], int, int, tuple[str, ...]]:
    """A format's pattern, how far before its long word it may begin, how long it may be, and what must be near."""
    from nb_mlops.knowledge.tokens import filed

    some = parts(filed.SHAPES[number])
    sought = any(number == rare for _, rare in filed.RARE)
    longest = 1 + sum(map(_longest, some))
    last = next((part.alphabet for part in reversed(some) if isinstance(part, Run)), ALNUM)
    lead = 0 if sought else sum(_longest(part) for part in some[: anchor(some)])
    head = 0 if sought else max(map(tail_length, words_of(literals_before(some, anchor(some)))))
    pattern = re.compile(f"{_START}{_written(some)}(?![{ALNUM}{last}])")
    return pattern, longest if sought else lead - head, longest, filed.NEAR.get(number, ())


def _written(some: tuple[Part, ...]) -> str:
    """Parts as a regular expression, each run a group."""
    return "".join(
        re.escape(part)
        if isinstance(part, str)
        else f"(?:{'|'.join(map(re.escape, part.words))})"
        if isinstance(part, OneOf)
        else f"([{part.alphabet}]{{{part.least},{part.longest}}})"
        for part in some
    )


def _longest(part: Part) -> int:
    if isinstance(part, Run):
        return part.longest
    return len(part) if isinstance(part, str) else max(map(len, part.words))
