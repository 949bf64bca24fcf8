"""A picture that stands in the text of a markdown cell.

## What it does

Pictures as data URIs (`![](data:image/png;base64,…)`) of more than ten kilobytes in markdown. For information.

## Why is this bad?

The cell cannot be read or edited as text, and a changed word shows as a changed picture in every diff.

## What to do

Drag the picture into the cell anew (Jupyter attaches it then), or keep it as a file and link that.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.lines import position
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import CellKind, Span
from nb_mlops.linter.rule import Hit, Rule, example, markdown

_SMALLEST = 10_000
_URI = pattern(r"data:image/[a-z+.-]{2,20};base64,[A-Za-z0-9+/=\s]{1000,}?(?=[)\"'>]|\Z)")


def check(view: View) -> Iterable[Hit]:
    """One finding for each picture."""
    for cell in view.notebook.cells:
        if cell.kind is CellKind.MARKDOWN and len(cell.source) > _SMALLEST and "data:image/" in cell.source:
            for found in _URI.finditer(cell.source):
                if len(found.group()) > _SMALLEST:
                    span = Span(cell.index, "source", *(position(cell.source, at) for at in found.span()))
                    message = (
                        f"A picture of {len(found.group()) // 1000} kB stands in the text of this cell, which no diff "
                        "can show. Attach it, or keep it as a file."
                    )
                    yield Hit(message, span)


RULE = Rule(
    "ED005",
    "data-uri-in-markdown",
    Severity.INFO,
    bad=lambda: (example(markdown(f"![plot](data:image/png;base64,{('iVBORw0KGgoA' * 6 + chr(10)) * 200})")),),
    good=lambda: (
        example(markdown("![plot](plot.png) ![dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)")),
        example(markdown("![plot](attachment:plot.png)")),
    ),
    check=check,
    default=False,
    every_language=True,
)
