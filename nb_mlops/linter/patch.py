"""What a fix writes into a notebook's file, as replacements of stretches of it. Nothing that must not be shown is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from nb_mlops import fixer
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.exhibit import Replacement
from nb_mlops.core.finding import Fix, Safety
from nb_mlops.core.notebook import Notebook
from nb_mlops.ipynb.regions import Regions
from nb_mlops.ipynb.write import write

# A larger change is one replacement; comparing it line by line would take longer than it is worth.
_MOST_LINES = 2_000
# What is written anew may quote what stood there; more than this nobody reads.
_MOST_TEXT = 20_000


def patch_of(notebook: Notebook, regions: Regions, fix: Fix | None) -> tuple[Replacement, ...]:
    """What the fix alone changes in the file; empty for one that is not safe, or that would quote what is covered."""
    if fix is None or fix.safety is not Safety.SAFE or not notebook.raw:
        return ()
    changed, applied = fixer.apply(notebook, [fix], False)
    if not applied:
        return ()
    try:
        after = write(changed)
    except NbMlopsError:  # a file in an old format is not changed in place
        return ()
    found = []
    for start, end, new in _hunks(notebook.raw, after):
        text = new.decode("utf-8", "replace")
        if len(text) > _MOST_TEXT or mask(text) != text:
            return ()
        found.append(Replacement(regions.between(start, end), text))
    return tuple(found)


def _hunks(old: bytes, new: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where the two differ: offsets in the old bytes and what stands there in the new ones."""
    head = _common(old, new)
    head = old.rfind(b"\n", 0, head) + 1
    tail = _common(old[head:][::-1], new[head:][::-1])
    cut = old.find(b"\n", len(old) - tail)  # whole lines
    tail = len(old) - cut - 1 if cut >= 0 else 0
    olds = old[head : len(old) - tail].splitlines(keepends=True)
    news = new[head : len(new) - tail].splitlines(keepends=True)
    if len(olds) > _MOST_LINES or len(news) > _MOST_LINES:
        yield head, len(old) - tail, b"".join(news)
        return
    offsets = _offsets(olds, head)
    for kind, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind != "equal":
            yield offsets[a], offsets[b], b"".join(news[c:d])


def _offsets(lines: Sequence[bytes], start: int) -> list[int]:
    offsets = [start]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    return offsets


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two texts have in common at their start; by halves, because files are large."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
