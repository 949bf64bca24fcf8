"""Lines and columns of a text, counted once for all who ask: of a long one, a thousand findings do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from nb_mlops.core.notebook import Position

# So much of a text is counted through for each place.
_STRETCH = 1 << 13


@lru_cache(maxsize=8)
def lines_of(text: str) -> Sequence[str]:
    """The lines of a text, without their ends."""
    return text.split("\n")


def line_of(text: str, number: int) -> str:
    """A line of a text, counted from 1; "" where there is none."""
    lines = lines_of(text)
    return lines[number - 1] if 0 < number <= len(lines) else ""


def offset_of(text: str, place: Position) -> int:
    """The offset of a place; of one behind the last line, as if it were in that."""
    starts = _starts(text)
    return starts[min(max(place.line - 1, 0), len(starts) - 1)] + place.column


@lru_cache(maxsize=8)
def _starts(text: str) -> Sequence[int]:
    return [0, *accumulate(len(line) + 1 for line in lines_of(text)[:-1])]


def position(text: str, offset: int) -> Position:
    """The line and column of an offset."""
    start, breaks, last = 0, 0, -1
    if len(text) > _STRETCH:
        number = min(offset, len(text)) // _STRETCH
        start = number * _STRETCH
        breaks, last = _breaks(text)[number]
    line = breaks + text.count("\n", start, offset)
    near = text.rfind("\n", start, offset)
    return Position(line + 1, offset - (near if near >= 0 else last) - 1)


@lru_cache(maxsize=2)
def _breaks(text: str) -> Sequence[tuple[int, int]]:
    """Before each stretch of a text, how many lines end and where the last one does. An output has two forms that are
    asked for in turn."""
    found, count, last = [(0, -1)], 0, -1
    for start in range(0, len(text), _STRETCH):
        count += text.count("\n", start, start + _STRETCH)
        last = max(last, text.rfind("\n", start, start + _STRETCH))
        found.append((count, last))
    return found


def forget_lines() -> None:
    """Let go of the texts that were asked for last: nobody will look at their notebook again."""
    for kept in (lines_of, _starts, _breaks):
        kept.cache_clear()
