"""A picture in base64 as the pieces that it is laid out in. Only the few bytes that are asked for are decoded, so a
large picture costs what a small one does."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

PNG, JPEG = "iVBORw0KGgo", "/9j/"
# So many pieces are no picture that a program wrote.
_MOST = 20_000


def joined(data: str) -> str:
    """Base64 without the line breaks that it may have; one at its end does no harm."""
    return data.replace("\n", "") if 0 <= data.find("\n") < len(data) - 1 else data


def stretch(data: str, start: int, size: int) -> bytes:
    """A stretch of the bytes behind base64; less than `size` at the end, and nothing of what is no base64."""
    first = start // 3 * 4
    last = (start + size + 2) // 3 * 4
    try:
        return binascii.a2b_base64(data[first:last])[start % 3 : start % 3 + size]
    except (binascii.Error, ValueError):
        return b""


def png_chunks(data: str) -> Iterator[tuple[bytes, int, int]]:
    """The kind, the start and the size of each chunk of a PNG. Its body begins 8 bytes on; 4 of checksum follow."""
    at, end = 8, len(data) * 3 // 4
    for _ in range(_MOST):
        head = stretch(data, at, 8)
        if len(head) < 8 or at >= end:
            return
        size = int.from_bytes(head[:4], "big")
        yield head[4:], at, size
        at += size + 12


def jpeg_segments(data: str) -> Iterator[tuple[int, int, int]]:
    """The marker, the start and the size of each segment of a JPEG before its pixels. Its body begins 4 bytes on; the
    size counts 2 of them."""
    at = 2
    for _ in range(_MOST):
        head = stretch(data, at, 4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (0xD9, 0xDA):
            return
        size = int.from_bytes(head[2:], "big")
        yield head[1], at, size
        at += size + 2
