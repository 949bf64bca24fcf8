"""A cell reads IPython's history: `Out[3]`, `_12`, `In[5]`, `_`.

## What it does

Looks for `Out` and `In`, for numbered results and inputs (`_12`, `_i12`) and for the last results (`_`, `__`, `___`)
where no cell of the notebook binds that name itself. An error where a clean run gives the number to another cell than
the one that bears it now, or to one that yields no result; a warning where it would still be right by luck.

## Why is this bad?

The numbers are given anew in each session, and the last result is whatever ran last. After an edit, an inserted cell
or Restart & Run All they mean something else, or nothing: a KeyError, a NameError, or silently another value.

## What to do

Give the result a name where it is computed, and use the name.

## False positives

None are known: names that the notebook binds itself (`_` in loops and unpacking, `gettext as _`) are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout

_NUMBERED = pattern(r"_(i?)(\d+)\Z")
_HISTORY = pattern(r"(?:In|Out|_{1,3}|_i{1,3}|_i?h|_oh|_i?\d+)\Z")
# Most cells hold none of these words: no need to walk their trees. What comes before is looked at last, since a search
# for one character is many times as fast as one that looks back everywhere.
_WORDS = (
    pattern(r"_(?<![\w.]_)(?:_{0,2}|i{1,3}|i?h|oh|i?\d+)(?!\w)"),
    pattern(r"In(?<![\w.]In)(?!\w)"),
    pattern(r"Out(?<![\w.]Out)(?!\w)"),
)


def check(view: View) -> Iterator[Hit]:
    """One hit per cell and thing of the history that it reads."""
    bound: frozenset[str] | None = None
    suspect = [
        (cell, tree) for cell in view.sources.matching(*_WORDS) if (tree := view.python[cell.index].tree) is not None
    ]
    for cell, tree in suspect:
        names = (node for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
        read = [node for node in names if _HISTORY.match(node.id)]
        if not read:
            continue
        if bound is None:
            bound = _bound(tree for _, tree in suspect)
        told: set[str] = set()
        for node in read:
            if node.id not in bound:
                hit = _hit(view, cell, node, _number(tree, node))
                if hit.data["what"] not in told:
                    told.add(hit.data["what"])
                    yield hit


def _bound(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Every name that any scope in these cells binds."""
    found: set[str] = set()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.alias):
                found.add(node.asname or node.name)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.MatchAs, ast.MatchStar)):
                found.add(node.name or "")
    return frozenset(found)


def _number(tree: ast.Module, node: ast.Name) -> tuple[str, int] | None:
    """Which numbered entry is meant: `Out` or `In`, and its number."""
    numbered = _NUMBERED.match(node.id)
    if numbered is not None:
        return ("In" if numbered[1] else "Out"), int(numbered[2])
    for parent in walk(tree):
        if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.slice, ast.Constant):
            value = parent.slice.value
            if isinstance(value, int) and value > 0:
                return ("In" if node.id in ("In", "_ih") else "Out"), value
    return None


def _hit(view: View, cell: Cell, node: ast.Name, number: tuple[str, int] | None) -> Hit:
    what = node.id if number is None or _NUMBERED.match(node.id) else f"{node.id}[{number[1]}]"
    position = view.python[cell.index].position(node.lineno, node.col_offset)
    severity, confidence = Severity.WARNING, Confidence.HIGH
    if number is None:
        harm = "which depends on what ran before in this session"
    else:
        harm, wrong = _after_a_clean_run(view, cell, *number)
        severity = Severity.ERROR if wrong else Severity.WARNING
    return Hit(
        f"`{what}` reads the history of the session, {harm}. Give that result a name where it is computed, and use it.",
        view.line_span(cell, position.line, position.column, position.column + len(node.id)),
        severity=severity,
        confidence=confidence,
        data={"what": what},
    )


def _after_a_clean_run(view: View, cell: Cell, kind: str, number: int) -> tuple[str, bool]:
    """What the entry is after Restart & Run All, and whether that is surely not what it was."""
    running = [other for other in view.code_cells if other.source.strip()]
    here = running.index(cell) + 1
    if number > here or (number == here and kind == "Out"):
        return f"and a clean run has no {kind}[{number}] yet when it reaches this cell: it stops here", True
    if number == here:
        return "and any cell inserted above gives the number to another cell", False
    clean = running[number - 1]
    seen = [other for other in running if other.execution_count == number]
    if kind == "Out" and not _may_yield(view, clean):
        return (
            f"and a clean run has no Out[{number}]: {view.named(clean.index)}, which it would run then, yields none",
            True,
        )
    if seen and clean not in seen:
        return (
            f"and a clean run gives the number {number} to cell {clean.index + 1}, not to cell {seen[0].index + 1}",
            True,
        )
    return "and any cell inserted or run again above gives the number to another cell", False


def _may_yield(view: View, cell: Cell) -> bool:
    """Whether running the cell may leave a result."""
    python = view.python[cell.index]
    return python.tree is None or bool(python.magics) or any(isinstance(n, ast.Expr) for n in python.tree.body)


RULE = Rule(
    code="EX016",
    slug="history-use",
    severity=Severity.ERROR,
    check=check,
    bad=lambda: (
        example(
            code("width = 9", count=1),
            code("width * 2", result("18"), count=5),
            code("half = Out[5] / 4", count=6),
            note="after Restart & Run All there is no Out[5]",
        ),
        example(code("2 + 3", result("5"), count=1), code("total = _1 + 4", count=2), note="right by luck: a warning"),
        example(code("2 + 3", result("5"), count=1), code("print(_ + 4)", stdout("9\n"), count=2)),
    ),
    good=lambda: (
        example(code("for _ in range(3):\n    print('x')\nprint(_)", count=1)),
        example(code("first, _ = (1, 2)", count=1), code("_", result("2"), count=2)),
        example(code("from gettext import gettext as _", count=1), code("_('hello')", result("'hello'"), count=2)),
        example(code("Out = {3: 1}", count=1), code("Out[3]", result("1"), count=2)),
    ),
)
