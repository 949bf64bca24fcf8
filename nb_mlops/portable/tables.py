"""What a table of data is like, in few numbers: kept with a check, so that another day's data can be held against it.

Counts, ranges and spreads; labels only where a column has few of them. Nothing is imported: a table proves that pandas
is there. No row is kept.
"""

from __future__ import annotations

import math
import sys
from typing import Any

MAX_COLUMNS = 200
MAX_CELLS = 5_000_000
MAX_LABELS = 20
_LABEL_LENGTH = 40
# What the column to be predicted is usually called; else the last one counts as it.
_TARGETS = ("target", "label", "class", "y", "outcome", "churn", "default", "survived")


def is_table(value: Any) -> bool:
    """Whether the value is a pandas DataFrame."""
    return type(value).__name__ == "DataFrame" and type(value).__module__.partition(".")[0] == "pandas"


def profile(frame: Any) -> dict[str, Any]:
    """The profile of a DataFrame, in bounded time; of a very long one from evenly spread rows (`sampled` says so)."""
    rows = len(frame)
    width = max(1, int(frame.shape[1]))
    step = max(1, math.ceil(rows * width / MAX_CELLS))
    part = frame.iloc[::step, :MAX_COLUMNS]
    columns = [_column(str(part.columns[i]), part.iloc[:, i]) for i in range(part.shape[1])]
    return {
        "rows": rows,
        "columns": columns,
        "more_columns": max(0, int(frame.shape[1]) - MAX_COLUMNS),
        "sampled": step > 1,
        **_duplicates(part, columns),
    }


def _column(name: str, values: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name[:60],
        "dtype": str(values.dtype),
        "missing": int(values.isna().sum()),
    }
    try:
        counts = values.value_counts(dropna=True)
    except TypeError:  # lists, dicts: nothing to count
        return found
    found["distinct"] = len(counts)
    kind = getattr(values.dtype, "kind", "O")
    if kind in "iuf" and len(counts):
        known = values.dropna().astype("float64")
        known = known[known.abs() < math.inf]
        spread = {"min": known.min(), "max": known.max(), "mean": known.mean(), "std": known.std(ddof=0)}
        found.update({key: float(number) for key, number in spread.items() if math.isfinite(number)})
    elif kind in "mM" and len(counts):
        found.update(min=str(values.min()), max=str(values.max()))
    if 0 < len(counts) <= MAX_LABELS and kind != "f" and counts.sum() >= 3 * len(counts):
        found["labels"] = {str(label)[:_LABEL_LENGTH]: int(count) for label, count in counts.items()}
        found["smallest"] = int(counts.min())
    return found


def _duplicates(part: Any, columns: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows that are there twice, and rows that agree in all but the column to be predicted."""
    try:
        twice = int(part.duplicated().sum())
        target = next((i for i, c in enumerate(columns) if c["name"].lower() in _TARGETS and "labels" in c), None)
        if target is None and columns and "labels" in columns[-1] and len(columns) > 1:
            target = len(columns) - 1
        if target is None:
            return {"duplicates": twice, "target": None, "contradicting": None}
        others = part.drop(columns=part.columns[target])
        contradicting = int((others.duplicated(keep=False) & ~part.duplicated(keep=False)).sum())
        return {"duplicates": twice, "target": columns[target]["name"], "contradicting": contradicting}
    except Exception:  # values that cannot be hashed, columns of the same name
        return {"duplicates": None, "target": None, "contradicting": None}


def tables_among(names: dict[str, Any], namespace: Any) -> dict[str, dict[str, Any]]:
    """Profiles of the tables among these names of a namespace."""
    if "pandas" not in sys.modules:
        return {}
    return {name: profile(namespace[name]) for name in list(names)[:8] if is_table(namespace.get(name))}
