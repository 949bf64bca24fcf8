from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nb_mlops.compare.drift import Change, changes, fallen, psi, psi_limit
from nb_mlops.portable.columns import facts
from nb_mlops.portable.drift import counted

DRAW = np.random.default_rng(0)


def table(rows: int, draw: np.random.Generator = DRAW) -> pd.DataFrame:
    made = pd.DataFrame({f"n{i}": draw.normal(size=rows) for i in range(12)})
    return made.assign(
        whole=draw.poisson(2, rows),
        town=draw.choice(list("abcd"), rows, p=[0.5, 0.3, 0.15, 0.05]),
        holes=np.where(draw.random(rows) < 0.2, np.nan, draw.random(rows)),
    )


BEFORE = table(600)
PROFILE = facts(BEFORE)


def seen(now: pd.DataFrame) -> dict[str, Change]:
    found = [counted(one, now.get(one["name"])) for one in PROFILE]
    return {one.name: one for one in changes(PROFILE, found)}


def rings(one: Change) -> bool:
    return not one.there or one.shifted or one.missing_sure or one.outside_sure or one.unknown_sure


def test_rows_that_are_alike_seldom_ring() -> None:
    draw = np.random.default_rng(1)
    rung = sum(any(map(rings, seen(table(400, draw)).values())) for _ in range(60))
    assert rung <= 6  # three of sixty are what is promised


@pytest.mark.parametrize("rows", [60, 4000])
def test_few_rows_and_many_ring_no_more_often(rows: int) -> None:
    draw = np.random.default_rng(2)
    assert sum(any(map(rings, seen(table(rows, draw)).values())) for _ in range(25)) <= 3


@pytest.mark.parametrize(
    ("column", "change", "what"),
    [
        ("n0", lambda c: c + 1.0, "shifted"),
        ("n0", lambda c: c * 3.0, "outside_sure"),
        ("n0", lambda c: c * 1000.0, "shifted"),
        ("whole", lambda c: c + 2, "shifted"),
        ("town", lambda c: c.replace("b", "z"), "unknown_sure"),
        ("town", lambda c: c.where(np.arange(len(c)) % 2 == 0, "a"), "shifted"),
        ("holes", lambda c: c.where(np.arange(len(c)) % 2 == 0), "missing_sure"),
        ("n1", lambda c: c.where(np.arange(len(c)) % 5 != 0), "missing_sure"),
    ],
)
def test_what_changed_rings_in_its_column_alone(column: str, change: Any, what: str) -> None:
    now = table(500)
    found = seen(now.assign(**{column: change(now[column])}))
    assert getattr(found[column], what)
    assert not [name for name, one in found.items() if name != column and rings(one)]


def test_a_column_that_is_gone_or_holds_texts_now_is_seen() -> None:
    now = table(300)
    found = seen(now.drop(columns="n3").assign(n4=["x"] * 30 + [1.5] * 270))
    assert not found["n3"].there and found["n4"].strange == 0.1


def test_the_index_is_the_textbooks() -> None:
    assert psi([0.5, 0.5], [0.5, 0.5], 100) == 0.0
    assert psi([0.5, 0.5], [0.75, 0.25], 100) == pytest.approx(0.25 * np.log(3))
    assert psi_limit(10, 1000, 1000, 0.05) == pytest.approx(2 / 1000 * 16.92, rel=0.01)


def metric(value: float, low: float, high: float, higher: bool = True) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "higher_is_better": higher}


def test_a_metric_has_fallen_when_that_is_sure_and_matters() -> None:
    was = metric(0.9, 0.88, 0.92)
    drop = fallen(was, metric(0.8, 0.78, 0.82), 0.02)
    assert drop is not None and drop[0] == pytest.approx(0.1) and drop[1] > 0
    assert fallen(was, metric(0.89, 0.885, 0.895), 0.02) is None  # too little
    assert fallen(was, metric(0.8, 0.6, 0.99), 0.02) is None  # not sure
    assert fallen(was, metric(0.95, 0.94, 0.96), 0.02) is None
    error = metric(10.0, 9.5, 10.5, higher=False)
    assert (
        fallen(error, metric(15.0, 14.0, 16.0), 0.02) is not None and fallen(error, metric(5.0, 4.0, 6.0), 0.02) is None
    )
    assert fallen(was, metric(0.5, None, None), 0.02) is None  # type: ignore[arg-type]
