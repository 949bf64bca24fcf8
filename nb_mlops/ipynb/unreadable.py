"""What a file is that is not a notebook, said so that its owner knows what to do. No content is ever quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position, Unreadable

if TYPE_CHECKING:
    import json

BOM = b"\xef\xbb\xbf"

_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = pattern(rb"\A[./\\\w-]*annex[/\\]objects[/\\]")
_HTML = pattern(rb"\A<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|div|h1|p|\?xml|!--)", re.I)
_CONFLICT = pattern(rb"^<{7}(?: [^\r\n]*)?\r?$", re.M)
_CONFLICT_END = pattern(rb"^>{7}(?: [^\r\n]*)?\r?$", re.M)
_PYTHON = pattern(rb"^(?:import \w|from \w[\w.]* import |# ?%%|def \w+\(|#!.*python)", re.M)
_BINARY = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
)
_UTF = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"{\x00\x00\x00", "UTF-32"),
    (b"\x00\x00\x00{", "UTF-32"),
    (b"{\x00", "UTF-16"),
    (b"\x00{", "UTF-16"),
)


def empty_or_foreign(data: bytes, path: str) -> Unreadable | None:
    """What the first bytes betray without any parsing, or None when they could open a notebook."""
    text = data.removeprefix(BOM).strip()
    if not text:
        words = "holds only white space" if data.removeprefix(BOM) else "is empty (0 bytes)"
        return Unreadable(path, "empty", f"The file {words}; restore it from version control or delete it.")
    if text.startswith(_LFS):
        detail = "This is a Git LFS pointer, not the notebook it stands for; fetch the content with `git lfs pull`."
        return Unreadable(path, "git-lfs-pointer", detail)
    if _ANNEX.match(text[:400]):
        detail = "This is a git-annex pointer, not the notebook it stands for; fetch it with `git annex get`."
        return Unreadable(path, "git-lfs-pointer", detail)
    for magic, name in _UTF:
        if data.startswith(magic):
            return Unreadable(path, "not-utf8", f"The file is {name}; notebooks are UTF-8. Save it as UTF-8.")
    for magic, name in _BINARY:
        if data.startswith(magic):
            return Unreadable(path, "binary", f"This is {name}, named like a notebook; rename it.")
    if _HTML.match(text):
        detail = (
            "This is a saved web page, named like a notebook; download the raw notebook, not the page that shows it."
        )
        return Unreadable(path, "html-page", detail, _at(data, data.find(b"<")))
    return None


def not_utf8(data: bytes, path: str, error: UnicodeDecodeError) -> Unreadable:
    """Bytes that are not UTF-8 text."""
    if b"\x00" in data[:8192]:
        return Unreadable(path, "binary", "This is a binary file, named like a notebook; rename it.")
    known = empty_or_foreign(data, path)
    if known is not None:
        return known
    detail = f"Byte {error.start + 1} is not UTF-8; the file is in another encoding or damaged. Save it as UTF-8."
    return Unreadable(path, "not-utf8", detail, _at(data, error.start))


def not_json(data: bytes, path: str, error: json.JSONDecodeError) -> Unreadable:
    """Text that JSON cannot read: what it is instead, or where it breaks."""
    known = empty_or_foreign(data, path)
    if known is not None:
        return known
    conflict = _CONFLICT.search(data)
    if conflict and _CONFLICT_END.search(data, conflict.end()):
        return _merge_conflict(data, path, conflict.start())
    position = Position(error.lineno, error.colno - 1)
    if b"\x00" in data:
        return Unreadable(path, "binary", "The file holds zero bytes; it is binary or damaged. Restore it.", position)
    start = data.removeprefix(BOM).lstrip()[:1]
    if start not in b'{["' and _PYTHON.search(data[:4096]):
        detail = "This is Python source, named like a notebook; rename it to .py or convert it with jupytext."
        return Unreadable(path, "not-json", detail, Position(1, 0))
    if start == b"{" and (error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")):
        detail = (
            f"The JSON stops short at line {position.line}; the file was cut off while saved or copied. Restore it."
        )
        return Unreadable(path, "truncated", detail, position)
    where = f"line {position.line}, column {position.column + 1}"
    return Unreadable(path, "not-json", f"The file is not JSON: {error.msg[:60]} at {where}.", position)


def _merge_conflict(data: bytes, path: str, start: int) -> Unreadable:
    position = _at(data, start)
    count = len(_CONFLICT.findall(data))
    places = "an unresolved merge conflict" if count == 1 else f"{count} unresolved merge conflicts"
    detail = f"The file holds {places} (`<<<<<<<` in line {position.line}); resolve with `nbdime mergetool` or by hand."
    return Unreadable(path, "merge-conflict", detail, position)


def not_a_notebook(path: str, what: str) -> Unreadable:
    """Valid JSON of another shape."""
    return Unreadable(path, "not-a-notebook", f"The file is JSON but not a notebook: {what}.")


def too_new(path: str, major: int) -> Unreadable:
    """A major version of the format that did not exist when this was written."""
    detail = f"The notebook is in nbformat {major}; versions up to 4 are understood. Save it as 4 or update nb-mlops."
    return Unreadable(path, "too-new", detail)


def too_deep(path: str) -> Unreadable:
    """JSON nested beyond what any reader takes."""
    return Unreadable(path, "too-deep", "The JSON is nested too deeply to be read; no notebook application does this.")


def _at(data: bytes, offset: int) -> Position:
    before = data[: max(offset, 0)]
    line_start = before.rfind(b"\n") + 1
    return Position(before.count(b"\n") + 1, len(before[line_start:].removeprefix(BOM).decode("utf-8", "replace")))
