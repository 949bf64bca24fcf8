"""Which files of a folder are pickles, told by their bytes and not by their names. Nothing is unpickled."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickletools
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

_ENDINGS = (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle")
_HEAD = 16_000_000
_UNPACK: tuple[tuple[bytes, Callable[[Path], bytes]], ...] = (
    (b"\x1f\x8b", lambda path: _read(gzip.open(path))),
    (b"BZh", lambda path: _read(bz2.open(path))),
    (b"\xfd7zXZ", lambda path: _read(lzma.open(path))),
    (b"\x5d\x00\x00", lambda path: _read(lzma.open(path))),
    (b"\x78", lambda path: _inflated(path)),
)


def pickles(folder: Path) -> tuple[str, ...]:
    """The paths, relative to the folder, of all files that unpickling would be needed for."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(path.relative_to(folder).as_posix() for path in files if _is_pickle(path))


def _is_pickle(path: Path) -> bool:
    if path.suffix.lower() in _ENDINGS:
        return True
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(_ENDINGS) or _starts(archive.open(name).read(_HEAD)) for name in archive.namelist())
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, unpack in _UNPACK:
        if head.startswith(magic):
            try:
                head = unpack(path)
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                break
    return _starts(head)


def _starts(head: bytes) -> bool:
    """Whether this is the beginning of a pickle of protocol 2 or later, or the whole of an older one."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return True
    try:
        return bool({"GLOBAL", "INST"} & {opcode.name for opcode, _, _ in pickletools.genops(head)})
    except Exception:  # the tools raise what they like on what is no pickle
        return False


def _read(file: object) -> bytes:
    with file as opened:  # type: ignore[attr-defined]
        return bytes(opened.read(_HEAD))


def _inflated(path: Path) -> bytes:
    with path.open("rb") as file:
        return zlib.decompressobj().decompress(file.read(_HEAD), _HEAD)
