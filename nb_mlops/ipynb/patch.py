"""New values into old bytes: what is the same keeps its bytes, what is new is laid out like its neighbours.

Every function returns the new bytes of one value; the Site says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.spans import Container, Item, elements, members
from nb_mlops.ipynb.style import Site
from nb_mlops.ipynb.values import parse, same

_MAX_DEPTH = 60
_NEWLINES = pattern(r"[^\n]*\n|[^\n]+")
_MAX_COMPARISONS = 4_000_000

Changes = dict[str, "bytes | None"]


class Piece(Struct, frozen=True):
    """An item of a container as it will be: `origin` is the number it had, None for one that is new."""

    origin: int | None
    text: bytes


def splice(site: Site, box: Container, pieces: Sequence[Piece]) -> bytes:
    """The container holding `pieces`. White space between pieces that were neighbours stays as it was."""
    opening, closing = site.data[box.start : box.start + 1], site.data[box.end - 1 : box.end]
    if not pieces:
        return opening + closing
    lead, gap, tail = _white_space(site, box)
    parts = [opening, lead]
    for before, piece in zip((None, *pieces), pieces, strict=False):
        if before is not None:
            parts.append(_between(site.data, box, before.origin, piece.origin) or gap)
        parts.append(piece.text)
    return b"".join((*parts, tail, closing))


def _between(data: bytes, box: Container, one: int | None, other: int | None) -> bytes:
    if one is None or other != one + 1:
        return b""
    return data[box.items[one].end : box.items[other].start]


def _white_space(site: Site, box: Container) -> tuple[bytes, bytes, bytes]:
    """What stands before the first item, between two (with the comma), and after the last."""
    items, style = box.items, site.style
    if not items:
        if style.indent is None:
            return b"", style.comma, b""
        lead = style.newline + site.indent + style.indent
        return lead, b"," + lead, style.newline + site.indent
    lead, tail = site.data[box.start + 1 : items[0].start], site.data[items[-1].end : box.end - 1]
    if len(items) > 1:
        return lead, site.data[items[0].end : items[1].start], tail
    return lead, b"," + lead if lead.strip(b" \t") else style.comma, tail


def patch_members(site: Site, box: Container, changes: Mapping[str, bytes | None]) -> bytes:
    """An object with some members set to new bytes, or removed where the change is None.

    A new member comes last, or where it belongs when the members stand in alphabetical order.
    """
    last = {item.key: number for number, item in enumerate(box.items)}
    keyed: list[tuple[str, Piece]] = []
    for number, item in enumerate(box.items):
        change = changes.get(item.key, b"")
        if change is None:
            continue
        if change and last[item.key] == number:
            keyed.append((item.key, Piece(number, site.data[item.start : item.value] + change)))
        else:
            keyed.append((item.key, Piece(number, site.data[item.start : item.end])))
    keys = [item.key for item in box.items]
    in_order = len(keys) > 1 and keys == sorted(keys)
    inside = site.inside(box)
    for key, change in changes.items():
        if change is None or key in last:
            continue
        place = next((n for n, (other, _) in enumerate(keyed) if in_order and other > key), len(keyed))
        keyed.insert(place, (key, Piece(None, inside.encode(key) + site.style.colon + change)))
    return splice(site, box, [piece for _, piece in keyed])


def patch_text(site: Site, item: Item | None, text: str) -> bytes:
    """A multi-line text, in the form it has: one string, or a list in which unchanged lines keep their bytes."""
    if item is None:
        return site.encode(text.splitlines(keepends=True))
    box = elements(site.data, item.value)
    old = [parse(site.data[part.value : part.end].decode()) for part in box.items] if box else []
    if box is None or not all(isinstance(part, str) for part in old):
        return site.encode(text if site.data[item.value] == 0x22 else text.splitlines(keepends=True))
    inside = site.inside(box)
    pieces = []
    for origin, line in _align_lines(old, text):
        kept = b"" if origin is None else site.data[box.items[origin].start : box.items[origin].end]
        pieces.append(Piece(origin, kept or inside.encode(line)))
    return splice(site, box, pieces)


def _align_lines(old: Sequence[str], text: str) -> list[tuple[int | None, str]]:
    """The text in pieces: those it has in common with the old pieces, by number, and new lines between them."""
    lines_of = _line_splitter(old)

    def ends_line(part: str) -> bool:
        return len(lines_of(part[-1:] + "x")) == 2

    head, start = 0, 0
    while head < len(old) and text.startswith(old[head], start) and ends_line(old[head]):
        start += len(old[head])
        head += 1
    tail, end = len(old), len(text)
    while tail > head and text.endswith(old[tail - 1], start, end):
        before = end - len(old[tail - 1])
        if before != start and not ends_line(text[before - 1]):
            break
        tail, end = tail - 1, before
    aligned: list[tuple[int | None, str]] = [(number, old[number]) for number in range(head)]
    for number, line in _match(old[head:tail], lines_of(text[start:end])):
        aligned.append((None if number is None else head + number, line))
    return aligned + [(number, old[number]) for number in range(tail, len(old))]


def _line_splitter(old: Sequence[str]) -> Callable[[str], list[str]]:
    """How the file splits texts: where Python does, as nbformat, unless it shows that it does so at newlines alone."""
    if any(len(part.splitlines()) > 1 for part in old):
        return lambda text: _NEWLINES.findall(text)
    return lambda text: text.splitlines(keepends=True)


def _match(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, str]]:
    origins: list[int | None] = [None] * len(new)
    if len(old) * len(new) <= _MAX_COMPARISONS:
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            origins[block.b : block.b + block.size] = range(block.a, block.a + block.size)
    return list(zip(origins, new, strict=True))


def patch_value(site: Site, item: Item | None, new: Any) -> bytes:
    """Any JSON value: only what differs between the old value and `new` is written anew."""
    if item is None:
        return site.encode(new)
    return _patch(site, item, parse(site.data[item.value : item.end].decode()), new, 0)


def _patch(site: Site, item: Item, old: Any, new: Any, depth: int) -> bytes:
    if same(old, new):
        return site.data[item.value : item.end]
    if depth < _MAX_DEPTH and isinstance(old, dict) and isinstance(new, dict):
        return _patch_object(site, item, old, new, depth)
    if depth < _MAX_DEPTH and isinstance(old, list) and isinstance(new, (list, tuple)):
        return _patch_array(site, item, old, new, depth)
    return site.encode(new)


def _patch_object(site: Site, item: Item, old: dict[str, Any], new: dict[str, Any], depth: int) -> bytes:
    box = members(site.data, item.value)
    assert box is not None
    inside = site.inside(box)
    changes: Changes = {key: None for key in old if key not in new}
    for key, value in new.items():
        member = box.find(key)
        if member is None:
            changes[key] = inside.encode(value)
        elif not same(old[key], value):
            changes[key] = _patch(inside, member, old[key], value, depth + 1)
    return patch_members(site, box, changes)


def _patch_array(site: Site, item: Item, old: list[Any], new: Sequence[Any], depth: int) -> bytes:
    box = elements(site.data, item.value)
    assert box is not None
    inside = site.inside(box)
    pieces = []
    for origin, value in zip(align(old, new), new, strict=True):
        if origin is None:
            pieces.append(Piece(None, inside.encode(value)))
        else:
            pieces.append(Piece(origin, _patch(inside, box.items[origin], old[origin], value, depth + 1)))
    return splice(site, box, pieces)


def align(
    old: Sequence[Any],
    new: Sequence[Any],
    equal: Callable[[Any, Any], bool] = same,
    alike: Callable[[Any, Any], bool] = lambda one, other: True,
) -> list[int | None]:
    """For each new item the number of the old one it comes from: an equal one, in order; else, between two such, the
    next one left over, if it is `alike`, which then has been changed; else None."""
    head = 0
    while head < min(len(old), len(new)) and equal(old[head], new[head]):
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and equal(old[-1 - tail], new[-1 - tail]):
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    middle: list[int | None] = [None] * (new_end - head)
    if old_end != new_end:
        cursor = head
        for place, value in enumerate(new[head:new_end]):
            found = next((n for n in range(cursor, old_end) if equal(old[n], value)), None)
            middle[place] = found
            cursor = cursor if found is None else found + 1
    _pair_left_over(middle, head, old_end, lambda n, place: alike(old[n], new[head + place]))
    return [*range(head), *middle, *range(old_end, len(old))]


def _pair_left_over(middle: list[int | None], low: int, end: int, alike: Callable[[int, int], bool]) -> None:
    for place, origin in enumerate(middle):
        if origin is not None:
            low = origin + 1
            continue
        high = next((n for n in middle[place + 1 :] if n is not None), end)
        if low < high and alike(low, place):
            middle[place] = low
            low += 1
