"""A name is read that no cell defines.

## What it does

Looks for names that a cell surely reads when it runs, and that nothing in the notebook binds: no cell, no import, no
magic, no built-in, nothing that IPython, Spark or a hosted notebook puts there.

## Why is this bad?

The cell ran once, because a cell that has since been deleted, renamed or edited had defined the name. The kernel
remembers; the file does not. Restart & Run All stops here with a NameError.

## What to do

Write the definition back, or use the name that it has now. If the kernel of your team injects the name, suppress the
finding where it is first used.

## False positives

Names that a profile script or a custom kernel injects. Nothing is reported in notebooks that bind names which cannot
be listed (`from x import *`, `%run`, `exec`).
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty, Use
from nb_mlops.analysis.replay import stored_error
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.knowledge.injected import HOSTED, PYTHON2, always_there
from nb_mlops.knowledge.magics import AUTOMAGIC
from nb_mlops.linter.rule import Hit, Rule, code, example, result


def check(view: View) -> Iterator[Hit]:
    """One hit per name, at its first sure read."""
    flows = view.flows
    if any(flow.wildcard for flow in flows.values()):
        return
    bound = frozenset[str]().union(*(flow.binds | flow.deletes for flow in flows.values()))
    told: set[str] = set()
    for cell in view.code_cells:
        for name, use in flows[cell.index].uses.items():
            if name in bound or name in told or use.soft or use.certainty is Certainty.POSSIBLE:
                continue
            if _injected(view, cell, name) or _known_to_fail(cell, name):
                continue
            told.add(name)
            yield _hit(view, cell, name, use)


def _injected(view: View, cell: Cell, name: str) -> bool:
    if always_there(name) or name in HOSTED:
        return True
    if name in AUTOMAGIC and "\n" not in cell.source.strip():
        return True  # `ls` alone is a magic
    return name in PYTHON2 and view.is_python2


def _known_to_fail(cell: Cell, name: str) -> bool:
    """Whether the file itself shows that this name is missing: its NameError is stored."""
    return any(
        o.error is not None and o.error.name == "NameError" and f"'{name}'" in o.error.value for o in cell.outputs
    )


def _hit(view: View, cell: Cell, name: str, use: Use) -> Hit:
    ran = cell.execution_count is not None and not stored_error(cell)
    story = (
        "this cell once ran, so a cell that defined it was deleted or changed, and Restart & Run All"
        if ran
        else "a run of the notebook"
    )
    through = f"by `{use.via}`, called here," if use.via else "here"
    message = (
        f"`{name}` is read {through} but no cell defines it: {story} stops with a NameError. "
        "Write the definition back, or use the name it has now."
    )
    end = None if use.via else use.position.column + len(name)
    return Hit(
        message,
        view.line_span(cell, use.position.line, use.position.column, end),
        confidence=Confidence.HIGH if use.certainty is Certainty.SURE else Confidence.MEDIUM,
        data={"name": name},
    )


RULE = Rule(
    code="EX005",
    slug="deleted-definition",
    severity=Severity.ERROR,
    check=check,
    bad=(
        example(
            code("import math", count=1),
            code("math.sqrt(width)", result("3.0"), count=4),
            note="the cell that held `width = 9` is gone",
        ),
        example(
            code("def area():\n    return width * 2", count=2),
            code("area()", result("18"), count=3),
            note="read when the function is called",
        ),
        example(code("%time total = sum(values)", count=3)),
    ),
    good=(
        example(code("width = 9", count=1), code("width", result("9"), count=2)),
        example(code("from math import *", count=1), code("sqrt(9)", result("3.0"), count=2)),
        example(code("%%capture noise\nprint(1)", count=1), code("noise.show()", count=2)),
        example(code("files = !ls\nfiles", count=1), code("[f for f in files]", count=2)),
        example(code("display(In)\nget_ipython()\n_", count=1)),
        example(code("try:\n    width\nexcept NameError:\n    width = 9", count=1)),
    ),
)
