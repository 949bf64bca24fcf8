"""A table in an output that shows the data row by row.

## What it does

Tables with more than `max-table-rows` rows of data (60 by default, where pandas itself begins to leave rows out):
data frames in HTML, printed frames, CSV and boxes, and data viewers that carry every row.

## Why is this bad?

It is the data itself, with whatever is in it, copied into every commit. Nobody reads it, and nobody notices which of
the rows should not be there.

## What it leaves alone

Square tables whose rows are called as their columns (correlations, distances), and lists of packages with their
versions.

## What to do

Show `df.head()` or a summary. `nb-mlops fix` keeps the first ten rows, in HTML and text alike, and says in the table
how many it took out; a viewer that carries all rows in its data is cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from nb_mlops.analysis.lines import position
from nb_mlops.analysis.tables import Form, Table
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Fix, ReplaceOutputText, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout

_KEPT = 10
# What a notebook ran with, as `session_info` and `pip list` show it.
_PACKAGE = frozenset({"package", "dependency", "library", "module"})
_PLOTS = ("plotly", "vega", "bokeh")


def check(view: View) -> Iterable[Hit]:
    """One finding for each output that shows more rows than it should."""
    most = view.settings.max_table_rows
    shown = (table for table in view.tables if table.output is not None and table.rows > most and _is_data(table))
    for (cell, output), group in groupby(shown, key=lambda table: (table.cell, table.output or 0)):
        yield _hit(cell, output, tuple(group))


def _hit(cell: int, output: int, tables: Sequence[Table]) -> Hit:
    first = min(tables, key=lambda table: (-table.rows, table.part))
    edits = [edit for table in tables for edit in _cut(table)]
    text = first.texts.get(first.part)
    start = position(text, first.start) if text is not None else Position(1, 0)
    if len(edits) == len(tables):
        fix = Fix(f"Keep the first {_KEPT} rows", tuple(edits))
    else:
        fix = Fix("Clear this output, which carries all rows", (ClearOutput(cell, output),))
    message = (
        f"The {first.form.value} holds {first.rows} rows: that is the data itself, in every copy of the notebook. Show "
        "a few rows or a summary, or let `nb-mlops fix` cut it."
    )
    return Hit(message, Span(cell, first.part, start, start), fix=fix, data={"rows": first.rows})


def _is_data(table: Table) -> bool:
    if table.form is Form.JSON:
        return not any(word in table.mime for word in _PLOTS)  # plots are ED009's
    if len(table.columns) < 2:
        return False
    names = {column.name for column in table.columns if column.name}
    lowered = {name.lower() for name in names}
    if "version" in lowered and not lowered.isdisjoint(_PACKAGE):
        return False
    index = [item.value for item in table.columns[0].items]
    if index and sum(value in names for value in index) > len(index) // 2:
        return False
    return table.form is not Form.TEXT or _is_numbered(index)


def _is_numbered(index: Sequence[str]) -> bool:
    """Whether these are 0, 1, 2 …, as the index of a frame is."""
    numbers = [int(value) for value in index if value.isdecimal()]
    return len(numbers) > len(index) * 0.8 and all(b > a for a, b in pairwise(numbers))


def _cut(table: Table) -> Iterable[ReplaceOutputText]:
    """Take out the rows after the first ten, and say so in their place."""
    text = table.texts.get(table.part)
    if text is None or table.lines.count <= _KEPT:
        return
    start, end = table.lines.first[_KEPT][0], table.lines.end
    remark = f"… {table.lines.count - _KEPT} more rows taken out by nb-mlops"
    if table.form is Form.HTML:
        new = f'<tr><td colspan="{len(table.columns)}">{remark}</td></tr>'
    else:
        new = f"[{remark}]" + ("\n" if text[end - 1 : end] == "\n" else "")
    yield ReplaceOutputText(table.cell, table.part, position(text, start), position(text, end), new)


_TEXT = "    day  rain\n" + "".join(f"{n:<3}  {n:>2}   {n % 7}.5\n" for n in range(80)) + "\n[80 rows x 2 columns]"
_HTML = (
    "<table><thead><tr><th></th><th>day</th><th>rain</th></tr></thead><tbody>"
    + "".join(f"\n<tr><th>{n}</th><td>{n}</td><td>{n % 7}.5</td></tr>" for n in range(80))
    + "</tbody></table>"
)

_PACKAGES = (
    "<table><tr><th>Dependency</th><th>Version</th></tr>"
    + "".join(f"\n<tr><td>package-{n}</td><td>1.{n}.0</td></tr>" for n in range(80))
    + "</table>"
)

RULE = Rule(
    "ED006",
    "rows-in-output",
    Severity.WARNING,
    bad=lambda: (
        example(code("rain = 1\nrain", result(_TEXT, text_html=_HTML)), fixed=("rain = 1\nrain",)),
        example(
            code("!cat rain.csv", stdout("day,rain\n" + "".join(f"{n},{n % 7}.5\n" for n in range(80)))),
            fixed=("!cat rain.csv",),
            note="CSV",
        ),
    ),
    good=lambda: (
        example(
            code(
                "rain = 1\nrain", result("   day  rain\n" + "".join(f"{n:<3} {n:>2}   {n % 7}.5\n" for n in range(40)))
            )
        ),
        example(code("!pip list", stdout("".join(f"package-{n}  1.{n}.0\n" for n in range(90)))), note="a list"),
        example(code("session_info()", result("", text_html=_PACKAGES))),
    ),
    check=check,
    needs="tables",
    every_language=True,
)
