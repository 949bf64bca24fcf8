"""How a check is told while it goes on: a line that moves on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from nb_mlops.core.event import Event, EventKind, Listener, unheard

_CLEAR = "\r\x1b[K"
_BETWEEN = 0.1


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

    if form == "plain" or not out.isatty():
        return unheard, lambda record: print(render(record), file=out, flush=True)
    live = Live(out)

    def ended(record: Any) -> None:
        live.clear()
        print(render(record), file=out, flush=True)

    return live, ended


def _json(out: TextIO) -> Listener:
    def heard(event: Event) -> None:
        print(json.dumps(event.to_json()), file=out, flush=True)

    return heard


class Live:
    """One line that says where each run is: `R1 cell 5 of 20 · R2 cell 3 of 20 · about 12 s left`."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._runs: dict[str, tuple[int, int]] = {}
        self._took: list[float] = []
        self._started: dict[str, float] = {}
        self._last = 0.0

    def __call__(self, event: Event) -> None:
        """Hear an event, and move the line, not more often than the eye can follow."""
        if event.kind is EventKind.RUN_STARTED:
            self._runs[event.run] = (0, 0)
            self._started[event.run] = self._clock()
        elif event.kind in (EventKind.CELL_STARTED, EventKind.CELL_ENDED):
            self._runs[event.run] = (event.done or 0, event.of or 0)
        elif event.kind is EventKind.RUN_ENDED:
            self._runs.pop(event.run, None)
            self._took.append(event.seconds or 0.0)
        if event.kind is EventKind.VERDICT:
            self.clear()
        elif self._clock() - self._last >= _BETWEEN:
            self._last = self._clock()
            self._out.write(_CLEAR + self.line())
            self._out.flush()

    def line(self) -> str:
        """What stands in the line now."""
        parts = [
            f"{run} cell {min(done + 1, of)} of {of}" if of else f"{run} starts"
            for run, (done, of) in sorted(self._runs.items())
        ]
        left = self._left()
        if left is not None and left >= 1:
            parts.append(f"about {left:.0f} s left")
        return "  " + " · ".join(parts)

    def _left(self) -> float | None:
        """Seconds left of the runs under way, by what the others took."""
        if not self._took or not self._runs:
            return None
        usual = max(self._took)
        return max(0.0, max(usual - (self._clock() - self._started[run]) for run in self._runs))

    def clear(self) -> None:
        """Leave the line empty."""
        self._out.write(_CLEAR)
        self._out.flush()
