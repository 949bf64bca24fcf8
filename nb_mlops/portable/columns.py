"""What the columns of a table are like, in few numbers, so that another day's rows can be held against them.

Shares and quantiles of many rows; no row and no rare value is kept.
"""

from __future__ import annotations

import math
from typing import Any

MOST_COLUMNS = 200
# The 5 % steps from the least to the greatest; the ends are the 0.5 % and 99.5 % quantiles, so nobody's own value.
STEPS = (0.005, *(i / 20 for i in range(1, 20)), 0.995)
_MOST_LABELS = 20
_LEAST_COUNT = 5
LABEL_LENGTH = 40


def facts(table: Any) -> list[dict[str, Any]]:
    """One record a column: name, kind, share of missing values, quantiles of a number, shares of few labels."""
    return [column(str(table.columns[i]), table.iloc[:, i]) for i in range(min(table.shape[1], MOST_COLUMNS))]


def column(name: str, values: Any) -> dict[str, Any]:
    """The record of one column. Labels of fewer than five rows go together as the rest."""
    known = values.dropna()
    kind = getattr(values.dtype, "kind", "O")
    found: dict[str, Any] = {
        "name": name[:80],
        "kind": "number" if kind in "iuf" else "time" if kind in "mM" else "label",
        "rows": len(values),
        "missing": 0.0 if not len(values) else float(1 - len(known) / len(values)),
        "quantiles": [],
        "labels": {},
    }
    if found["kind"] == "number" and len(known):
        numbers = known.astype("float64")
        numbers = numbers[numbers.abs() < math.inf]
        found["quantiles"] = [float(q) for q in numbers.quantile(list(STEPS))] if len(numbers) else []
    if kind not in "fmM" and len(known):
        counts = known.astype(str).value_counts()
        if len(counts) <= _MOST_LABELS or found["kind"] == "label":
            common = counts[counts >= _LEAST_COUNT].head(_MOST_LABELS)
            if len(common) and common.sum() >= 0.5 * len(known):
                found["labels"] = {str(label)[:LABEL_LENGTH]: int(n) / len(known) for label, n in common.items()}
        if found["kind"] == "label" and not found["labels"]:
            found["kind"] = "text"
    return found
