"""A grid of parameters: which points there are, what came of each, and whether the metrics stay where they must.

A grid is a mapping, as a YAML or JSON file holds one: names with lists of values (or ranges) give every combination;
`points` are combinations with names of their own; `bounds` say where metrics must stay. The short form is the names
alone.
"""

from __future__ import annotations

import difflib
import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nb_mlops.checker import findings as say
from nb_mlops.checker.diagnose import cause, remedy, told
from nb_mlops.checker.parameters import typed
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord

_SECTIONS = ("parameters", "points", "bounds")
_RANGE = frozenset({"from", "to", "steps", "step", "log"})
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Point:
    """One combination of parameters, by a name that is its own or says its values."""

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a metric must stay."""

    metric: str
    least: float = -math.inf
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Grid:
    """The points to run, each once, and the bounds of the metrics."""

    points: tuple[Point, ...]
    bounds: tuple[Bound, ...] = ()


def read_grid(notebook: Notebook, given: Any) -> Grid:
    """A grid from what a YAML or JSON file holds. Raises UsageError, naming the entry, for what is no grid, and for
    parameters that the notebook does not have."""
    if not isinstance(given, Mapping) or not given:
        raise UsageError("A grid is a mapping of parameter names to lists of values.", _EXAMPLE)
    sections = given if given.keys() & set(_SECTIONS) else {"parameters": given}
    if unknown := [str(key) for key in sections if key not in _SECTIONS]:
        near = difflib.get_close_matches(unknown[0], _SECTIONS, n=1)
        raise UsageError(f"A grid has no section `{unknown[0]}`.", f"Did you mean `{near[0]}`?" if near else _EXAMPLE)
    axes = {str(name): _values(str(name), values) for name, values in _mapping(sections, "parameters").items()}
    count = math.prod(map(len, axes.values()))
    if count > _MOST:
        raise UsageError(f"The grid has {count:,} points; at most {_MOST:,} make sense.", "Leave values out.")
    found = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())] if axes else []
    points = [Point(_name(values), typed(notebook, values.items())) for values in found]
    for name, values in _mapping(sections, "points").items():
        points.append(Point(str(name), typed(notebook, _mapping({str(name): values}, str(name)).items())))
    if not points:
        raise UsageError("The grid has no points.", _EXAMPLE)
    bounds = tuple(_bound(str(name), value) for name, value in _mapping(sections, "bounds").items())
    return Grid(_each_once(points), bounds)


_EXAMPLE = "For example: `parameters: {depth: [2, 4], rate: {from: 0.1, to: 0.5, steps: 5}}`."


def _mapping(sections: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = sections.get(name) or {}
    if not isinstance(found, Mapping):
        raise UsageError(f"`{name}` in the grid must be a mapping.", _EXAMPLE)
    return found


def _values(name: str, given: Any) -> tuple[Any, ...]:
    if isinstance(given, Mapping):
        return _range(name, given)
    values = given if isinstance(given, list) else [given]
    if not values:
        raise UsageError(f"`{name}` in the grid has no values.", _EXAMPLE)
    return tuple(values)


def _range(name: str, given: Mapping[str, Any]) -> tuple[Any, ...]:
    first, last = given.get("from"), given.get("to")
    if not (isinstance(first, (int, float)) and isinstance(last, (int, float))) or not given.keys() <= _RANGE:
        raise UsageError(f"The range of `{name}` needs `from` and `to`, and `steps` or `step`.", _EXAMPLE)
    steps, step = given.get("steps"), given.get("step", 1)
    if steps is None:
        if not isinstance(step, (int, float)) or not step:
            raise UsageError(f"The `step` of `{name}` must be a number that is not 0.", _EXAMPLE)
        steps = math.floor((last - first) / step + 1e-9) + 1
        return tuple(_clean(first + i * step) for i in range(max(0, min(steps, _MOST)))) or (first,)
    if not isinstance(steps, int) or steps < 1 or (given.get("log") and min(first, last) <= 0):
        raise UsageError(f"`steps` of `{name}` must be a whole number, and a `log` range positive.", _EXAMPLE)
    shares = [i / (steps - 1) if steps > 1 else 0.0 for i in range(min(steps, _MOST))]
    if given.get("log"):
        return tuple(_clean(first * (last / first) ** share) for share in shares)
    return tuple(_clean(first + (last - first) * share) for share in shares)


def _clean(value: float) -> float:
    """Without the dust of binary fractions: 0.30000000000000004 is nobody's parameter."""
    return value if isinstance(value, int) else float(f"{value:.12g}")


