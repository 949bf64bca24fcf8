"""National identity numbers: a checksum that holds, and a name or a form that says whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nb_mlops.analysis.sensitive.personal.checksums import checksum
from nb_mlops.analysis.sensitive.personal.shape import places
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge.identity_numbers import IDENTITY_NUMBERS, NOBODYS_NUMBERS, IdentityNumber

_SSN = pattern(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
# Numbers whose form alone gives them away, with the pattern that takes them out of a text.
_TELLING = {
    "br.cpf": pattern(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"),
    "it.codicefiscale": pattern(r"(?<![A-Za-z0-9])[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])"),
    "mx.curp": pattern(r"(?<![A-Za-z0-9])[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d(?![A-Za-z0-9])"),
    "ch.ssn": pattern(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d{2}(?![\w.])"),
    "cl.rut": pattern(r"(?<![\w.])\d{1,2}\.\d{3}\.\d{3}-[\dkK](?![\w-])"),
    "": pattern(r"(?<![\w.])[1-9]\d{5}(?:19|20)\d{9}[\dX](?![\w.])"),
}


_LETTERS = pattern("[a-z]+")


def telling(text: str, shape: bytes) -> Iterator[tuple[int, int, str]]:
    """Numbers that need no label: start, end and what each is."""
    for number in IDENTITY_NUMBERS:
        for at in places(shape, number.shape.encode()) if number.shape else ():
            match = _TELLING[number.module].match(text, at)
            if match and is_valid(number, match.group()):
                yield *match.span(), number.title


def telling_numbers() -> tuple[IdentityNumber, ...]:
    """The kinds of numbers whose form alone gives them away."""
    return tuple(number for number in IDENTITY_NUMBERS if number.shape)


def tells(number: IdentityNumber, text: str) -> bool:
    """Whether the whole text is such a number."""
    return bool(_TELLING[number.module].fullmatch(text.strip())) and is_valid(number, text)


def social_security_numbers(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """US numbers in the form 000-00-0000 that can have been given out, at these places."""
    return (match.span() for at in places if (match := _SSN.match(text, at)) and is_ssn(match.group()))


def is_ssn(text: str) -> bool:
    """Whether a US social security number may be this one."""
    return is_valid(IDENTITY_NUMBERS[0], text)


def is_valid(number: IdentityNumber, text: str) -> bool:
    """Whether the text is a number of this kind by its length and checksum, and not documentation's."""
    compact = re.sub(r"[\s.\-/+]", "", text.strip().removesuffix(".0"))
    if len(compact) not in number.lengths or compact.upper() in NOBODYS_NUMBERS or len(set(compact)) < 3:
        return False
    if number.companies and compact[:-1].isdecimal() and int(compact[:-1]) >= number.companies:
        return False
    bare = text.strip().removesuffix(".0")
    return _checked(number.module, bare) or (" " in bare and _checked(number.module, compact))


@lru_cache(maxsize=4096)
def _checked(module: str, text: str) -> bool:
    if not module:
        return _is_chinese(text)
    return bool(checksum(module).is_valid(text))


def _is_chinese(text: str) -> bool:
    """18 characters: region, date of birth, serial, checksum. python-stdnum would read a table of regions for it."""
    month, day = int(text[10:12]), int(text[12:14])
    return (
        1 <= month <= 12
        and 1 <= day <= 31
        and text[6:10] < "2031"
        and bool(checksum("iso7064.mod_11_2").is_valid(text))
    )


_NAMES = tuple(
    (number, pattern(rf"(?<![a-z])(?:{number.words.replace(' ', '[ _-]?')})(?![a-z])")) for number in IDENTITY_NUMBERS
)
PHRASES = frozenset(tuple(name.split()) for number in IDENTITY_NUMBERS for name in number.words.split("|"))
_FIRST = frozenset("".join(phrase[:count]) for phrase in PHRASES for count in range(1, len(phrase) + 1))


def labelled(label: str, text: str) -> str:
    """What the text is, a number of this name; "" when it is none."""
    if label.isascii() and _FIRST.isdisjoint(_LETTERS.findall(label)):
        return ""
    for number, name in _NAMES:
        if name.search(label) and is_valid(number, text):
            return number.title
    return ""


def named(label: str) -> tuple[IdentityNumber, ...]:
    """The numbers that are called so."""
    return tuple(number for number, name in _NAMES if name.search(label))
