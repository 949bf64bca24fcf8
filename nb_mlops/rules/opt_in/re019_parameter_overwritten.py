"""A parameter that a run is given has no effect, or not the one that was meant.

## What it does

Looks at cells tagged `parameters`, after which papermill and `nb-mlops check` put the values that they are given. Finds
a second such cell, and parameters that a later cell sets to a fixed value without having looked at them.

## Why is this bad?

Values go after the first such cell, so those of the second win over them; a parameter that is set again is not the one
that was asked for. The run says it used a value that it never saw.

## What it leaves alone

Parameters that are made into something else from their own value (`rows = int(rows)`), and those set only where a
condition holds.

## What to do

Keep one cell tagged `parameters`, and take another name for what is worked out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit for each further parameters cell, and for each parameter that is set again."""
    tagged = [cell for cell in view.code_cells if "parameters" in cell.tags]
    if not tagged:
        return
    first = tagged[0]
    for cell in tagged[1:]:
        message = (
            "This is the second cell tagged `parameters`: a run's values go after the first one, so what is set here "
            "wins over them. Put all parameters into one cell."
        )
        yield Hit(message, view.line_span(cell), related=(view.related(first, "the first one"),))
    for name in sorted(_set_in(view, first)):
        yield from _overwritten(view, first, name)


def _set_in(view: View, cell: Cell) -> set[str]:
    tree = view.python[cell.index].tree
    targets = [t for s in (tree.body if tree else ()) if isinstance(s, ast.Assign) for t in s.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _overwritten(view: View, first: Cell, name: str) -> Iterator[Hit]:
    """The first cell below that reads the parameter or sets it: a hit when it sets it before any read."""
    for cell in view.code_cells:
        flow = view.flows[cell.index]
        if cell.index <= first.index or "injected-parameters" in cell.tags or "parameters" in cell.tags:
            continue
        if name in flow.uses or flow.opaque or flow.wildcard:
            return
        if name in flow.must:
            node = _constant(view, cell, name)
            if node is not None:
                message = (
                    f"`{name}` is a parameter, and is set again here before anything reads it: whatever value a run is "
                    "given has no effect. Take another name, or drop this line."
                )
                yield Hit(message, view.node_span(cell, node), related=(view.related(first, "the parameter"),))
            return


def _constant(view: View, cell: Cell, name: str) -> ast.expr | None:
    tree = view.python[cell.index].tree
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    return target if isinstance(statement.value, ast.Constant) else None
    return None


RULE = Rule(
    "RE019",
    "parameter-overwritten",
    Severity.WARNING,
    bad=lambda: (
        example(code("rows = 10", tags=("parameters",)), code("rows = 500\nprint(rows)")),
        example(code("rows = 10", tags=("parameters",)), code("rate = 1\nprint(rows, rate)", tags=("parameters",))),
    ),
    good=lambda: (
        example(code("rows = 10", tags=("parameters",)), code("rows = int(rows)\nprint(rows)")),
        example(code("rows = 10", tags=("parameters",)), code("print(rows)"), code("rate = 1\nprint(rate)")),
    ),
    check=check,
    default=False,
)
