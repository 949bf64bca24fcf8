"""The texts that pictures carry beside their pixels: comments, settings of programs, EXIF. Pixels are never decoded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from nb_mlops.analysis.picture import JPEG, PNG, joined, jpeg_segments, png_chunks, stretch

# A text beyond this is no caption.
_LONGEST = 64_000
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def image_texts(data: str) -> Iterator[tuple[str, str]]:
    """Name and text of each text chunk of a PNG or JPEG in base64, line breaks allowed. Never raises."""
    plain = joined(data)
    if plain.startswith(PNG):
        yield from _png(plain)
    elif plain.startswith(JPEG):
        yield from _jpeg(plain)


def _png(data: str) -> Iterator[tuple[str, str]]:
    for kind, at, size in png_chunks(data):
        if kind in _TEXTS and size <= _LONGEST:
            yield from _chunk(kind, stretch(data, at + 8, size))


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
    for kind, at, size in jpeg_segments(data):
        if kind == 0xFE:
            yield "Comment", stretch(data, at + 4, size - 2).decode("utf-8", "replace")
        elif kind == 0xE1:
            yield "EXIF", _readable(stretch(data, at + 4, size - 2))


def _readable(body: bytes) -> str:
    """What of a binary block can be read: stretches of ASCII, a line each."""
    text = "".join(chr(byte) if 32 <= byte < 127 else "\n" for byte in body)
    return "\n".join(line for line in text.split("\n") if len(line) > 5)
