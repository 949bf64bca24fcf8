"""The texts that pictures carry beside their pixels: comments, settings of programs, EXIF. Pixels are never decoded.

A picture stands in base64; only the few bytes around each chunk's head are decoded, so a large picture costs what a
small one does.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterator

# A text beyond this is no caption; so many chunks are no picture that a program wrote.
_LONGEST = 64_000
_CHUNKS = 20_000
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def image_texts(data: str) -> Iterator[tuple[str, str]]:
    """Name and text of each text chunk of a PNG or JPEG in base64, line breaks allowed. Never raises."""
    plain = data.replace("\n", "") if "\n" in data else data
    if plain.startswith("iVBORw0KGgo"):
        yield from _png(plain)
    elif plain.startswith("/9j/"):
        yield from _jpeg(plain)


def _bytes(data: str, start: int, size: int) -> bytes:
    """A stretch of the bytes behind base64."""
    first = start // 3 * 4
    last = (start + size + 2) // 3 * 4
    try:
        return binascii.a2b_base64(data[first:last])[start % 3 : start % 3 + size]
    except (binascii.Error, ValueError):
        return b""


def _png(data: str) -> Iterator[tuple[str, str]]:
    at, end = 8, len(data) * 3 // 4
    for _ in range(_CHUNKS):
        head = _bytes(data, at, 8)
        if len(head) < 8 or at >= end:
            return
        size = int.from_bytes(head[:4], "big")
        if head[4:] in _TEXTS and size <= _LONGEST:
            yield from _chunk(head[4:], _bytes(data, at + 8, size))
        at += size + 12


def _chunk(kind: bytes, body: bytes) -> Iterator[tuple[str, str]]:
    name, _, rest = body.partition(b"\0")
    if kind == b"eXIf":
        yield "EXIF", _readable(body)
    elif kind == b"tEXt":
        yield name.decode("latin-1"), rest.decode("latin-1")
    elif kind == b"zTXt":
        yield name.decode("latin-1"), _inflated(rest[1:]).decode("latin-1")
    else:
        packed, rest = rest[:1], rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        yield name.decode("latin-1"), (_inflated(rest) if packed == b"\1" else rest).decode("utf-8", "replace")


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _LONGEST)
    except zlib.error:
        return b""


def _jpeg(data: str) -> Iterator[tuple[str, str]]:
    at = 2
    for _ in range(_CHUNKS):
        head = _bytes(data, at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xD9, 0xDA):
            return
        size = int.from_bytes(head[2:], "big")
        if head[1] == 0xFE:
            yield "Comment", _bytes(data, at + 4, size - 2).decode("utf-8", "replace")
        elif head[1] == 0xE1:
            yield "EXIF", _readable(_bytes(data, at + 4, size - 2))
        at += size + 2


def _readable(body: bytes) -> str:
    """What of a binary block can be read: stretches of ASCII, a line each."""
    text = "".join(chr(byte) if 32 <= byte < 127 else "\n" for byte in body)
    return "\n".join(line for line in text.split("\n") if len(line) > 5)
