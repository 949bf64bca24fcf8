"""What happens while notebooks run, told as it happens: one value an event, one JSON line each for whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from nb_mlops.core.value import Struct, field


class EventKind(str, Enum):
    """What happened."""

    PLAN = "plan"  # more runs were asked for: `of` is how many there will be in all
    RUN_STARTED = "run-started"
    CELL_STARTED = "cell-started"
    CELL_ENDED = "cell-ended"
    RUN_ENDED = "run-ended"
    NOTE = "note"  # something that is not as it was asked for, or not any more: `status` says it in words
    VERDICT = "verdict"


class Event(Struct, frozen=True):
    """One thing that happened.

    `run` is the run's label; `cell` the cell's index in the notebook as the user has it; `done` of `of` cells (for
    PLAN: runs) are over; `seconds` is what the cell or the run took, or how long the run has lasted; `left` is an
    estimate, None where there is nothing to go by. `status` is a RunStatus or a verdict.
    """

    kind: EventKind
    run: str = ""
    cell: int | None = None
    done: int | None = None
    of: int | None = None
    seconds: float | None = None
    left: float | None = None
    status: str = ""
    factors: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The event as JSON values: `event` and the fields that say something."""
        found: dict[str, Any] = {"event": self.kind.value}
        for name in self.__struct_fields__[1:]:
            value = getattr(self, name)
            if value is not None and value != "" and value != {}:
                found[name] = dict(value) if isinstance(value, Mapping) else value
        return found


Listener = Callable[[Event], None]


def unheard(event: Event) -> None:
    """The listener of whoever does not care."""
