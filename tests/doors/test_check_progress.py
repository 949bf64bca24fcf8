from __future__ import annotations

import io

import pytest

from nb_mlops.core.event import Event, EventKind
from nb_mlops.doors.cli.check_progress import Live, Plain, teller


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def begun(lines: Plain, run: str) -> None:
    lines(Event(EventKind.RUN_STARTED, run))
    lines(Event(EventKind.CELL_STARTED, run, cell=4, done=2, of=20))


def ended(lines: Plain, run: str, seconds: float) -> None:
    lines(Event(EventKind.RUN_ENDED, run, seconds=seconds))


def test_where_there_is_no_terminal_a_long_run_is_heard_of_now_and_then() -> None:
    out, clock = io.StringIO(), Clock()
    lines = Plain(out, clock)
    begun(lines, "R0")
    assert out.getvalue() == ""
    clock.now = 31
    lines(Event(EventKind.CELL_STARTED, "R0", cell=4, done=2, of=20))
    lines(Event(EventKind.CELL_ENDED, "R0", cell=4, done=3, of=20))
    assert out.getvalue() == "  R0 cell 3 of 20\n"


def test_what_is_left_counts_the_runs_that_have_not_begun() -> None:
    clock = Clock()
    lines = Plain(io.StringIO(), clock)
    lines(Event(EventKind.PLAN, done=1, of=61))
    begun(lines, "P0")
    ended(lines, "P0", 10.0)
    begun(lines, "P1")
    begun(lines, "P2")
    clock.now = 4
    # 6 s of the two under way, then 57 others, two at a time, 10 s each.
    assert lines.line() == "  2 of 61 · about 5 min left · P1 cell 3 of 20 · P2 cell 3 of 20"


def test_the_line_on_a_terminal_is_not_longer_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, clock = io.StringIO(), Clock()
    monkeypatch.setenv("COLUMNS", "80")
    live = Live(out, clock)
    for i in range(30):
        clock.now += 1
        begun(live, f"P{i}")
    assert max(map(len, out.getvalue().split("\r\x1b[K"))) < 80
    live(Event(EventKind.VERDICT))
    assert out.getvalue().endswith("\r\x1b[K")


def test_what_is_not_as_it_was_asked_for_is_said_in_a_line_that_stays() -> None:
    out = io.StringIO()
    heard, told = teller("plain", str, out)
    heard(Event(EventKind.NOTE, status="The runs are made again."))
    told("R0 ok")
    assert out.getvalue().splitlines() == ["  The runs are made again.", "R0 ok"]
