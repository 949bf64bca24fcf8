"""Which files of a folder are pickles, told by their bytes and not by their names. Nothing is unpickled."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickletools
import zipfile
import zlib
from pathlib import Path

_ENDINGS = (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle")
_HEAD = 16_000_000
_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open), (b"\x5d\x00\x00", lzma.open))
_ZLIB = b"\x78"


def pickles(folder: Path) -> tuple[str, ...]:
    """The paths, relative to the folder, of all files that unpickling would be needed for."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple(path.relative_to(folder).as_posix() for path in files if _is_pickle(path))


def _is_pickle(path: Path) -> bool:
    if path.suffix.lower() in _ENDINGS:
        return True
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            return any(name.endswith(_ENDINGS) or _starts(archive.open(name).read(_HEAD)) for name in names)
    try:
        return _starts(_unpacked(path))
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return False  # no such archive after all


def _unpacked(path: Path) -> bytes:
    """How the content begins, behind the compression that joblib may have put around it."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, opener in _PACKED:
        if head.startswith(magic):
            with opener(path) as packed:
                return bytes(packed.read(_HEAD))
    return zlib.decompressobj().decompress(head, _HEAD) if head.startswith(_ZLIB) else head


def _starts(head: bytes) -> bool:
    """Whether this is the beginning of a pickle of protocol 2 or later, or the whole of an older one."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return True
    try:
        return bool({"GLOBAL", "INST"} & {opcode.name for opcode, _, _ in pickletools.genops(head)})
    except Exception:  # the tools raise what they like on what is no pickle
        return False
