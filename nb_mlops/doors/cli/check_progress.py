"""How a check is told while it goes on: a line that moves on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from nb_mlops.core.event import Event, EventKind, Listener, unheard

_CLEAR = "\r\x1b[K"
_BETWEEN = 0.1
_SELDOM = 30.0  # seconds between the lines of what is no terminal


def teller(
    form: str, render: Callable[[Any], str], stream: TextIO | None = None
) -> tuple[Listener, Callable[[Any], None]]:
    """What hears events, and what hears each record or point, which `render` shows in a line.

    `form` is `auto` (a line that moves, on a terminal), `plain`, `json` or `none`.
    """
    out = stream or sys.stderr
    if form == "json":
        return _json(out), lambda record: None
    if form == "none":
        return unheard, lambda record: None
    lines = Plain(out) if form == "plain" or not out.isatty() else Live(out)
    return lines, lambda record: lines.say(render(record))


def _json(out: TextIO) -> Listener:
    def heard(event: Event) -> None:
        print(json.dumps(event.to_json()), file=out, flush=True)

    return heard


class Plain:
    """Says where each run is: `2 of 60 · R1 cell 5 of 20 · R2 cell 3 of 20 · about 12 s left`, now and then, in a line
    of its own."""

    between = _SELDOM

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._runs: dict[str, tuple[int, int]] = {}
        self._took: list[float] = []
        self._started: dict[str, float] = {}
        self._over = self._all = 0
        self._last = clock()

    def __call__(self, event: Event) -> None:
        """Hear an event, and show it, not more often than is pleasant."""
        if event.kind is EventKind.PLAN:
            self._over, self._all = event.done or 0, event.of or 0
        elif event.kind is EventKind.RUN_STARTED:
            self._runs[event.run] = (0, 0)
            self._started[event.run] = self._clock()
        elif event.kind in (EventKind.CELL_STARTED, EventKind.CELL_ENDED):
            self._runs[event.run] = (event.done or 0, event.of or 0)
        elif event.kind is EventKind.RUN_ENDED:
            self._runs.pop(event.run, None)
            self._over += 1
            self._took.append(event.seconds or 0.0)
        if event.kind is EventKind.NOTE:
            self.say("  " + event.status)
        elif event.kind is EventKind.VERDICT:
            self.clear()
        elif self._runs and self._clock() - self._last >= self.between:
            self._last = self._clock()
            self._show(self.line())

    def line(self) -> str:
        """Where everything is now."""
        parts = [f"{self._over} of {self._all}"] if self._all > _FEW else []
        parts += [
            f"{run} cell {min(done + 1, of)} of {of}" if of else f"{run} starts"
            for run, (done, of) in sorted(self._runs.items())
        ]
        left = self._left()
        if left is not None and left >= 1:
            parts.insert(len(parts) if self._all <= _FEW else 1, f"about {_time(left)} left")
        return "  " + " · ".join(parts)

    def _left(self) -> float | None:
        """Seconds left of all runs that are planned, by what the others took."""
        if not self._took or not self._runs:
            return None
        usual = sum(self._took) / len(self._took)
        under_way = max(usual - (self._clock() - self._started[run]) for run in self._runs)
        waiting = max(0, self._all - self._over - len(self._runs))
        return max(0.0, under_way) + usual * waiting / len(self._runs)

    def say(self, words: str) -> None:
        """A line that stays."""
        self.clear()
        print(words, file=self._out, flush=True)

    def _show(self, line: str) -> None:
        print(line, file=self._out, flush=True)

    def clear(self) -> None:
        """Nothing is to be cleared away."""


class Live(Plain):
    """The same in one line that moves, on a terminal."""

    between = _BETWEEN

    def _show(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._out.write(_CLEAR + (line if len(line) <= width else line[: width - 1] + "…"))
        self._out.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        self._out.write(_CLEAR)
        self._out.flush()


_FEW = 8  # runs whose number says less than where each of them is


def _time(seconds: float) -> str:
    """`12 s`, `4 min`, `2 h 5 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
