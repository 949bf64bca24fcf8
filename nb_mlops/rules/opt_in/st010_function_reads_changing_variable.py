"""A function reads a variable of the notebook that several cells bind.

## What it does

Functions whose body reads a global name that at least two other cells bind or rebind. Names of modules, functions
and classes, and names that are given one value once and for all, are left alone.

## Why is this bad?

What the function returns depends on which cell ran last. Converted, the variable becomes one more argument, and
where the function is passed on, all variables have to stay in one module.

## What to do

Make it a parameter.

## False positives

Settings that are changed on purpose to show what a function does then.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """One finding per function and name."""
    bound: dict[str, list[int]] = {}
    made = {name for flow in view.flows.values() for name in (*flow.functions, *flow.imports)}
    for index, flow in view.flows.items():
        for name in flow.binds:
            bound.setdefault(name, []).append(index)
    for cell in view.code_cells:
        flow = view.flows[cell.index]
        for function, free in sorted(flow.functions.items()):
            for name in sorted(free - made):
                others = [index for index in bound.get(name, ()) if index != cell.index]
                if len(others) > 1:
                    line = flow.lines.get(function, ((1, 1),))[0][0]
                    yield Hit(
                        f"`{function}` reads `{name}`, which {view.listed(others)} bind: what it returns depends on "
                        "which of them ran last. Make it a parameter.",
                        view.line_span(cell, line),
                        related=tuple(
                            view.related(view.cell(index), f"`{name}` is bound here") for index in others[:4]
                        ),
                    )


RULE = Rule(
    "ST010",
    "function-reads-changing-variable",
    Severity.INFO,
    bad=lambda: (
        example(code("def f(x):\n    return x * rate"), code("rate = 2\na = f(1)"), code("rate = 3\nb = f(1)")),
    ),
    good=lambda: (
        example(code("def f(x):\n    return x * rate"), code("rate = 2\na = f(1)")),
        example(code("def f(x, rate):\n    return x * rate"), code("rate = 2"), code("rate = 3")),
    ),
    check=check,
    default=False,
)
