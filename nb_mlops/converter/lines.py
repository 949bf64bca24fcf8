"""Three versions of a text into one, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MINE, BASE, THEIRS, END = "<<<<<<< by hand", "||||||| as it was made", "=======", ">>>>>>> from the notebook"


@dataclass(frozen=True, slots=True)
class Lines:
    """A merged text, and how many of its parts both sides changed differently (marked in it as git marks them)."""

    text: str
    conflicts: int = 0


def merge_lines(base: str, mine: str, theirs: str) -> Lines:
    """What both `mine` and `theirs` made of `base`."""
    if mine in (base, theirs):
        return Lines(theirs)
    if theirs == base:
        return Lines(mine)
    old, left, right = (text.splitlines() for text in (base, mine, theirs))
    out: list[str] = []
    conflicts = 0
    for was, ours, new in _parts(old, left, right):
        if ours == new or new == was:
            out += ours
        elif ours == was:
            out += new
        elif (both := _added(was, ours, new) or _added(was, new, ours)) is not None:
            out += both
        else:
            conflicts += 1
            out += [MINE, *ours, BASE, *was, THEIRS, *new, END]
    return Lines("\n".join(out) + ("\n" if out else ""), conflicts)


def _added(was: Sequence[str], changed: Sequence[str], longer: Sequence[str]) -> list[str] | None:
    """Lines that one side changed and the other only wrote more before or behind; None where that is not so."""
    if not was:
        return None
    if list(longer[: len(was)]) == list(was):
        return [*changed, *longer[len(was) :]]
    return [*longer[: -len(was)], *changed] if list(longer[-len(was) :]) == list(was) else None


_Part = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _parts(old: Sequence[str], left: Sequence[str], right: Sequence[str]) -> Iterator[_Part]:
    """The three texts cut at the lines that are the same in all of them."""
    in_left, in_right = _same(old, left), _same(old, right)
    a = b = c = 0
    at = 0
    while at < len(old):
        if at not in in_left or at not in in_right:
            at += 1
            continue
        yield old[a:at], left[b : in_left[at]], right[c : in_right[at]]
        start = at
        while at in in_left and at in in_right and in_left[at] - in_left[start] == in_right[at] - in_right[start]:
            if in_left[at] - in_left[start] != at - start:
                break
            at += 1
        yield old[start:at], left[in_left[start] : in_left[at - 1] + 1], right[in_right[start] : in_right[at - 1] + 1]
        a, b, c = at, in_left[at - 1] + 1, in_right[at - 1] + 1
    yield old[a:], left[b:], right[c:]


def _same(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where lines of `old` stand in `new`."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {a + i: b + i for a, b, size in blocks for i in range(size)}