def _name(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _each_once(points: Sequence[Point]) -> tuple[Point, ...]:
    found: dict[str, Point] = {}
    for point in points:
        found[json.dumps(dict(point.parameters), sort_keys=True, default=repr)] = point  # a name of its own wins
    return tuple(found.values())


def _bound(name: str, given: Any) -> Bound:
    if isinstance(given, list) and len(given) == 2:
        given = {"min": given[0], "max": given[1]}
    if not isinstance(given, Mapping) or not given or not given.keys() <= {"min", "max"}:
        raise UsageError(f"The bounds of `{name}` are `{{min: 0.7, max: 1}}`, or one of the two.", _EXAMPLE)
    if not all(isinstance(value, (int, float)) for value in given.values()):
        raise UsageError(f"The bounds of `{name}` must be numbers.", _EXAMPLE)
    return Bound(name, float(given.get("min", -math.inf)), float(given.get("max", math.inf)))


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a point; `kept` says that it was known from an earlier run."""

    point: Point
    record: RunRecord
    kept: bool = False

    @property
    def metrics(self) -> Mapping[str, float]:
        """The last value of each metric."""
        return {metric.name: metric.value for metric in self.record.metrics}


def grid_findings(notebook: Notebook, grid: Grid, rows: Sequence[Row]) -> Iterator[Finding]:
    """Points that did not run to their end, and metrics that are not where they must be."""
    failed = [row for row in rows if not row.record.ok]
    if failed:
        record = failed[0].record
        others = f" So do {len(failed) - 1} more points." if len(failed) > 1 else ""
        message = f"With {failed[0].point.name} it fails. {told(record)}{others} {remedy(cause(notebook, record))}"
        yield say.finding(say.POINT_FAILED, notebook, message, record.error.cell if record.error else None)
    for bound in grid.bounds:
        known = [(row.metrics[bound.metric], row) for row in rows if bound.metric in row.metrics]
        if not known and not failed:
            words = f"The grid bounds the metric `{bound.metric}`, which the notebook does not declare."
            yield say.finding(
                say.OUT_OF_BOUNDS, notebook, f"{words} Declare it: nb_mlops.metric({bound.metric!r}, value)."
            )
        outside = [(value, row) for value, row in known if not bound.least <= value <= bound.most]
        if outside:
            value, row = max(outside, key=lambda found: max(bound.least - found[0], found[0] - bound.most))
            message = (
                f"`{bound.metric}` must be {_must(bound)}, and is not in {len(outside)} of {len(known)} points, "
                f"furthest with {row.point.name}: {value!r}. Keep these parameters out of use, or mend the model."
            )
            yield say.finding(say.OUT_OF_BOUNDS, notebook, message)


def _must(bound: Bound) -> str:
    if math.isinf(bound.most):
        return f"at least {bound.least:g}"
    return f"at most {bound.most:g}" if math.isinf(bound.least) else f"from {bound.least:g} to {bound.most:g}"


def grid_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The points as JSON values, in the grid's order."""
    return [
        {
            "name": row.point.name,
            "parameters": dict(row.point.parameters),
            "status": row.record.status.value,
            "seconds": row.record.seconds,
            "kept": row.kept,
            "metrics": dict(row.metrics),
            "error": {"name": row.record.error.name, "cell": row.record.error.cell} if row.record.error else None,
        }
        for row in rows
    ]


def bounds_json(bounds: Sequence[Bound]) -> dict[str, dict[str, float | None]]:
    """Where metrics must stay; null where there is no end."""
    return {b.metric: {"min": _end(b.least), "max": _end(b.most)} for b in bounds}


def _end(value: float) -> float | None:
    return value if math.isfinite(value) else None
