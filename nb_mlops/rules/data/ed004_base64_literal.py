"""A file that was pasted into the code as base64.

## What it does

String literals of more than a kilobyte of base64 that begin like a file: a picture, an archive, a pickle, a PDF.

## Why is this bad?

Nobody can see what it is or what it does when it is unpacked; a pickle runs code. Every edit of the cell carries it
along.

## What to do

Keep the file beside the notebook and open it from there.
"""

from __future__ import annotations

import ast
import binascii
from collections.abc import Iterable

from nb_mlops.analysis.sensitive.runs import has_long_word
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Span
from nb_mlops.linter.rule import Hit, Rule, code, example

_SHORTEST = 1_000
# A literal of it stands in lines of so many characters at least.
_LONG = 32
_BASE64 = pattern(r"[A-Za-z0-9+/_-]{40}[A-Za-z0-9+/_\s-]*={0,2}\s*")
# How files begin (their formats' public descriptions).
_FILES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x80\x02", "a pickle"),
    (b"\x80\x03", "a pickle"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x7fELF", "a program"),
    (b"x\x9c", "compressed data"),
    (b"x\xda", "compressed data"),
)


def check(view: View) -> Iterable[Hit]:
    """One finding for each literal that is a file."""
    for index, python in view.python.items():
        if python.tree is None or len(python.code) < _SHORTEST or not has_long_word(python.code, _LONG):
            continue
        for node in walk(python.tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
                continue
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            kind = _kind(text) if len(text) >= _SHORTEST else ""
            if kind:
                start = python.position(node.lineno, node.col_offset)
                end = python.position(node.end_lineno or node.lineno, node.end_col_offset or 0)
                message = (
                    f"{kind[0].upper()}{kind[1:]} stands in the code as {len(text) // 1000} kB of base64: nobody can "
                    "see what is in it. Keep it as a file beside the notebook."
                )
                yield Hit(message, Span(index, "source", start, end), data={"kind": kind, "characters": len(text)})


def _kind(text: str) -> str:
    """What kind of file the text is; "" when it is none."""
    body = text.partition(";base64,")[2] if text.startswith("data:") else text
    if not _BASE64.fullmatch(body):
        return ""
    try:
        head = binascii.a2b_base64("".join(body[:64].split())[:40].replace("-", "+").replace("_", "/"))
    except (binascii.Error, ValueError):
        return ""
    return next((kind for start, kind in _FILES if head.startswith(start)), "")


_PICTURE = binascii.b2a_base64(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, newline=False).decode()

RULE = Rule(
    "ED004",
    "base64-literal",
    Severity.WARNING,
    bad=lambda: (example(code(f'logo = "{_PICTURE}"')), example(code(f'logo = "data:image/png;base64,{_PICTURE}"'))),
    good=lambda: (
        example(code(f'sequence = "{"ACGTTGCA" * 200}"'), note="letters that are no file"),
        example(code(f'dot = "{_PICTURE[:400]}"'), note="small"),
    ),
    check=check,
)
