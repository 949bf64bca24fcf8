"""Numbers of payment cards and bank accounts: length, issuer and checksum have to agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.sensitive.personal.checksums import checksum
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.identity_numbers import IBAN_LENGTHS, NOBODYS_NUMBERS

_GROUPED = pattern(
    r"(?<![\w.-])(?<!\b[A-Za-z] )(?<!\d )(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -])\d{6}\2\d{4,5})"
    r"(?![\w]|[.-]\d| \d)"
)
_IBAN = pattern(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)"
    r"(?![A-Za-z0-9])"
)


def grouped_cards(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Card numbers written in groups, at these places."""
    found = (_GROUPED.match(text, at) for at in places)
    return (match.span() for match in found if match and is_card(match.group()))


def is_card(text: str) -> bool:
    """Whether the text is a card number that an issuer may have given out; the numbers of test cards are not."""
    digits = re.sub(r"[ -]", "", text.removesuffix(".0"))
    if not digits.isdecimal() or not digits.isascii() or digits in NOBODYS_NUMBERS or len(set(digits)) < 5:
        return False
    return _issued(digits) and _luhn(digits)


def _issued(digits: str) -> bool:
    """Whether the first digits are an issuer's and the length is what it gives out (ISO/IEC 7812, public ranges)."""
    size, two, three, four = len(digits), int(digits[:2] or 0), int(digits[:3] or 0), int(digits[:4] or 0)
    if digits[0] == "4":
        return size in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16
    if two in (34, 37):
        return size == 15
    if two in (36, 38, 39) or 300 <= three <= 305:
        return size == 14
    if two in (65, 62) or four == 6011 or 644 <= three <= 649 or 3528 <= four <= 3589:
        return 16 <= size <= 19
    return two in (50, 56, 57, 58, 63, 67) and size == 16


def _luhn(digits: str) -> bool:
    return bool(checksum("luhn").is_valid(digits))


def ibans(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Account numbers in the international form, at these places."""
    for at in places:
        match = _IBAN.match(text, at) if text[at : at + 2] in IBAN_LENGTHS else None
        end = _iban_end(match.group()) if match else 0
        if end:
            yield at, at + end


def is_iban(text: str) -> bool:
    """Whether the whole text is an IBAN."""
    text = text.strip()
    return bool(_IBAN.fullmatch(text)) and _iban_end(text) == len(text)


def _iban_end(text: str) -> int:
    """Where the IBAN that the text begins with ends; 0 when it is none. A word in capitals may follow it."""
    size = IBAN_LENGTHS.get(text[:2])
    compact = text.replace(" ", "")
    if size is None or len(compact) < size or compact[:size] in NOBODYS_NUMBERS:
        return 0
    end = count = 0
    while count < size:
        count += text[end] != " "
        end += 1
    if end < len(text) and text[end] != " ":
        return 0
    number = compact[:size]
    return end if checksum("iso7064.mod_97_10").is_valid(number[4:] + number[:4]) else 0
