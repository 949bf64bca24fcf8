"""Where a model is good and what it listens to: its metric by group, and what is lost when a column is shuffled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .ask import Answers, Asked
from .holdout import RowsError
from .measure import Given, Metric, finite

_MOST_GROUPS = 20
_MOST_COLUMNS = 60
_MOST_ROWS = 2000
_SHUFFLES = 5
_SECONDS = 60.0


def groups_of(table: Any, names: list[str], metric: Metric, right: Any, ours: Given) -> list[dict[str, Any]]:
    """The metric and number of rows of each group; a number with many values is parted at its quartiles."""
    import numpy

    found: list[dict[str, Any]] = []
    for name in names:
        if name not in table.columns:
            raise RowsError(f"The holdout has no column `{name}` to group by.", "Name another one with --groups.")
        for label, rows in _parts(table[name], name):
            part = numpy.flatnonzero(rows)
            value = finite(metric(right[part], ours.at(part))) if len(part) else None
            found.append({"column": name, "group": label, "rows": len(part), "value": value})
    return found


def _parts(values: Any, name: str) -> Any:
    """(name of the group, which rows are in it)."""
    import pandas

    missing = values.isna().to_numpy()
    many = values.nunique() > _MOST_GROUPS
    if many and getattr(values.dtype, "kind", "O") not in "iuf":
        raise RowsError(f"`{name}` has {values.nunique()} values: that is no group.", "Group by a coarser column.")
    if many:
        parts = pandas.qcut(values, 4, duplicates="drop")
        for part in parts.cat.categories:
            yield f"{max(part.left, values.min()):.4g} to {part.right:.4g}", (parts == part).to_numpy()
    else:
        labels = values.dropna().unique()
        for label in sorted(labels, key=None if values.dtype.kind in "iuf" else str):  # 2 before 10
            yield str(label)[:60], (values == label).to_numpy()
    if missing.any():
        yield "(missing)", missing


def importances(
    model: Asked,
    rows: Any,
    right: Any,
    metric: Metric,
    understood: Callable[[Answers], Given],
    value: float,
    seconds: float,
) -> list[dict[str, Any]]:
    """What each column is worth: by how much the metric falls when its values are shuffled between rows, as mean and
    standard deviation of a few shuffles (Breiman 2001, section 10). Greatest first; bounded in time, so of many columns
    the first sixty, and of many rows two thousand."""
    import numpy

    if not hasattr(rows, "columns"):
        return []
    draw = numpy.random.default_rng(20260101)
    part = draw.choice(len(right), min(len(right), _MOST_ROWS), replace=False)
    some, truth = rows.iloc[part].reset_index(drop=True), right[part]
    whole = metric(truth, understood(model.answers(some))) if len(part) < len(right) else value
    names = list(rows.columns)[:_MOST_COLUMNS]
    times = _SHUFFLES if len(names) * _SHUFFLES * seconds * len(part) / len(right) < _SECONDS else 1
    found = []
    for name in names:
        drops = [_drop(model, some, name, truth, metric, understood, whole, draw) for _ in range(times)]
        known = numpy.asarray([drop for drop in drops if drop is not None])
        if len(known):
            found.append({"column": str(name), "drop": float(known.mean()), "spread": float(known.std())})
    return sorted(found, key=lambda one: -float(one["drop"]))


def _drop(
    model: Asked,
    rows: Any,
    name: Any,
    right: Any,
    metric: Metric,
    understood: Callable[[Answers], Given],
    whole: float,
    draw: Any,
) -> Any:
    shuffled = rows.copy()
    shuffled[name] = rows[name].to_numpy(copy=True)[draw.permutation(len(rows))]
    return finite(metric.sign * (whole - metric(right, understood(model.answers(shuffled)))))
