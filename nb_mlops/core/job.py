"""A command that runs on its own: what is known of it while it runs and afterwards."""

from __future__ import annotations

from enum import Enum

from nb_mlops.core.value import Struct


class JobState(str, Enum):
    """LOST: it is gone and left no exit code, as after a power cut."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self is not JobState.RUNNING


class Job(Struct, frozen=True):
    """One run of a verb. `notebook` is relative to the folder that jobs are kept for, and `content` says which state
    of it was run; times are seconds since the epoch; `progress` are the lines it wrote on standard error, `output`
    what it wrote on standard output (None until it has ended)."""

    id: str
    verb: str
    notebook: str
    content: str
    started: float
    state: JobState
    ended: float | None = None
    exit_code: int | None = None
    progress: tuple[str, ...] = ()
    output: str | None = None
