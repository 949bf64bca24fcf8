"""What a text looks like: every digit 0, every capital A, every small letter a. A cheap first look.

Personal numbers are found by their shape. Whether a shape occurs in megabytes of text, a search for a few literal
bytes tells at memory speed, where a regular expression would try every digit of every number.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def run_start(shape: bytes, at: int) -> int:
    """Where the run of digits that one is in begins."""
    low = max(0, at - _LONGEST)
    while at > low and shape[at - 1] == _ZERO:
        at -= 1
    return at
