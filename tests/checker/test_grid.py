from __future__ import annotations

from typing import Any

import pytest
from helpers_run import notebook, record

from nb_mlops.checker.grid import Row, grid_findings, read_grid
from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Metric, RunError, RunStatus
from nb_mlops.core.value import replace


def parametrised() -> Notebook:
    found = notebook("depth = 2\nrate = 0.1\nname = 'x'", "fit()")
    return replace(found, cells=(replace(found.cells[0], tags=("parameters",)), found.cells[1]))


def points(given: Any) -> list[dict[str, Any]]:
    return [dict(point.parameters) for point in read_grid(parametrised(), given).points]


def test_lists_give_every_combination_in_order() -> None:
    assert points({"depth": [1, 2], "rate": [0.1, 0.2]}) == [
        {"depth": 1, "rate": 0.1},
        {"depth": 1, "rate": 0.2},
        {"depth": 2, "rate": 0.1},
        {"depth": 2, "rate": 0.2},
    ]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"from": 0.1, "to": 0.5, "steps": 3}, [0.1, 0.3, 0.5]),
        ({"from": 0.1, "to": 0.3, "step": 0.1}, [0.1, 0.2, 0.3]),
        ({"from": 0.001, "to": 0.1, "steps": 3, "log": True}, [0.001, 0.01, 0.1]),
    ],
)
def test_ranges_have_both_ends_and_no_dust(given: dict[str, Any], values: list[float]) -> None:
    assert points({"rate": given}) == [{"rate": value} for value in values]
    assert points({"depth": {"from": 1, "to": 7, "step": 3}}) == [{"depth": n} for n in (1, 4, 7)]


def test_named_points_come_beside_and_no_combination_comes_twice() -> None:
    found = read_grid(
        parametrised(), {"parameters": {"depth": [1, 2]}, "points": {"deep": {"depth": 9}, "two": {"depth": 2}}}
    )
    assert [point.name for point in found.points] == ["depth=1", "two", "deep"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ([], "mapping"),
        ({}, "mapping"),
        ({"parameters": {"dept": [1]}}, "`dept`"),
        ({"parameters": {"depth": []}}, "no values"),
        ({"parameters": {"depth": ["many"]}}, "`depth`"),
        ({"parameters": {"rate": {"from": 1}}}, "range of `rate`"),
        ({"parameters": {"rate": {"from": -1, "to": 1, "steps": 3, "log": True}}}, "positive"),
        ({"points": {"a": [1]}}, "`a`"),
        ({"parameters": {"depth": [1]}, "bound": {}}, "`bound`"),
        ({"parameters": {"depth": [1]}, "bounds": {"auc": {"least": 1}}}, "bounds of `auc`"),
        ({"parameters": {"depth": list(range(400)), "rate": list(range(400))}}, "160,000 points"),
    ],
)
def test_what_is_no_grid_is_told_by_the_entry(given: Any, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        points(given)
    assert word in f"{caught.value} {caught.value.remedy}"


def test_points_that_fail_and_metrics_that_leave_their_bounds_are_findings() -> None:
    grid = read_grid(parametrised(), {"parameters": {"depth": [1, 2, 3]}, "bounds": {"auc": [0.7, 1]}})
    runs = [record(f"P{i}", metrics=(Metric("auc", value),)) for i, value in enumerate((0.8, 0.6))]
    runs.append(record(status=RunStatus.CELL_FAILED, error=RunError("ValueError", "too deep", 1)))
    rows = [Row(point, run) for point, run in zip(grid.points, runs, strict=True)]
    failed, outside = grid_findings(parametrised(), grid, rows)
    assert failed.code == "CK023" and "depth=3" in failed.message and failed.cell is not None and failed.cell.index == 1
    assert outside.code == "CK024" and "in 1 of 2 points, furthest with depth=2: 0.6" in outside.message
    assert list(grid_findings(parametrised(), grid, rows[:1])) == []


def test_a_bound_on_a_metric_that_nobody_declares_is_no_pass() -> None:
    grid = read_grid(parametrised(), {"parameters": {"depth": [1]}, "bounds": {"auc": [0.7, 1]}})
    (found,) = grid_findings(parametrised(), grid, [Row(grid.points[0], record())])
    assert "does not declare" in found.message
