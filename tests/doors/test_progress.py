from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from nb_mlops.doors.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticks(*times: float) -> Iterator[float]:
    yield from times


def test_a_long_run_shows_how_far_it_has_come_and_then_nothing_of_it() -> None:
    out, clock = Terminal(), ticks(0, 0.5, 1.5, 1.55, 1.7)
    with progress("notebooks", out, lambda: next(clock)) as told:
        for done in range(1, 5):
            told(done, 9)
    assert out.getvalue() == "\r\x1b[K2 of 9 notebooks\r\x1b[K4 of 9 notebooks\r\x1b[K"


def test_a_short_run_shows_nothing() -> None:
    out = Terminal()
    with progress("notebooks", out, lambda: 0.0) as told:
        told(1, 1)
    assert out.getvalue() == ""


def test_the_line_is_gone_after_an_error_too() -> None:
    out, clock = Terminal(), ticks(0, 5)
    with pytest.raises(ValueError, match="oh"), progress("notebooks", out, lambda: next(clock)) as told:
        told(1, 2)
        raise ValueError("oh")
    assert out.getvalue().endswith("\r\x1b[K")


def test_what_is_no_terminal_hears_nothing() -> None:
    out, clock = io.StringIO(), ticks(0, 5)
    with progress("notebooks", out, lambda: next(clock)) as told:
        told(1, 2)
    assert out.getvalue() == ""
