"""Both replays of a stale result, side by side: as a clean run goes, and as the notebook was run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_LONGEST_NAME = 24
_GAP = "    "
Paint = Callable[..., str]
# A cell's index, its execution count, and whether it is the one that reads.
Step = tuple[int, int, bool]


def drawn(data: Mapping[str, Any], paint: Paint) -> list[str]:
    """The lines of the drawing; none where the finding holds nothing to draw.

    In each column a line joins the cell that reads to the one whose definition it gets there: the last one above it.
    """
    found = data.get("replays")
    names = data.get("names")
    if not isinstance(found, (list, tuple)) or not isinstance(names, (list, tuple)) or not names:
        return []
    if not any(reads for _, _, reads in found):
        return []  # a cell that takes part has no count, and so no place in the order
    steps: list[Step] = [(int(cell), int(count), bool(reads)) for cell, count, reads in found]
    name = _short(str(names[0])) + (f" and {len(names) - 1} more" if names[1:] else "")
    clean = _column(sorted(steps), name, lambda cell, count: f"cell {cell + 1}")
    as_run = _column(sorted(steps, key=lambda s: s[1]), name, lambda cell, count: f"In[{count}]  cell {cell + 1}")
    left = ["a clean run", *(line for line, _ in clean)]
    width = max(map(len, left))
    lines = [f"{paint(left[0].ljust(width), 'dim')}{_GAP}{paint('as it was run', 'dim')}"]
    for (one, in_clean), (other, in_run) in zip(clean, as_run, strict=True):
        padded = one.ljust(width)
        lines.append(
            f"{paint(padded, 'green') if in_clean else padded}{_GAP}{paint(other, 'red') if in_run else other}"
        )
    return lines


def _column(steps: Sequence[Step], name: str, place: Callable[[int, int], str]) -> list[tuple[str, bool]]:
    """One replay, a cell a line, and whether the line takes part in what is read."""
    reader = next(at for at, (_, _, reads) in enumerate(steps) if reads)
    places = [place(cell, count) for cell, count, _ in steps]
    wide = max(map(len, places))
    what = [f"{where.ljust(wide)}  {'reads' if at == reader else 'sets '} {name}" for at, where in enumerate(places)]
    marks = {reader - 1: " ─┐", reader: " <┘"} if reader else {}
    return [(text + marks.get(at, ""), at in marks) for at, text in enumerate(what)]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
