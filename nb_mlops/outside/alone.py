"""One at a time: a lock that the threads and processes of a machine respect, and that dies with who held it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path


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


if os.name == "nt":

    def _lock(handle: int) -> None:
        import msvcrt
        import time

        while True:
            try:
                os.lseek(handle, 0, os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
                return
            except OSError:
                time.sleep(0.05)

    def _unlock(handle: int) -> None:
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
