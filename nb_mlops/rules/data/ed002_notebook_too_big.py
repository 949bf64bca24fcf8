"""A notebook that weighs more than a file under version control should.

## What it does

Files of more than `max-notebook-mb` megabytes (10 by default); the finding names the cell that weighs most.

## Why is this bad?

Every commit stores the whole file again, hosts stop showing it, and editors need seconds for each save.

## What to do

Clear or shrink the outputs that weigh most (`nb-mlops lint --select ED` names them), keep data and pictures in files.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import THE_FILE, Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for a file over the limit."""
    cells = view.notebook.cells
    size = len(view.notebook.raw) or sum(_weight(cell) for cell in cells)
    if size <= view.settings.max_notebook_mb * 1_000_000 or not cells:
        return
    largest = max(cells, key=_weight)
    share = 100 * _weight(largest) // size
    message = (
        f"This notebook weighs {size / 1_000_000:.1f} MB, {share} % of it in cell {largest.index + 1}; each commit "
        "stores it again and few tools still show it. Clear what weighs most, and keep data in files."
    )
    yield Hit(message, THE_FILE, data={"bytes": size, "cell": largest.index})


def _weight(cell: Cell) -> int:
    outputs = cell.stored.size or sum(output.size for output in cell.outputs)
    return outputs + len(cell.source) + sum(len(str(bundle)) for bundle in cell.attachments.values())


_REPORT = code("!make report", stdout("one line of it\n" * 6_000))

RULE = Rule(
    "ED002",
    "notebook-too-big",
    Severity.WARNING,
    bad=lambda: (example(*[_REPORT] * 120),),
    good=lambda: (example(_REPORT),),
    check=check,
    every_language=True,
)
