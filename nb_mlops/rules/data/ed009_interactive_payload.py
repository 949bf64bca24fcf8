"""An interactive plot that carries the data it was drawn from.

## What it does

Plotly and Vega outputs (and others in JSON) with more than `max-plot-rows` rows of data (1000 by default), counted
where they stand: in a trace's arrays, in Vega's datasets.

## Why is this bad?

The picture shows a cloud of points; the file holds every row behind it, hover texts included, for everyone who opens
it.

## What to do

Plot an aggregate or a sample, or save the plot as a picture. `nb-mlops fix` clears the output; running the cell draws
it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Fix, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_START = Position(1, 0)
_PLOTS = ("plotly", "vega", "bokeh", "geo+json")


def check(view: View) -> Iterable[Hit]:
    """One finding for each plot with more rows than it should carry."""
    for cell, number, mime, value in view.shown:
        if not isinstance(value, str) and isinstance(value, Mapping) and any(word in mime for word in _PLOTS):
            rows = max(_lengths(value), default=0)
            if rows > view.settings.max_plot_rows:
                yield _hit(cell, number, mime, rows)


def _hit(cell: int, number: int, mime: str, rows: int) -> Hit:
    message = (
        f"This plot carries {rows} rows of the data it was drawn from: everyone who opens the notebook has them. Plot "
        "an aggregate or save a picture, or let `nb-mlops fix` clear it."
    )
    part = f"outputs/{number}/data/{mime.replace('/', '~1')}"
    fix = Fix(f"Clear this plot with its {rows} rows", (ClearOutput(cell, number),))
    return Hit(message, Span(cell, part, _START, _START), fix=fix, data={"rows": rows})


def _lengths(value: Any) -> Iterator[int]:
    """How long the arrays in a JSON value are; those that plotly packs into base64 count by their bytes."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            yield len(item)
            stack.extend(part for part in item[:200] if isinstance(part, (list, dict)))
        elif isinstance(item, Mapping):
            packed, kind = item.get("bdata"), str(item.get("dtype", ""))
            if isinstance(packed, str) and kind[-1:].isdecimal():
                yield len(packed) * 3 // 4 // int(kind[-1:])
            else:
                stack.extend(part for part in item.values() if isinstance(part, (list, dict)))


_PLOTLY = {"data": [{"type": "scatter", "x": list(range(2000)), "y": list(range(2000))}], "layout": {}}

RULE = Rule(
    "ED009",
    "interactive-payload",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("!make figure", result("Figure", **{"application_vnd.plotly.v1+json": _PLOTLY})),
            fixed=("!make figure",),
        ),
    ),
    good=lambda: (
        example(
            code("!make figure", result("Figure", **{"application_vnd.plotly.v1+json": {"data": [{"x": [1, 2, 3]}]}})),
        ),
    ),
    check=check,
    every_language=True,
)
