"""A name is defined anew in several cells, and cells in between read it.

## What it does

Looks for names that at least two cells define independently of each other (not `df = df.dropna()`, which goes on from
the earlier one) and that a third cell reads. Imports, functions and names that each reading cell sets itself first are
left alone. One finding per name.

## Why is this bad?

Which of the values a cell gets depends on which of the defining cells ran last. After a jump back in the notebook it is
silently the wrong one.

## What to do

Give each value a name of its own, or make a function of the repeated steps.

## False positives

Names that are meant to be used over and over, as `fig` and `ax`: this rule is off by default.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per name, at the first cell that reads one of the definitions."""
    makers = _independent_definitions(view)
    told: set[str] = set()
    for cell in view.code_cells:
        for name, use in view.flows[cell.index].uses.items():
            if name in told or use.soft or use.certainty is Certainty.POSSIBLE:
                continue
            defined = view.replays.document.version(cell.index, name).cell
            cells = makers.get(name, ())
            others = [other for other in cells if other not in (defined, cell.index)]
            if defined in cells and others:
                told.add(name)
                assert defined is not None
                end = None if use.via else use.position.column + len(name)
                yield Hit(
                    f"`{name}` is that of {view.named(defined)} here, and {_named(view, others)} defines it anew: "
                    "which one is read depends on which cell ran last. Give each value a name of its own.",
                    view.line_span(cell, use.position.line, use.position.column, end),
                    related=tuple(view.related(view.cell(o), f"`{name}` is defined here too") for o in others[:3]),
                    data={"name": name, "cells": list(cells)},
                )


def _independent_definitions(view: View) -> dict[str, tuple[int, ...]]:
    """The cells that surely bind a name without reading it first, for names that several cells so bind."""
    found: dict[str, tuple[int, ...]] = {}
    for index, flow in view.flows.items():
        for name in flow.must - flow.imports - flow.uses.keys() - flow.functions.keys():
            found[name] = (*found.get(name, ()), index)
    return {name: cells for name, cells in found.items() if len(cells) > 1 and not name.startswith("_")}


def _named(view: View, cells: list[int]) -> str:
    more = len(cells) - 1
    return view.named(cells[0]) + (f" (and {more} more)" if more else "")


RULE = Rule(
    code="EX014",
    slug="multi-definition-read-across",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    check=check,
    default=False,
    bad=lambda: (
        example(
            code("data = [1, 2, 3]", count=1),
            code("sum(data)", result("6"), count=2),
            code("data = [10, 20]", count=3),
            code("max(data)", result("20"), count=4),
        ),
    ),
    good=lambda: (
        example(
            code("data = [1, 2, 3]", count=1),
            code("data = data[:2]", count=2),
            code("sum(data)", result("3"), count=3),
            note="the second goes on from the first",
        ),
        example(
            code("part = [1]\nprint(sum(part))", count=1),
            code("part = [2]\nprint(sum(part))", count=2),
            note="each cell sets what it reads",
        ),
    ),
)
