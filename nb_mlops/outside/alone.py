"""One at a time, or so many: locks that the threads and processes of a machine respect, and that die with who held
them."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# Seconds between two looks at a lock that another holds.
_LOOK = 0.05


class Alone:
    """The lock of a file, which stays empty. The thread that holds it may ask for it again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mine = threading.local()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Wait, then be alone until the block is left."""
        if getattr(self._mine, "held", False):
            yield
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+b") as file:
            _lock(file.fileno())
            self._mine.held = True
            try:
                yield
            finally:
                self._mine.held = False
                _unlock(file.fileno())


@contextlib.contextmanager
def one_of(files: Sequence[Path], patient: Callable[[], bool]) -> Iterator[bool]:
    """Hold the lock of the first of the files that is free, until the block is left; False when patience ended first.

    `patient` is asked after each look that found none, and not at all where one is free at once.
    """
    with contextlib.ExitStack() as opened:
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
        handles = [opened.enter_context(file.open("a+b")).fileno() for file in files]
        mine = _first_free(handles)
        while mine is None and patient():
            time.sleep(_LOOK)
            mine = _first_free(handles)
        try:
            yield mine is not None
        finally:
            if mine is not None:
                _unlock(mine)


def _first_free(handles: Sequence[int]) -> int | None:
    return next((handle for handle in handles if _taken(handle)), None)


if os.name == "nt":
    import msvcrt

    def _taken(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _lock(handle: int) -> None:
        while not _taken(handle):
            time.sleep(_LOOK)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
