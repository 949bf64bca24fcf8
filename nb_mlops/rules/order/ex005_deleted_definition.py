"""A name is read that no cell defines.

## What it does

Looks for names that a cell surely reads when it runs, and that nothing in the notebook binds: no cell, no import, no
magic, no built-in, nothing that IPython, Spark or a hosted notebook puts there.

## Why is this bad?

The cell ran once, because a cell that has since been deleted, renamed or edited had defined the name, or because the
kernel of that machine starts with it. The kernel remembers; the file does not. Restart & Run All stops here with a
NameError.

## What to do

Write the definition back, or use the name that it has now. If the kernel of your team injects the name, suppress the
finding where it is first used.

## False positives

Names that a profile script or a custom kernel injects. Nothing is reported below a cell that binds names which cannot
be listed (`%run`, `exec`, a star import of a module that nb-mlops does not know). In a file that does not name its
language the finding is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.flow import Certainty, Use
from nb_mlops.analysis.replay import stored_error
from nb_mlops.analysis.staleness import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.knowledge.injected import PYTHON2
from nb_mlops.knowledge.magics import AUTOMAGIC
from nb_mlops.linter.rule import Hit, Rule, code, example, result

# Several cells bind the name.
_SEVERAL = -1


def check(view: View) -> Iterator[Hit]:
    """One hit per name, at its first sure read."""
    if view.foreign:
        return  # another language, which FM011 and FM014 tell: what parses of it reads no names of Python
    flows = view.flows
    binders: dict[str, int] = {}
    for index, flow in flows.items():
        for name in (*flow.must, *flow.may, *(flow.deletes - flow.uses.keys())):
            if binders.setdefault(name, index) != index:
                binders[name] = _SEVERAL
    told: set[str] = set()
    for cell in view.code_cells:
        for name, use in flows[cell.index].uses.items():
            # `x = f(x)` with no other cell that binds `x` is no definition either.
            if binders.get(name, cell.index) != cell.index or name in told:
                continue
            if use.soft or use.certainty is Certainty.POSSIBLE or flows[cell.index].wildcard:
                continue
            if view.replays.document.version(cell.index, name).unknown:
                continue
            if not _comes_from_elsewhere(view, cell, name):
                told.add(name)
                yield _hit(view, cell, name, use, name in binders)


def _comes_from_elsewhere(view: View, cell: Cell, name: str) -> bool:
    if view.is_given(name):
        return True
    if name in AUTOMAGIC and "\n" not in cell.source.strip():
        return True  # `ls` alone is a magic
    from nb_mlops.analysis.tracebacks import lacks  # hardly a notebook comes here

    # The file itself shows that the name is missing: its NameError is stored, and that is another finding.
    return lacks(cell, name)


def _hit(view: View, cell: Cell, name: str, use: Use, binds_itself: bool) -> Hit:
    through = f"by `{use.via}`, called here," if use.via else "here"
    nobody = "before this cell itself binds it, and no other cell does" if binds_itself else "but no cell defines it"
    story, way_out = _story(view, cell)
    if name in AUTOMAGIC:
        way_out = f"In a cell of several lines a magic needs its sign: `%{name}`."
    elif name in PYTHON2:
        way_out = "Python 3 has no such name: write what it has instead."
    severity, confidence = None, Confidence.HIGH if use.certainty is Certainty.SURE else Confidence.MEDIUM
    if not view.says_language:  # it may not even be Python
        parses = not any(python.problem for python in view.python.values())
        severity, confidence = Severity.WARNING, Confidence.MEDIUM if parses else Confidence.LOW
    end = None if use.via else use.position.column + len(name)
    needing = view.needing(Kind.MISSING, [cell.index], name)
    return Hit(
        f"`{name}` is read {through} {nobody}: {story} stops with a NameError. {needing.words}{way_out}",
        view.line_span(cell, use.position.line, use.position.column, end),
        severity=severity,
        confidence=confidence,
        related=needing.places,
        data={"name": name, **needing.affected},
    )


def _story(view: View, cell: Cell) -> tuple[str, str]:
    """How it could run once, as far as the counts tell, and the way out."""
    write_back = "Write the definition back, or use the name it has now."
    if not cell.execution_count or stored_error(cell):  # 0 is what Colab writes when it has lost the count
        return "a run of the notebook", write_back
    session = view.replays.session
    if not session.repeated and session.lost_between(0, cell.execution_count) == 0:
        return (
            "no run before this one is lost, so it came from the kernel's start-up (a profile, pyforest), or the cell "
            "was edited since; anywhere else Restart & Run All",
            "Import or define it in the notebook.",
        )
    return "it ran once, so a cell that defined it was deleted or changed, and Restart & Run All", write_back


RULE = Rule(
    code="EX005",
    slug="deleted-definition",
    severity=Severity.ERROR,
    check=check,
    bad=lambda: (
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
        example(code("total = total + 1", count=3), note="no other cell binds `total`"),
    ),
    good=lambda: (
        example(code("width = 9", count=1), code("width", result("9"), count=2)),
        example(code("from math import *", count=1), code("sqrt(9)", result("3.0"), count=2)),
        example(code("%%capture noise\nprint(1)", count=1), code("noise.show()", count=2)),
        example(code("files = !ls\nfiles", count=1), code("[f for f in files]", count=2)),
        example(code("display(In)\nget_ipython()\n_", count=1)),
        example(code("from sympy import *\nvar('x y')", count=1), code("solve(x + y)", count=2)),
        example(code("%%timeit total = 0\ntotal += 1", count=1)),
        example(code("try:\n    width\nexcept NameError:\n    width = 9", count=1)),
    ),
)
