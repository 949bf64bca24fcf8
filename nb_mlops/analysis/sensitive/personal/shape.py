"""What a text looks like: every digit 0, every capital A, every small letter a. A cheap first look.

Personal numbers are found by their shape. Whether a shape occurs in megabytes of text, a search for a few literal
bytes tells at memory speed, where a regular expression would try every digit of every number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from nb_mlops.analysis.pieces import PIECE, pieces
from nb_mlops.core.lazy import pattern

_TABLE = bytes(
    48 if 48 <= byte <= 57 else 65 if 65 <= byte <= 90 else 97 if 97 <= byte <= 122 else byte for byte in range(256)
)

# Digits enough for a number of a person, or a date: seven in a row, or several groups. Every alternative begins alike,
# and with what is literal, so that one search at the speed of memory finds them all.
_GROUPS = pattern(
    rb"00(?:000000*"
    rb"|(?=0[ )/-]{1,2}00|0\.000\.0000|00[./-]00?[./-]0|[ -]00[ -]00|[./-]00?[./-]0000))"
)
# What may be a number of a person or a date besides long numbers and those in groups. What each
# begins with is literal, so that the search runs at the speed of memory.
_OTHERS = tuple(pattern(form) for form in (rb"0/00?/0000", rb" 00?, 0000", rb"A0(?:0000|0A00A)"))
# `3. Mai 1980`, found from its end and read from its day.
_MONTH_YEAR = b"aa 0000"
_DAY_MONTH = pattern(rb"0\.? Aa{1,8}\Z")
_ZERO = ord("0")
# No longer run of digits is walked back through.
_LONGEST = 16


def shape_of(text: str) -> bytes:
    """The text's shape, one byte for each character; characters beyond Latin-1 are `?`."""
    if len(text) <= PIECE:
        return text.encode("latin-1", "replace").translate(_TABLE)
    shape = BytesIO()  # what is written is not copied once more to be read
    for _, piece in pieces(text, "\n"):
        shape.write(piece.encode("latin-1", "replace").translate(_TABLE))
    return shape.getvalue()


def places(shape: bytes, form: bytes) -> Iterator[int]:
    """Where a literal form stands in a shape."""
    at = shape.find(form)
    while at >= 0:
        yield at
        at = shape.find(form, at + 1)


def numbers(shape: bytes) -> list[int]:
    """Where the first digits of numbers in several groups, and of long numbers, begin; decimals' digits are some."""
    found = []
    for at in [match.start() for match in _GROUPS.finditer(shape)]:
        found.append(run_start(shape, at) if at and shape[at - 1] == _ZERO else at)
    return found


def candidates(shape: bytes, numbers: Iterable[int]) -> list[int]:
    """Where something like a number or a date begins that is not inside a decimal or a longer number."""
    found = set(numbers)
    for form in _OTHERS:
        found.update(run_start(shape, match.start()) for match in form.finditer(shape))
    for year in places(shape, _MONTH_YEAR):
        day = _DAY_MONTH.search(shape, max(0, year - 12), year + 2)
        if day:
            found.add(run_start(shape, day.start()))
    return sorted(at for at in found if at == 0 or shape[at - 1] not in b".0_")


def run_start(shape: bytes, at: int) -> int:
    """Where the run of digits that one is in begins."""
    low = max(0, at - _LONGEST)
    while at > low and shape[at - 1] == _ZERO:
        at -= 1
    return at
