"""Provider tokens in a text, by the tables of formats in knowledge.tokens.

A token has a long word: these are found first, and what stands at the beginning of a long word (or right before it,
or how long it is) says which formats to try there. Each try is one bounded pattern, so the whole is linear in the text,
and a text without long words costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from nb_mlops.analysis.sensitive.runs import LEAST, WORD, long_words, starts
from nb_mlops.analysis.sensitive.values import made_up
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct, field
from nb_mlops.knowledge.tokens import OneOf, Part, Run, TokenFormat, formats, parts, words_of
from nb_mlops.knowledge.tokens.checks import holds

ALNUM = "A-Za-z0-9"
# How far before a value the words that its format needs may stand.
_NEAR = 120
_CREDENTIALS = ("key", "token", "secret", "pass", "auth", "login", "pwd", "pat", "cred", "connect")
# A letter right before a token usually means that it is the middle of a word; but the source of a string writes `\n`.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"
_IN_WORD = pattern(r"[A-Za-z0-9_+/-]*\Z")
# A literal is known by so many of its characters at most.
_KEY = 4
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
    index, behind = _index(), 0
    first, sizes = index.first, index.sizes
    for start, end in words:
        for at in starts(text, start, end):
            if at < behind:
                continue
            found = None
            sign = text[at - 1] if at else ""
            if text[at : at + 2] in first:
                found = _by_head(index, text, at, behind)
            if found is None and sign in _NO_WORD:
                found = _by_tail(index, text, at, behind)
            # The end of a path or a URL is somebody's id, whatever the line speaks of.
            if found is None and end - at in (sizes if sign != "/" else index.alone):
                found = _by_size(index, text, at, end, behind)
            if found is not None:
                behind = found.end
                yield found
    yield from _rare(index, text)


class _Index(Struct):
    """Which formats to try at a long word: by how it begins, by what stands before it, by how long it is
    (`signed`: those of them that have more than letters and digits; `alone`: the lengths of those that need no word
    near them); and those that are looked for by a text of their
    own."""

    heads: dict[str, list[tuple[str, TokenFormat]]] = field(default_factory=dict)
    tails: dict[str, list[TokenFormat]] = field(default_factory=dict)
    sizes: dict[int, list[TokenFormat]] = field(default_factory=dict)
    signed: dict[int, list[TokenFormat]] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    rare: list[TokenFormat] = field(default_factory=list)
    first: set[str] = field(default_factory=set)
    rests: dict[str, re.Pattern[str]] = field(default_factory=dict)
    patterns: dict[str, tuple[re.Pattern[str], int, int]] = field(default_factory=dict)


@cache
def _index() -> _Index:
    index = _Index()
    for form in formats():
        if form.find:
            index.rare.append(form)
            continue
        some = parts(form.shape)
        at = _anchor(some)
        before = words_of(_literals_before(some, at))
        for text in before:
            word = _IN_WORD.search(text)
            head = word[0] if word else ""
            if head:
                index.heads.setdefault(head[:_KEY], []).append((text[: len(text) - len(head)], form))
                index.first.update([head[:2]] if len(head) > 1 else (head + sign for sign in WORD))
            elif text:
                index.tails.setdefault(text[-_KEY:], []).append(form)
            else:
                signed = any(map(_has_sign, some[at:]))
                for size in _sizes(some[at:]):
                    index.sizes.setdefault(size, []).append(form)
                    if not form.near:
                        index.alone.add(size)
                    if signed:
                        index.signed.setdefault(size, []).append(form)
    return index


def _anchor(some: tuple[Part, ...]) -> int:
    """The run that surely makes a long word, with the literals around it."""
    for at, part in enumerate(some):
        if isinstance(part, Run) and _least_word(some, at) >= LEAST:
            return at
    raise ValueError("a shape without a long word needs find=")


def _least_word(some: tuple[Part, ...], at: int) -> int:
    before = min(map(_tail_length, words_of(_literals_before(some, at))))
    return before + min(_sizes(some[at:]))


def _has_sign(part: Part) -> bool:
    """Whether a part may hold more than letters and digits."""
    if isinstance(part, Run):
        return re.search(r"[^\w-]|_|-$", part.alphabet) is not None
    return not all(word.isalnum() for word in ((part,) if isinstance(part, str) else part.words))


def _tail_length(text: str) -> int:
    found = _IN_WORD.search(text)
    return len(found[0]) if found else 0


def _literals_before(some: tuple[Part, ...], at: int) -> tuple[Part, ...]:
    first = at
    while first > 0 and not isinstance(some[first - 1], Run):
        first -= 1
    return some[first:at]


def _sizes(some: tuple[Part, ...]) -> range:
    """How long a word can be that begins with these parts: up to the first character that no word has."""
    least = most = 0
    for part in some:
        if isinstance(part, Run):
            least, most = least + part.least, most + part.longest
            continue
        words = (part,) if isinstance(part, str) else part.words
        inside = [re.match(r"[A-Za-z0-9_+/-]*", word) for word in words]
        sizes = [len(found[0]) for found in inside if found]
        least, most = least + min(sizes), most + max(sizes)
        if any(size < len(word) for size, word in zip(sizes, words, strict=True)):
            break
    return range(least, most + 1)


def _by_head(index: _Index, text: str, at: int, behind: int) -> Token | None:
    """The token whose long word begins here, by how it begins."""
    for size in range(_KEY, 0, -1):
        for before, form in index.heads.get(text[at : at + size], ()):
            if before and not text.startswith(before, max(0, at - len(before))):
                continue
            if found := _try(form, text, at, behind):
                return found
    return None


def _by_tail(index: _Index, text: str, at: int, behind: int) -> Token | None:
    """The token whose long word begins here, by what stands before it."""
    for size in range(_KEY, 0, -1):
        for form in index.tails.get(text[max(0, at - size) : at], ()):
            if _rest(index, form).match(text, at) and (found := _try(form, text, at, behind)):
                return found
    return None


def _by_size(index: _Index, text: str, at: int, end: int, behind: int) -> Token | None:
    """The token that is a long word, by how long it is and what is said before it."""
    forms = (index.sizes if text[at:end].isalnum() else index.signed).get(end - at)
    if forms is None:
        return None
    before = "" if at and text[at - 1] == "/" else _line_before(text, at)
    for form in forms:
        if form.near:
            for word in form.near:
                if word in before:
                    break
            else:
                continue
        if found := _try(form, text, at, behind):
            return found
    return None


def _rest(index: _Index, form: TokenFormat) -> re.Pattern[str]:
    """What a format has from its long word on: cheaper to try than the whole, whose beginning is searched for."""
    known = index.rests.get(form.name)
    if known is None:
        some = parts(form.shape)
        known = index.rests[form.name] = re.compile(_written(some[_anchor(some) :]))
    return known


def _line_before(text: str, at: int) -> str:
    """What the line says before a value, in lower case."""
    line = text.rfind("\n", max(0, at - _NEAR), at)
    return text[line + 1 if line >= 0 else max(0, at - _NEAR) : at].lower()


def _said_before(text: str, at: int) -> str:
    """What the line says before a value, in lower case; "" where it says nothing of a credential."""
    before = _line_before(text, at)
    return before if any(map(before.__contains__, _CREDENTIALS)) else ""


def _rare(index: _Index, text: str) -> Iterator[Token]:
    for form in index.rare:
        at = text.find(form.find)
        while at >= 0:
            found = _try(form, text, at, 0)
            if found is not None:
                yield found
            at = text.find(form.find, at + 1)


def _try(form: TokenFormat, text: str, at: int, behind: int) -> Token | None:
    known = _index().patterns
    if form.name not in known:
        known[form.name] = _pattern(form)
    pattern, lead, longest = known[form.name]
    if lead:
        found = pattern.search(text, max(at - lead, behind), at + longest)
        found = found if found is not None and found.start() <= at < found.end() else None
    else:
        found = pattern.match(text, at)
    if found is None or made_up("".join(found.groups())):
        return None
    if form.near and not any(word in _said_before(text, found.start()) for word in form.near):
        return None
    return Token(form, found.start(), found.end(), _confidence(form, found.group()))


def _confidence(form: TokenFormat, value: str) -> Confidence:
    sure = form.sure and holds(form.check, value) and form.has in value
    return Confidence.HIGH if sure else Confidence.MEDIUM


def _pattern(form: TokenFormat) -> tuple[re.Pattern[str], int, int]:
    """The format's pattern, how far before its long word it may begin, and how long it may be."""
    some = parts(form.shape)
    longest = 1 + sum(map(_longest, some))
    last = next((part.alphabet for part in reversed(some) if isinstance(part, Run)), ALNUM)
    lead = 0 if form.find else sum(_longest(part) for part in some[: _anchor(some)])
    head = 0 if form.find else max(map(_tail_length, words_of(_literals_before(some, _anchor(some)))))
    pattern = re.compile(f"{_START}{_written(some)}(?![{ALNUM}{last}])")
    return pattern, longest if form.find else lead - head, longest


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
