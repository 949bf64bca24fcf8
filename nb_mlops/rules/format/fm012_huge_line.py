"""A line of source so long that it is data, not text.

## What it does

Lines of code of more than 2,000 characters, comments apart, and lines of markdown or raw text of more than 5,000:
mostly pictures as base64, records pasted as a literal, minified JavaScript.

## Why is this bad?

No review shows such a line, editors crawl, every change to it is a change of the whole line, and nobody sees what is
in it.

## What to do

Write it to a file beside the notebook and read or link it from there.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown

_LONGEST_CODE = 2_000
_LONGEST_TEXT = 5_000


def check(view: View) -> Iterable[Hit]:
    """One finding for each cell, at its longest line."""
    for cell in view.notebook.cells:
        limit = _LONGEST_CODE if cell.is_code else _LONGEST_TEXT
        if len(cell.source) <= limit:
            continue
        lines = [
            (len(line), -n)
            for n, line in enumerate(cell.source.split("\n"), 1)
            if len(line) > limit and not _is_prose(line, cell.is_code)
        ]
        if lines:
            longest, number = max(lines)
            more = f" ({len(lines) - 1} more like it in this cell)" if lines[1:] else ""
            yield Hit(
                f"This line has {longest:,} characters{more}: no review can show it, and nobody sees what is in it. "
                "Keep such data in a file beside the notebook.",
                view.line_span(cell, -number, 0, 0),
                data={"characters": longest},
            )


def _is_prose(line: str, is_code: bool) -> bool:
    return is_code and line.lstrip().startswith(("#", "//", "--"))


RULE = Rule(
    "FM012",
    "huge-line",
    Severity.WARNING,
    bad=lambda: (
        example(code("rates = [" + "0.25, " * 500 + "]")),
        example(markdown("![Chart](data:image/png;base64," + "iVBORw0KGgoA" * 500 + ")")),
    ),
    good=lambda: (
        example(code("# " + "A long remark. " * 200 + "\nrates = []")),
        example(markdown("A paragraph in one line. " * 100)),
    ),
    check=check,
    every_language=True,
)
