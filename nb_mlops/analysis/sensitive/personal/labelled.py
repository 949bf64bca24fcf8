"""Values that say what they are only together with the label before them: `Tel. 030 1234567`, `DOB: 1980-02-17`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from nb_mlops.analysis.sensitive.personal import accounts, identity, phones
from nb_mlops.analysis.sensitive.personal.kinds import Kind, Value
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import personal_words as say

# How far before a value its label may begin, and what may stand between them.
_BEFORE = 48
_GAP = r"[^\n\d;|]{0,22}\Z"
# In a text's shape: digits enough for a number of a person, or a date. What each begins with is literal, so that the
# search runs at the speed of memory.
_CANDIDATES = tuple(
    pattern(shape)
    for shape in (
        rb"0000000+",
        rb"000[ )/-]{1,2}000?",
        rb"00[ -]00[ -]00",
        rb"00[./-]00?[./-]0000",
        rb"0/00?/0000",
        rb"0000[./-]00?[./-]0",
        rb"0000[ -]0000",
        rb"0\.? Aaaa* 0000",
        rb" 00?, 0000",
        rb"A00000",
        rb"A00A00A",
    )
)
_NUMBER = pattern(r"(?<![\w.])[+(]?[A-Z]{0,3}\d[\dA-Z]*(?:[ ().\-/]{1,2}[\dA-Z]+){0,8}(?![\w]|[.-]\w)")
_DATE = pattern(
    r"(?<![\w.])(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:19|20)\d\d"
    r"|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d"
    r"|(?:0?[1-9]|[12]\d|3[01])\.? [A-Z][a-z]{2,8}\.? (?:19|20)\d\d"
    r"|[A-Z][a-z]{2,8}\.? (?:0?[1-9]|[12]\d|3[01]), (?:19|20)\d\d)"
    r"(?![\w]|\.\d)"
)
_DOCUMENT = pattern(r"(?=[A-Z0-9-]*\d{4})[A-Z]{0,3}-?[A-Z0-9]{5,12}(?:-\d{1,4})?\Z")


def _label(*phrases: frozenset[tuple[str, ...]]) -> re.Pattern[str]:
    names = sorted(
        {"[ _-]?".join(map(re.escape, phrase)) for group in phrases for phrase in group}, key=len, reverse=True
    )
    return pattern(rf"(?<![a-z])(?:{'|'.join(names)})(?![a-z]){_GAP}")


_PHONE = _label(say.PHONE - {("portable",), ("cell",), ("hp",)})
_CARD = _label(say.CARD - {("card",), ("pan",), ("cc",), ("karta",)})
_BORN = _label(say.BIRTH - {("born",), ("nascita",), ("birthday",)})
_PAPERS = _label(say.DOCUMENT)
# All of them at once: what is before most numbers is none.
_ANY = pattern(
    "|".join(sorted({p[0] for group in (say.PHONE, say.CARD, say.BIRTH, say.DOCUMENT) for p in group}))
    + "|"
    + identity.ANY_NAME
)


def plain(text: str) -> str:
    """Lower case and without accents, as the word lists have it."""
    text = text.lower()
    return (
        text
        if text.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    )


def labelled_values(text: str, shape: bytes) -> Iterator[Value]:
    """Numbers and dates of persons with their label before them."""
    behind = 0
    for at in _candidates(shape):
        if at < behind:
            continue
        # A label ends in a letter, and little stands between it and its value.
        if not any(byte in shape[max(0, at - 16) : at] for byte in (b"a", b"A")):
            continue
        before = plain(text[max(0, at - _BEFORE - 12) : at])
        if not _ANY.search(before):
            continue
        value, start = _value_around(text, shape, at)
        if value is None:
            continue
        behind = start + len(value)
        found = _judged(plain(text[max(0, start - _BEFORE) : start]), value)
        if found is not None:
            yield Value(found[0], start, start + len(value), found[1])


def _candidates(shape: bytes) -> list[int]:
    """Where something like a number or a date begins that is not inside a decimal or a longer number."""
    found = set()
    for form in _CANDIDATES:
        for match in form.finditer(shape):
            at = match.start()
            if at == 0 or shape[at - 1] not in b".0_":
                found.add(at)
    return sorted(found)


def _value_around(text: str, shape: bytes, at: int) -> tuple[str | None, int]:
    """The number or date that a candidate stands in, and where it begins. None when a cheap look rules it out."""
    start = at
    while start > 0 and at - start < 12 and shape[start - 1] in b"0A+(.-/":
        start -= 1
    month = at
    while shape[at : at + 1] == b" " and month > 0 and at - month < 12 and shape[month - 1] in b"aA.":
        month -= 1
    for form in (_DATE, _NUMBER):
        for place in (start, at, month):
            match = form.match(text, place)
            if match is not None:
                return match.group().rstrip(" .-/("), match.start()
    return None, 0


def _judged(before: str, value: str) -> tuple[Kind, str] | None:
    """What a value is, by the label that ends the text before it."""
    if _DATE.fullmatch(value):
        return (Kind.BIRTH, "") if _BORN.search(before) else None
    if _CARD.search(before) and accounts.is_card(value):
        return Kind.CARD, ""
    if _PAPERS.search(before) and _DOCUMENT.match(value):
        return Kind.DOCUMENT, ""
    last = re.split(r"[;|\n]", before)[-1][-30:]
    what = identity.labelled(last, value)
    if what:
        return (Kind.SSN if "social security" in what else Kind.NATIONAL_ID), what
    if _PHONE.search(before) and phones.somewhere(value):
        return Kind.PHONE, ""
    return None


def is_birth_date(text: str) -> bool:
    """Whether the text is a date, with or without a time of day."""
    head = re.split(r"[T ]\d\d:", text.strip(), maxsplit=1)[0]
    return bool(_DATE.fullmatch(head))


def is_document(text: str) -> bool:
    """Whether the text may be the number of a passport or licence."""
    return bool(_DOCUMENT.match(text.strip()))
