"""What a picture carries beside its pixels: which program made it, with which camera, where. Pixels are not decoded.

PNG keeps it in chunks, JPEG in segments (picture.py).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from nb_mlops.analysis.picture import JPEG, PNG, joined, jpeg_segments, png_chunks, stretch
from nb_mlops.core.value import Struct

_LONGEST = 256_000
# Harmless, and written by every program that draws: how fine the picture is, and in which colours.
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_GPS_TAG = 0x8825


class Block(Struct, frozen=True):
    """One piece of metadata: its name, and which bytes of the picture it takes up, head and checksum included."""

    name: str
    start: int
    end: int
    has_place: bool = False


def blocks(data: str) -> tuple[Block, ...]:
    """The metadata of a PNG or JPEG in base64 that may tell of a person or a machine. Never raises."""
    plain = joined(data)
    if plain.startswith(PNG):
        return tuple(_in_png(plain))
    return tuple(_in_jpeg(plain)) if plain.startswith(JPEG) else ()


def stripped(data: str) -> str:
    """The picture without these pieces, in base64 laid out as it was; the same text where it cannot be read."""
    plain = data.replace("\n", "")
    found = blocks(data)
    try:
        raw = binascii.a2b_base64(plain)
    except (binascii.Error, ValueError):
        return data
    for block in reversed(found):
        raw = raw[: block.start] + raw[block.end :]
    text = base64.b64encode(raw).decode()
    width = data.find("\n")
    if 0 < width < len(data) - 1:
        text = "\n".join(text[at : at + width] for at in range(0, len(text), width))
    return text + "\n" if data.endswith("\n") else text


def _in_png(data: str) -> Iterator[Block]:
    for kind, at, size in png_chunks(data):
        if kind in _TEXTS:
            body = stretch(data, at + 8, min(size, _LONGEST))
            name = "EXIF" if kind == b"eXIf" else body.partition(b"\0")[0].decode("latin-1")[:40]
            if kind != b"tIME" and not _is_harmless(name, body):
                yield Block(name, at, at + size + 12, kind == b"eXIf" and _has_place(body))


def _is_harmless(name: str, body: bytes) -> bool:
    text = body[len(name) + 1 :].decode("latin-1")
    if name.lower() == "software":
        return not any(sign in text for sign in ("/home/", "/Users/", "\\", "@"))
    return name.lower() in ("date:create", "date:modify", "date:timestamp", "creation time", "title") and len(text) < 60


def _in_jpeg(data: str) -> Iterator[Block]:
    for kind, at, size in jpeg_segments(data):
        if name := {0xE1: "EXIF", 0xED: "IPTC", 0xFE: "Comment"}.get(kind, ""):
            body = stretch(data, at + 4, min(size - 2, _LONGEST))
            if name == "EXIF" and not body.startswith(b"Exif"):
                name = "XMP"
            yield Block(name, at, at + size + 2, name == "EXIF" and _has_place(body[6:]))


def _has_place(tiff: bytes) -> bool:
    """Whether EXIF says where the picture was taken: its first directory points to one of GPS entries."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return False
    start = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[start : start + 2], order)  # type: ignore[arg-type]
    tags = (tiff[start + 2 + 12 * n : start + 4 + 12 * n] for n in range(min(count, 200)))
    return any(int.from_bytes(tag, order) == _GPS_TAG for tag in tags)  # type: ignore[arg-type]
