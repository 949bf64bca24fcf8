"""Long words of a text: where a token could stand at all. Found without looking at each character in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nb_mlops.analysis.pieces import pieces

# No token has a shorter stretch of word characters, and a float's digits (17 at most, behind its point) stay below.
LEAST = 18
WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/-")
_SHADOW = bytes(ord("w") if chr(code) in WORD else ord(" ") for code in range(256))
_NEEDLE = b"w" * LEAST
# A longer word is data; in data only its beginning is looked at.
_DATA = 4096


def long_words(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch of at least LEAST letters, digits and `_+/-` (ASCII), left to right.

    Every character has one byte in the shadow of the text, `w` or a space, so the search runs at the speed of memory
    and its offsets are the text's.
    """
    for start, piece in pieces(text, "\n"):
        shadow = piece.encode("latin-1", "replace").translate(_SHADOW)
        at = shadow.find(_NEEDLE)
        while at >= 0:
            end = shadow.find(b" ", at + LEAST)
            end = len(shadow) if end < 0 else end
            yield start + at, start + end
            at = shadow.find(_NEEDLE, end)


def has_long_word(text: str, least: int) -> bool:
    """Whether a text has a stretch of at least so many such characters."""
    return b"w" * least in text.encode("latin-1", "replace").translate(_SHADOW)


def run_before(text: str, at: int, low: int, form: re.Pattern[str]) -> int:
    """Where the run of characters that ends at `at` begins, at `low` at the earliest. `form` matches such a run: it is
    held against the text backwards, for a search would try to begin at each character before."""
    found = form.match(text[low:at][::-1])
    return at - (found.end() if found else 0)


def lower(text: str) -> str:
    """The text with its ASCII letters in lower case, each character where it was; characters beyond Latin-1 are `?`.

    For looking up fixed words: one byte for each character, whatever else the text holds.
    """
    if text.isascii():
        return text.lower()
    return "".join(piece.encode("latin-1", "replace").lower().decode("latin-1") for _, piece in pieces(text, "\n"))


def starts(text: str, start: int, end: int) -> list[int]:
    """Where in a long word a token may begin: at its start, behind what a source escapes (`\\n`, `%3D`), behind each
    slash or plus."""
    found = [start]
    if start and text[start] in "nrt" and text[start - 1] == "\\":
        found.append(start + 1)
    elif start and text[start - 1] == "%":
        found.append(start + 2)
    if end - start > _DATA:
        return found
    last = end - LEAST
    for sign in "/+":
        at = text.find(sign, start, last)
        while at >= 0:
            found.append(at + 1)
            at = text.find(sign, at + 1, last)
    return found
