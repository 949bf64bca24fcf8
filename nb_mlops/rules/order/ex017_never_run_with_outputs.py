"""A cell holds outputs but no execution count, while other cells have both.

## What it does

Reports code cells whose outputs are stored without an execution count, in notebooks where most cells that hold
outputs also bear their count. Where counts are missing throughout, a policy strips them and nothing is said.

## Why is this bad?

The outputs cannot be placed in the session: the notebook was saved while the cell was still running, the kernel was
restarted and the cell not run again, or the outputs were pasted. What they show need not come from this code and
these data.

## What to do

Run all cells and save. The fix clears these outputs, so that nothing is shown which no run vouches for.

## False positives

A tool that strips the counts of some cells only.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Fix, Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout


def check(view: View) -> Iterator[Hit]:
    """One hit per cell."""
    if view.counts_are_stripped:
        return
    for cell in view.code_cells:
        if cell.execution_count is None and cell.stored.heads and cell.source.strip():
            yield Hit(
                "This cell shows outputs but bears no execution count, as other cells do: the file does not say which "
                "run they come from, or whether this code made them. Run all cells and save, or clear the outputs.",
                view.line_span(cell),
                fix=Fix("Clear the outputs of this cell", (ClearOutput(cell.index),)),
            )


RULE = Rule(
    code="EX017",
    slug="never-run-with-outputs",
    severity=Severity.WARNING,
    check=check,
    every_language=True,
    bad=lambda: (
        example(
            code("width = 9", count=1),
            code("print(width)", stdout("9\n"), count=2),
            code("width", result("9"), count=3),
            code("print(width * 2)", stdout("14\n")),
            fixed=("width = 9", "print(width)", "width", "print(width * 2)"),
        ),
    ),
    good=lambda: (
        example(code("width = 9", count=1), code("print(width)", stdout("9\n"), count=2), code("width + 1")),
        example(
            code("width = 9"),
            code("print(width)", stdout("9\n")),
            code("width", result("9")),
            note="counts are stripped by policy",
        ),
    ),
)
