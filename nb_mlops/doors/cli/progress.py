"""How far a long run has come, for whoever watches a terminal; nothing of it stays."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

# Short runs say nothing, long ones not more than the eye can follow.
_PATIENCE = 1.0
_BETWEEN = 0.1
_CLEAR = "\r\x1b[K"


@contextmanager
def progress(
    what: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """What to tell how many of how many are done; silent unless standard error is a terminal."""
    out = stream or sys.stderr
    started = last = clock()
    shown = False

    def tell(done: int, of: int) -> None:
        nonlocal last, shown
        now = clock()
        if now - started >= _PATIENCE and now - last >= _BETWEEN:
            last, shown = now, True
            out.write(f"{_CLEAR}{done} of {of} {what}")
            out.flush()

    try:
        yield tell if out.isatty() else lambda done, of: None
    finally:
        if shown:
            out.write(_CLEAR)
            out.flush()
