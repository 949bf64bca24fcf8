"""A table shows rows of a file that the project calls private.

## What it does

Compares the tables in outputs, code and text with the rows of the files that `private-data` names (patterns from the
project's root, `private/*` and `data/private/*` unless set; CSV and the like). Rows are known again with an index in
front, with columns left out and with numbers rounded.

## Why is this bad?

The file is kept out of the repository so that its rows stay where they are; the notebook carries them along.

## What it leaves alone

Everything where those files are not on this machine: it speaks where notebooks are written, as a hook, not in CI. Rows
stay in memory; neither they nor anything made of them is written down.

## What to do

Show a summary instead of rows, and clear the output: `nb-mlops fix` does the latter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb_mlops.analysis.tables import Table
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Fix, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.project import Stated
from nb_mlops.core.rows import row_marks
from nb_mlops.linter.rule import Hit, Rule, code, example, result

_LEAST = 2  # one row may be the same by chance


def check(view: View) -> Iterator[Hit]:
    """One hit for each output, or cell, that shows two such rows or more."""
    patterns = [pattern for pattern in view.settings.private_data if pattern]
    if not patterns or not view.tables:
        return
    private = [rows for pattern in patterns if (rows := view.project.private_rows(pattern))]
    told: set[tuple[int, int | None]] = set()
    for table in view.tables if private else ():
        count = _private_rows(table, private)
        place = (table.cell, table.output)
        if count >= _LEAST and place not in told:
            told.add(place)
            yield _hit(table, count)


def _hit(table: Table, count: int) -> Hit:
    message = (
        f"The {table.form.value} shows {count} rows of data that the project calls private: whoever gets the notebook "
        "gets them. Show a summary instead, and clear this."
    )
    start = Position(1, 0)
    if table.output is None:
        return Hit(message, Span(table.cell, table.part, start, start), data={"rows": count})
    fix = Fix("Clear this output", (ClearOutput(table.cell, table.output),))
    return Hit(message, Span(table.cell, table.part, start, start), fix=fix, data={"rows": count})


def _private_rows(table: Table, private: Sequence[frozenset[int]]) -> int:
    rows: dict[int, list[str]] = {}
    for column in table.columns:
        for item in column.items:
            rows.setdefault(item.row, []).append(item.value)
    return sum(any(mark in some for mark in row_marks(cells) for some in private) for cells in rows.values())


_ROWS = (("Ada", "1815-12-10", "London", "55.5"), ("Grace", "1906-12-09", "New York", "61.25"))
_AROUND = Stated(private=frozenset(mark for row in _ROWS for mark in row_marks(row)))
_SHOWN = (
    "<table border='1' class='dataframe'><thead><tr><th></th><th>name</th><th>born</th><th>city</th><th>pay</th></tr>"
    "</thead><tbody>{}</tbody></table>"
)
_TABLE = _SHOWN.format(
    "".join(f"<tr><th>{n}</th>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for n, row in enumerate(_ROWS))
)
_OTHER = _SHOWN.format("<tr><th>count</th><td>2</td><td>2</td><td>2</td><td>2.0</td></tr>")

RULE = Rule(
    "ED012",
    "private-rows",
    Severity.ERROR,
    bad=lambda: (example(code("frame = ...\nframe", result("2 rows", text_html=_TABLE)), around=_AROUND),),
    good=lambda: (
        example(code("frame = ...\nframe", result("1 row", text_html=_OTHER)), around=_AROUND),
        example(code("frame = ...\nframe", result("2 rows", text_html=_TABLE)), note="no project"),
    ),
    check=check,
    default=False,
)
