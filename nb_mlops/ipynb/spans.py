"""Where the values of a JSON text stand in its bytes.

Only for bytes that a JSON parser has already accepted: nothing is validated again. Offsets count bytes. A container is
scanned one level at a time, so that what is not asked for is only skipped over.
"""

from __future__ import annotations

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.ipynb.unreadable import BOM

_SPACE = pattern(rb"[ \t\r\n]*")
_SCALAR = pattern(rb"[^ \t\r\n,\]}]*")
_MARK = pattern(rb'["\[\]{}]')


class Item(Struct, frozen=True):
    """One element of an array, or one member of an object: `start` is where it begins (a member: at its key),
    `value` where its value begins, `end` where both end."""

    start: int
    value: int
    end: int
    key: str = ""


class Container(Struct, frozen=True):
    """An array or object: its brackets stand at `start` and at `end - 1`."""

    start: int
    end: int
    items: tuple[Item, ...]

    def find(self, key: str) -> Item | None:
        """The member of that name; the last one where a name stands twice, as every parser has it."""
        return next((item for item in reversed(self.items) if item.key == key), None)


def document(data: bytes) -> int:
    """Where the outermost value begins, after a byte order mark and white space."""
    return space_end(data, len(BOM) if data.startswith(BOM) else 0)


def space_end(data: bytes, at: int) -> int:
    """Where the white space that begins at `at` ends."""
    match = _SPACE.match(data, at)
    return match.end() if match else at


def string_end(data: bytes, at: int) -> int:
    """Where the string whose opening quote stands at `at` ends, closing quote included."""
    quote = data.index(b'"', at + 1)
    while data[quote - 1] == 0x5C:
        first = quote - 1
        while data[first - 1] == 0x5C:
            first -= 1
        if (quote - first) % 2 == 0:
            break
        quote = data.index(b'"', quote + 1)
    return quote + 1


def value_end(data: bytes, at: int) -> int:
    """Where the value that begins at `at` ends."""
    first = data[at]
    if first == 0x22:
        return string_end(data, at)
    if first not in b"[{":
        match = _SCALAR.match(data, at)
        return match.end() if match else at
    depth = 0
    while True:
        match = _MARK.search(data, at)
        if match is None:
            raise ValueError("The bytes are not valid JSON.")
        at = match.start()
        mark = data[at]
        if mark == 0x22:
            at = string_end(data, at)
            continue
        at += 1
        depth += 1 if mark in b"[{" else -1
        if depth == 0:
            return at


def elements(data: bytes, at: int) -> Container | None:
    """The array that begins at `at`; None for any other value."""
    return _scan(data, at) if data[at] == 0x5B else None


def members(data: bytes, at: int) -> Container | None:
    """The object that begins at `at`; None for any other value."""
    return _scan(data, at) if data[at] == 0x7B else None


def _scan(data: bytes, at: int) -> Container:
    import json  # most notebooks are read without

    bracket = data[at]
    items: list[Item] = []
    cursor = space_end(data, at + 1)
    while data[cursor] not in b"]}":
        start, key = cursor, ""
        if bracket == 0x7B:
            key_end = string_end(data, cursor)
            key = json.loads(data[cursor:key_end])
            cursor = space_end(data, space_end(data, key_end) + 1)
        end = value_end(data, cursor)
        items.append(Item(start, cursor, end, key))
        cursor = space_end(data, end)
        if data[cursor] == 0x2C:
            cursor = space_end(data, cursor + 1)
    return Container(at, cursor + 1, tuple(items))
