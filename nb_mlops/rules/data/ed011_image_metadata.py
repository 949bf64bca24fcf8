"""A picture in an output that tells more than it shows: where, when, by whom and with what it was taken.

## What it does

EXIF, XMP, IPTC and text chunks in PNG and JPEG outputs. A warning where they hold the place (GPS), otherwise for
information.

## Why is this bad?

A photograph from a phone says where its owner stood; a drawing program writes its user's name and folders. Nobody
sees either in the notebook.

## What it leaves alone

What programs write about themselves (`Software: Matplotlib …`), times, colours and resolution.

## What to do

`nb-mlops fix` takes the metadata out of the picture; its pixels stay as they are, bit by bit.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterable

from nb_mlops.analysis.lines import position
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, ReplaceOutputText, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_START = Position(1, 0)


def check(view: View) -> Iterable[Hit]:
    """One finding for each picture with metadata."""
    for cell, number, mime, data in view.shown:
        if mime in ("image/png", "image/jpeg") and isinstance(data, str):
            yield from _hits(cell, number, mime, data)


def _hits(cell: int, number: int, mime: str, data: str) -> Iterable[Hit]:
    from nb_mlops.analysis.image_metadata import blocks, stripped  # many notebooks have no picture

    found = blocks(data)
    if not found:
        return
    place = any(block.has_place for block in found)
    names = ", ".join(sorted({mask(block.name) for block in found})[:4])
    tells = "where it was taken (GPS)" if place else f"more than it shows ({names})"
    message = f"The picture tells {tells}, which nobody sees in the notebook. Let `nb-mlops fix` take that out of it."
    part = f"outputs/{number}/data/{mime.replace('/', '~1')}"
    clean = stripped(data)
    edit = ReplaceOutputText(cell, part, _START, position(data, len(data)), clean)
    fix = Fix("Take the metadata out of this picture", (edit,)) if clean != data else None
    severity = Severity.WARNING if place else Severity.INFO
    yield Hit(message, Span(cell, part, _START, _START), severity=severity, fix=fix, data={"place": place})


def _png(*chunks: tuple[bytes, bytes]) -> str:
    """A picture of one pixel with these chunks."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return binascii.b2a_base64(b"\x89PNG\r\n\x1a\n" + body, newline=False).decode() + "\n"


_GPS = b"MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0"

RULE = Rule(
    "ED011",
    "image-metadata",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("!make photo", result("<Image>", image_png=_png((b"eXIf", _GPS)))),
            fixed=("!make photo",),
            note="a place",
        ),
        example(
            code("!make drawing", result("<Image>", image_png=_png((b"tEXt", b"Author\0m. kowalski")))),
            fixed=("!make drawing",),
            note="an author, for information",
        ),
    ),
    good=lambda: (
        example(code("!make plot", result("<Figure>", image_png=_png((b"tEXt", b"Software\0Matplotlib version 3.8"))))),
        example(code("!make plot", result("<Figure>", image_png="iVBORw0KGgo!broken"))),
    ),
    check=check,
    every_language=True,
)
