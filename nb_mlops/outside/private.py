"""The rows of tables that must not be shown, as marks; see core/rows. Held in memory, written nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nb_mlops.core.hashing import blake2b
from nb_mlops.core.project import Answer
from nb_mlops.core.rows import row_marks

_MOST = 200_000_000
_DELIMITED = (".csv", ".tsv", ".txt", ".data")


def rows(root: str, pattern: str) -> Answer:
    """The marks of every row of the tables that match a pattern, from the project's root; the stamp is of the files."""
    files = _files(root, pattern)
    return Answer(_all_marks(tuple(files)), _stamp(files))


def stamp(root: str, pattern: str) -> str:
    """The stamp that `rows` would give, without reading a file."""
    return _stamp(_files(root, pattern))


def _files(root: str, pattern: str) -> list[tuple[str, int, int]]:
    found = []
    try:
        for place in sorted(Path(root).glob(pattern)):
            if place.suffix.lower() in _DELIMITED and place.is_file():
                now = place.stat()
                found.append((str(place), now.st_mtime_ns, now.st_size))
    except (OSError, ValueError, NotImplementedError):
        return []
    return found


def _stamp(files: list[tuple[str, int, int]]) -> str:
    return blake2b(repr(files).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


@lru_cache(maxsize=4)
def _all_marks(files: tuple[tuple[str, int, int], ...]) -> frozenset[int]:
    """The marks of all files together: one set, however many files, that every notebook of the run looks into."""
    return frozenset(mark for name, _, size in files if size <= _MOST for mark in _marks(name))


def _marks(file: str) -> Iterator[int]:
    import csv  # few projects name private tables

    try:
        with open(file, encoding="utf-8-sig", errors="replace", newline="") as opened:
            head = opened.read(4096)
            opened.seek(0)
            first = head.partition("\n")[0]
            sign = max(",;\t|", key=first.count)
            lines = csv.reader(opened, delimiter=sign)
            next(lines, None)  # names of columns are no secret
            for cells in lines:
                yield from row_marks(cells)
    except (OSError, csv.Error):
        return
