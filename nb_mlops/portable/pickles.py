"""Pickles, told by their bytes and not by their names, and read without carrying anything out.

The operations are listed by the standard library's `pickletools`: what a pickle would import is known, as far as it
can be known.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickletools
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

ENDINGS = (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle")
_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open), (b"\x5d\x00\x00", lzma.open))
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# How files begin that joblib and others pack.
PACKED = (*(magic for magic, _ in _OPENERS), *_ZLIB)
# Bytes that are looked at to tell what a file is, and at the most to tell what it imports.
HEAD = 16_000_000
MOST = 2_000_000_000


def pickles(folder: str) -> list[str]:
    """The paths, relative to the folder, of all files that unpickling would be needed for."""
    paths = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names]
    return [os.path.relpath(path, folder).replace(os.sep, "/") for path in sorted(paths) if is_pickle(path)]


def is_pickle(path: str) -> bool:
    """Whether a file is a pickle, packed or not, or an archive with one in it."""
    if path.lower().endswith(ENDINGS):
        return True
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(ENDINGS) or begins(archive.open(name).read(HEAD)) for name in archive.namelist())
    try:
        return begins(_unpacked(path))
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return False  # it only begins like an archive


def begins(head: bytes) -> bool:
    """Whether this is the beginning of a pickle of protocol 2 or later, or the whole of an older one."""
    if len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5:
        return True
    try:
        return bool({"GLOBAL", "INST"} & {opcode.name for opcode, _, _ in pickletools.genops(head)})
    except Exception:  # the tools raise what they like on what is no pickle
        return False


def _unpacked(path: str) -> bytes:
    """How the content begins, behind the compression that joblib may have put around it."""
    with open(path, "rb") as file:
        head = file.read(HEAD)
    for magic, opener in _OPENERS:
        if head.startswith(magic):
            with opener(path) as packed:
                return bytes(packed.read(HEAD))
    return zlib.decompressobj().decompress(head, HEAD) if head.startswith(_ZLIB) else head


def imports_of(path: str) -> list[str]:
    """What a file of pickles imports, one behind the other; raises ValueError where that cannot be told."""
    if os.path.getsize(path) > MOST:
        raise ValueError("a pickle too large to be looked into")
    with open(path, "rb") as file:
        return imports_in(file)


def imports_in(file: Any) -> list[str]:
    """As `imports_of`, of an open file that can seek."""
    names: list[str] = []
    try:
        names += imported(file)
        while file.read(1):  # another one follows
            file.seek(-1, io.SEEK_CUR)
            names += imported(file)
    except Exception as error:  # pickletools raises what it likes about bytes that are none
        raise ValueError("a pickle that cannot be read to its end") from error
    return names


def imported(file: Any) -> Iterator[str]:
    """`module.name` of everything that a pickle would import; `?` for what is worked out while it is loaded.

    The stack is followed only as far as texts are put on it: after any other operation a name counts as worked out.
    """
    memo: dict[int, Any] = {}
    stack: list[Any] = []
    for operation, argument, _ in pickletools.genops(file):
        name = operation.name
        if name in ("GLOBAL", "INST"):
            module, _, attribute = str(argument).partition(" ")
            yield f"{module}.{attribute}"
            stack.append(None)
        elif name == "STACK_GLOBAL":
            pair = stack[-2:]
            known = len(pair) == 2 and all(isinstance(part, str) for part in pair)
            yield f"{pair[0]}.{pair[1]}" if known else "?"
            stack.append(None)
        elif name == "MEMOIZE":
            memo[len(memo)] = stack[-1] if stack else None
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[int(str(argument))] = stack[-1] if stack else None
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo.get(int(str(argument))))
        elif name.startswith("EXT"):
            yield "?"
        elif name not in ("PROTO", "FRAME", "MARK", "STOP"):
            stack.append(argument if isinstance(argument, str) else None)
