"""Which files git has, read from its index where it lies: asking git would be a process for every notebook."""

from __future__ import annotations

import os
from functools import lru_cache

from nb_mlops.core.value import Struct

_FIXED = 62  # bytes of an entry before its name
_EXTENDED = 0x4000
_NAMES = 0x0FFF
_FOLDERS = (0xE0, 0x40)  # the modes of a submodule, and of a folder that a sparse checkout leaves out


class Index(Struct, frozen=True):
    """The files that git has, as paths from the tree's root, and folders that stand for what is not listed."""

    files: frozenset[str]
    folders: tuple[str, ...] = ()
    text: str = ""

    def has(self, path: str) -> bool:
        """Whether git has the file, or files in a folder of that name."""
        return path in self.files or f"\n{path}/" in self.text

    def knows(self, path: str) -> bool:
        """Whether the index says anything about this place."""
        return not any(f"{path}/".startswith(folder) for folder in self.folders)

    def names(self, name: str) -> bool:
        """Whether a file or a folder somewhere in the tree bears this name."""
        return f"/{name}\n" in self.text or f"/{name}/" in self.text or self.has(name)


def index_of(top: str) -> Index | None:
    """The index of the working tree whose root this is; None where it cannot be read."""
    place = _place(top)
    try:
        now = os.stat(place)
        return _read(place, now.st_mtime_ns, now.st_size, now.st_ino)
    except FileNotFoundError:
        return Index(frozenset())
    except (OSError, ValueError, IndexError):
        return None


def _place(top: str) -> str:
    """The index of a repository, of a further working tree, of a submodule; git hands its hooks the one that counts."""
    folder = os.path.join(top, ".git")
    if os.path.isfile(folder):
        with open(folder, encoding="utf-8") as file:
            folder = os.path.join(top, file.read().partition("gitdir:")[2].strip())
    given = os.environ.get("GIT_INDEX_FILE", "")
    if given and os.path.dirname(os.path.realpath(os.path.join(top, given))) == os.path.realpath(folder):
        return os.path.join(top, given)
    return os.path.join(folder, "index")


@lru_cache(maxsize=4)
def _read(place: str, *stamp: int) -> Index | None:
    with open(place, "rb") as file:
        data = file.read()
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        return None
    names: list[str] = []
    folders: list[str] = []
    at, name = 12, b""
    for _ in range(count):
        flags = data[at + 60] << 8 | data[at + 61]
        start = at + (_FIXED + 2 if flags & _EXTENDED else _FIXED)
        if version == 4:
            cut, start = _number(data, start)
            end = data.index(b"\0", start)
            name = name[: len(name) - cut] + data[start:end]
            follows = end + 1
        else:
            end = start + (flags & _NAMES) if flags & _NAMES < _NAMES else data.index(b"\0", start)
            name = data[start:end]
            follows = at + ((end - at + 8) & ~7)
        if data[at + 26] in _FOLDERS:
            folders.append(os.fsdecode(name).rstrip("/") + "/")
        else:
            names.append(os.fsdecode(name))
        at = follows
    if data[at : at + 4] == b"link":  # most of it stands in another file
        return None
    return Index(frozenset(names), tuple(folders), "\n".join(("", *names, "")))


def _number(data: bytes, at: int) -> tuple[int, int]:
    """How much of the name before is cut off, in git's numbers of varying length, and where the name begins."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
    return value, at + 1
