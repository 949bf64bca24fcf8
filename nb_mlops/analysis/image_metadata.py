"""What a picture carries beside its pixels: which program made it, with which camera, where. Pixels are not decoded.

PNG keeps it in chunks, JPEG in segments. Only the few bytes at the head of each are taken out of the base64, so a large
picture costs what a small one does.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from nb_mlops.core.value import Struct

_PNG, _JPEG = "iVBORw0KGgo", "/9j/"
_CHUNKS = 20_000
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
    plain = data.replace("\n", "") if "\n" in data else data
    if plain.startswith(_PNG):
        return tuple(_in_png(plain))
    return tuple(_in_jpeg(plain)) if plain.startswith(_JPEG) else ()


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


def _bytes(data: str, start: int, size: int) -> bytes:
    first, last = start // 3 * 4, (start + size + 2) // 3 * 4
    try:
        return binascii.a2b_base64(data[first:last])[start % 3 : start % 3 + size]
    except (binascii.Error, ValueError):
        return b""


def _in_png(data: str) -> Iterator[Block]:
    at = 8
    for _ in range(_CHUNKS):
        head = _bytes(data, at, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[:4], "big")
        if head[4:] in _TEXTS:
            body = _bytes(data, at + 8, min(size, _LONGEST))
            name = "EXIF" if head[4:] == b"eXIf" else body.partition(b"\0")[0].decode("latin-1")[:40]
            if head[4:] != b"tIME" and not _is_harmless(name, body):
                yield Block(name, at, at + size + 12, head[4:] == b"eXIf" and _has_place(body))
        at += size + 12


def _is_harmless(name: str, body: bytes) -> bool:
    text = body[len(name) + 1 :].decode("latin-1")
    if name.lower() == "software":
        return not any(sign in text for sign in ("/home/", "/Users/", "\\", "@"))
    return name.lower() in ("date:create", "date:modify", "date:timestamp", "creation time", "title") and len(text) < 60


def _in_jpeg(data: str) -> Iterator[Block]:
    at = 2
    for _ in range(_CHUNKS):
        head = _bytes(data, at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xD9, 0xDA):
            return
        size = int.from_bytes(head[2:], "big")
        name = {0xE1: "EXIF", 0xED: "IPTC", 0xFE: "Comment"}.get(head[1], "")
        if name:
            body = _bytes(data, at + 4, min(size - 2, _LONGEST))
            if name == "EXIF" and not body.startswith(b"Exif"):
                name = "XMP"
            yield Block(name, at, at + size + 2, name == "EXIF" and _has_place(body[6:]))
        at += size + 2


def _has_place(tiff: bytes) -> bool:
    """Whether EXIF says where the picture was taken: its first directory points to one of GPS entries."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return False
    start = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    count = int.from_bytes(tiff[start : start + 2], order)  # type: ignore[arg-type]
    tags = (tiff[start + 2 + 12 * n : start + 4 + 12 * n] for n in range(min(count, 200)))
    return any(int.from_bytes(tag, order) == _GPS_TAG for tag in tags)  # type: ignore[arg-type]
