"""Times of runs, as front ends write them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from nb_mlops.analysis.timestamps import run_time
from nb_mlops.core.notebook import Cell, CellKind


def cell(**metadata: Any) -> Cell:
    return Cell(0, CellKind.CODE, "1", metadata=metadata)


def moment(second: int, micro: int = 0) -> datetime:
    return datetime(2024, 3, 1, 9, 0, second, micro, timezone.utc)


def test_the_kernels_messages_tell_start_and_end() -> None:
    noted = {"iopub.execute_input": "2024-03-01T09:00:01.25Z", "shell.execute_reply": "2024-03-01T09:00:03Z"}
    time = run_time(cell(execution=noted))
    assert time is not None
    assert (time.source, time.start, time.end) == ("execution", moment(1, 250_000), moment(3))


def test_where_only_one_end_is_known_it_stands_for_both() -> None:
    time = run_time(cell(execution={"shell.execute_reply": "2024-03-01T09:00:03Z"}))
    assert time is not None
    assert time.start == time.end == moment(3)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01T09:00:01",
        "2024-03-01T09:00:01Z",
        "2024-03-01 09:00:01.0",
        "2024-03-01T10:00:01+01:00",
        "2024-03-01T09:00:01.000000000Z",
    ],
)
def test_every_spelling_of_a_time_is_the_same_moment(text: str) -> None:
    time = run_time(cell(ExecuteTime={"start_time": text}))
    assert time is not None
    assert time.start == moment(1)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"execution": {}},
        {"execution": "yesterday"},
        {"execution": {"iopub.execute_input": "soon"}},
        {"ExecuteTime": {"start_time": 12, "end_time": None}},
    ],
)
def test_metadata_that_tell_no_time_give_none(metadata: dict[str, Any]) -> None:
    assert run_time(cell(**metadata)) is None


def test_the_extensions_entry_is_used_where_the_kernels_tells_nothing() -> None:
    time = run_time(cell(execution={}, ExecuteTime={"end_time": "2024-03-01T09:00:02Z"}))
    assert time is not None
    assert (time.source, time.end) == ("ExecuteTime", moment(2))
