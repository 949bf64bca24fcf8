"""A code cell is not valid Python.

## What it does

Parses every code cell, magics and shell lines set aside, and says in Python's own words where one cannot be read. The
other cells are checked as if nothing had happened; only the names that stand in the broken cell are unknown.

## Why is this bad?

The cell cannot run: Restart & Run All and papermill stop at it. Most tools that meet such a cell say nothing about the
rest of the notebook either.

## What to do

Mend the cell; or, when it holds text or another language on purpose, make it a raw or markdown cell, or head it with
the magic of its language (`%%bash`, `%%sql`).

## False positives

Syntax newer than the Python that nb-mlops itself runs on: run it with the notebook's Python.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from nb_mlops.analysis.python import SyntaxProblem
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example

_OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def check(view: View) -> Iterator[Hit]:
    """One hit per cell that does not parse; one for the whole notebook when it is Python 2 or no Python at all."""
    broken = [(cell, problem) for cell in view.code_cells if (problem := view.python[cell.index].problem) is not None]
    if broken and view.is_python2:
        cell, problem = broken[0]
        yield Hit(
            f"This notebook is written for Python 2, which no supported kernel runs: {len(broken)} of its "
            f"{len(view.code_cells)} code cells do not parse, and what they bind is unknown to the other rules. "
            "Convert it to Python 3.",
            view.line_span(cell, problem.line, problem.column),
        )
        return
    if broken and not view.says_language and 2 * len(broken) > sum(1 for c in view.code_cells if c.source.strip()):
        cell, problem = broken[0]
        count = len(broken)
        which = "none of its code cells is" if count == len(view.code_cells) else f"{count} of its code cells are not"
        yield Hit(
            f"This notebook does not say its language, and {which} Python, which it was taken for. Name its kernel in "
            "the metadata (open and save it in Jupyter).",
            view.line_span(cell, problem.line, problem.column),
        )
        return
    if broken and view.says_language and view.foreign:
        return  # FM011 tells it, of the whole notebook
    for cell, problem in broken:
        yield _hit(view, cell, problem)


def _hit(view: View, cell: Cell, problem: SyntaxProblem) -> Hit:
    newer = view.python_version > sys.version_info[:2]
    harm = "a run of the notebook stops here"
    way_out = "Mend it, or make it a markdown or raw cell if it is not meant to run."
    if newer:
        version = ".".join(map(str, view.python_version))
        harm = f"but the notebook was written with Python {version}, newer than the {_OURS} that reads it here"
        way_out = f"Run nb-mlops with Python {version} to know."
    return Hit(
        f"This cell does not parse: {problem.message} (line {problem.line}); {harm}. {way_out} "
        "The other cells are still checked.",
        view.line_span(cell, problem.line, problem.column),
        severity=Severity.INFO if newer else None,
        confidence=Confidence.LOW if newer else None,
    )


RULE = Rule(
    code="FM014",
    slug="unparsable-cell",
    severity=Severity.WARNING,
    check=check,
    bad=lambda: (
        example(code("for x in"), code("y = 1"), code("z = 2")),
        example(code("let x = 1;"), code("println!(x);"), note="no kernel named: what language is this?"),
        example(code("project = <your project>")),
        example(code("print 'total:', total"), language_info={"name": "python", "version": "2.7.15"}),
    ),
    good=lambda: (
        example(code("%matplotlib inline\n!pip install x\nfiles = !ls\nlen?")),
        example(code("%%bash\nfor f in *; do echo $f; done")),
        example(code('text = """\n%d\n!important\n"""\n%time x = 1')),
        example(code("await f()\nasync with g() as h:\n    pass")),
        example(code("pip install pandas")),
    ),
)
