"""When a cell ran, as front ends note it in the cell's metadata.

JupyterLab and nbclient write `execution` (the kernel's messages with their times), the ExecuteTime extension and
PyCharm write `ExecuteTime`. The two are different clocks and may be of different age, so times are compared only
within one source.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import Struct


class RunTime(Struct, frozen=True):
    """When a cell's last run started and ended (the same moment where only one is known); `source` is the metadata
    entry that says so."""

    source: str
    start: datetime
    end: datetime


# Metadata entry, the keys that tell the start, and those that tell the end, best first.
_ENTRIES = (
    (
        "execution",
        ("iopub.execute_input", "shell.execute_reply.started", "iopub.status.busy"),
        ("shell.execute_reply", "iopub.status.idle"),
    ),
    ("ExecuteTime", ("start_time",), ("end_time",)),
)


def run_time(cell: Cell) -> RunTime | None:
    """When the cell ran, if its metadata say so."""
    metadata = cell.metadata
    for source, starts, ends in _ENTRIES if metadata else ():
        entry = metadata.get(source)
        if entry is None or not isinstance(entry, Mapping):
            continue
        start, end = _first(entry, starts), _first(entry, ends)
        if start is not None or end is not None:
            return RunTime(source, start or end, end or start)  # type: ignore[arg-type]
    return None


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> datetime | None:
    return next((moment for key in keys if (moment := _moment(entry.get(key))) is not None), None)


def _moment(value: object) -> datetime | None:
    """An ISO time, with or without a zone (UTC then) and with any number of decimals."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace("Z", "+00:00").replace(" ", "T", 1)
    if "." in text:
        head, _, rest = text.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6]:0<6}{rest[len(digits) :]}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
