"""Values that say what they are only together with the label before them: `Tel. 030 1234567`, `DOB: 1980-02-17`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nb_mlops.analysis.sensitive.personal import identity
from nb_mlops.analysis.sensitive.personal.kinds import LISTED, Kind, Value, without_masks
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import personal_words as say

# How far before a value its label may begin, and what may stand between them.
_BEFORE = 48
_GAP = (
    r"(?:[^\n\d;|]{0,22}"  # on the same line
    r"|[ :='\"]{0,4}\n{1,4} {0,4}"  # in the cell before
    r"|\n[a-z_]{0,12}(?:value|text|data|content)['\"]? ?[=:] ?['\"]?)\Z"  # in a field of its own before
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
# As a column of birthdays may write them: `12-Apr-1987`, `12/04/87`, `19870412`.
_SHORT_DATE = pattern(
    r"(?:0?[1-9]|[12]\d|3[01])[-/. ](?:[01]?\d|[A-Za-z]{3,9})[-/. ](?:(?:19|20)?\d\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d"
)
_FRACTION = pattern(r":\d\d\.\d{4}")
_DOCUMENT = pattern(r"(?=(?:[A-Z-]*\d){4})[A-Z]{0,3}-?[A-Z0-9]{5,12}(?:-\d{1,4})?\Z")


def _label(*phrases: frozenset[tuple[str, ...]]) -> re.Pattern[str]:
    names = sorted(
        {"[ _'.-]{0,2}".join(map(re.escape, phrase)) for group in phrases for phrase in group}, key=len, reverse=True
    )
    names = ["(?<!-)ph" if name == "ph" else name for name in names]  # not of physics: `hep-ph/0303204`
    return pattern(rf"(?<![a-z])(?:{'|'.join(names)})(?![a-z])(?P<gap>{_GAP})")


_PHONE = _label(say.PHONE - {("portable",), ("cell",), ("hp",)})
_CARD = _label(say.CARD)
_BORN = _label(say.BIRTH - {("born",), ("nascita",), ("birthday",), ("birth", "day")})
# A day in the year, unless a date is given as its value.
_BIRTHDAY = _label(frozenset({("birthday",), ("birth", "day")}))
_PAPERS = _label(say.DOCUMENT)
# Labels without what parts their words, by what the first word of one is; its later words may be written on to it.
_WRITTEN: dict[str, tuple[str, ...]] = {}
for _group in (say.PHONE, say.CARD, say.BIRTH, say.DOCUMENT, identity.PHRASES):
    for _phrase in _group:
        for _count in range(1, len(_phrase) + 1):
            _head = "".join(_phrase[:_count])
            _WRITTEN[_head] = (*_WRITTEN.get(_head, ()), "".join(_phrase))
_LETTERS = pattern("[a-z]+")


def plain(text: str) -> str:
    """Lower case and without accents, as the word lists have it."""
    text = text.lower()
    return (
        text
        if text.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    )


def labelled_values(text: str, shape: bytes, places: Iterable[int]) -> Iterator[Value]:
    """Numbers and dates of persons with their label before them, at these places."""
    behind, label = 0, ""
    for at in places:
        if at < behind:
            continue
        listed = label if LISTED.fullmatch(text, behind, at) else ""
        # A label ends in a letter, and little stands between it and its value.
        if not listed and not any(shape.rfind(letter, max(0, at - 16), at) >= 0 for letter in (b"a", b"A", b"?")):
            continue
        if not listed and not _may_be_labelled(plain(text[max(0, at - _BEFORE - 12) : at])):
            continue
        for start in _beginnings(shape, at):
            value = _value_at(text, start)
            before = listed or plain(without_masks(text[max(0, start - _BEFORE) : start]))
            found = _judged(before, value) if value else None
            if found is not None:
                behind, label = start + len(value), before
                yield Value(found[0], start, behind, found[1])
                break


def _may_be_labelled(before: str) -> bool:
    """Whether the words of a label stand in a text: before most numbers there are none."""
    if not before.isascii():
        return True
    said = _LETTERS.findall(before)
    return any(word in _WRITTEN and "".join(said[n:]).startswith(_WRITTEN[word]) for n, word in enumerate(said))


def _beginnings(shape: bytes, at: int) -> Iterator[int]:
    """Where the number or date that a candidate stands in may begin: before a country or area code, or at a month."""
    low = max(0, at - 14)
    for head in (_CODES, _MONTH):
        match = head.search(shape, low, at + 1)
        if match is not None and match.start() < at:
            yield match.start()
    yield at
    if shape[at : at + 1] == b" ":
        yield at + 1


_CODES = pattern(rb"(?<![0A.])[+(]{0,2}[0A][0A]{0,4}[0A ()./-]*0\Z")
_MONTH = pattern(rb"Aaa{1,8}\.? \Z")


def _value_at(text: str, at: int) -> str:
    """The number or date that begins there; "" when none does."""
    for form in (_DATE, _NUMBER):
        match = form.match(text, at)
        if match is not None:
            return match.group().rstrip(" .-/(")
    return ""


# Words between a label and a number that make it one about phones, cards and the like: `phone calls: 1200340`.
_ABOUT = say.ABOUT - {"n", "num", "is", "was", "has"}


# `birth > '1995-01-01'` asks, `phone_number VARCHAR(16777216)` says how long one may be.
_COMPARED = pattern(r"\s[<>]=?\s|[a-z]\w*\(\Z")


def _says(label: re.Pattern[str], before: str) -> bool:
    """Whether a label stands right before a value, and is not the name of something else."""
    match = label.search(before)
    if match is None or _COMPARED.search(match["gap"]):
        return False
    return not _ABOUT.intersection(re.findall("[a-z]+", match["gap"]))


@lru_cache(maxsize=4096)
def _judged(before: str, value: str) -> tuple[Kind, str] | None:
    """What a value is, by the label that ends the text before it."""
    from nb_mlops.analysis.sensitive.personal import accounts, phones  # few texts have labels

    if _DATE.fullmatch(value):
        if _says(_BORN, before) or (before.rstrip(" '\"").endswith((":", "=")) and _says(_BIRTHDAY, before)):
            return Kind.BIRTH, ""
        return None
    if _says(_CARD, before) and accounts.is_card(value):
        return Kind.CARD, ""
    if _says(_PAPERS, before) and _DOCUMENT.match(value):
        return Kind.DOCUMENT, ""
    last = re.split(r"[;|]", before)[-1][-40:]
    what = identity.labelled(last, value)
    if what:
        return (Kind.SSN if "social security" in what else Kind.NATIONAL_ID), what
    if _says(_PHONE, before) and phones.somewhere(_whole(before, value)):
        return Kind.PHONE, ""
    return None


def _whole(before: str, value: str) -> str:
    """A number with the sign that its reading begins behind."""
    if before.endswith("+"):
        return "+" + value
    return "(" + value if before.endswith("(") and ")" in value and "(" not in value else value


def is_birth_date(text: str) -> bool:
    """Whether the text is a date, with or without a time of day; a fraction of a second is a mean's."""
    if _FRACTION.search(text):
        return False
    head = re.split(r"[T ]\d\d:", text.strip(), maxsplit=1)[0]
    return bool(_DATE.fullmatch(head) or _SHORT_DATE.fullmatch(head))


def is_document(text: str) -> bool:
    """Whether the text may be the number of a passport or licence."""
    return bool(_DOCUMENT.match(text.strip()))
