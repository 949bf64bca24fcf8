"""A table whose columns are about persons, whatever their values look like.

## What it does

Tables with at least two columns named for personal data (`first_name`, `email`, `ssn`, `date_of_birth`, `telefono` …,
in several languages) that hold values none of the PI rules recognised: encoded, cut off, or in a form of their own.
For information, off by default: the names alone prove little.

## Why is this bad?

Who names columns so has data about persons, and the next run of the cell may show them in the clear.

## What to do

Drop the columns before the table is shown (`df.drop(columns=...)`).
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal.columns import called
from nb_mlops.analysis.tables import Column, Table
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.knowledge import personal_words as say
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout

_NAMED = (say.EMAIL, say.PHONE, say.CARD, say.IBAN, say.BIRTH, say.DOCUMENT, say.PERSON_NAME, say.PERSON_NUMBER)
_FEWEST = 2
_START = Position(1, 0)


def check(view: View) -> Iterable[Hit]:
    """One finding for each output with such a table."""
    told = {(place.cell, place.output) for place in view.personal if place.columns}
    done: set[tuple[int, int | None]] = set()
    for table in view.tables:
        where = (table.cell, table.output)
        names = [column.name for column in table.columns if _is_named(column)]
        if table.output is None or where in told or where in done or len(names) < _FEWEST:
            continue
        done.add(where)
        yield _hit(table, names)


def _is_named(column: Column) -> bool:
    told = any(called(column.name, words) for words in _NAMED)
    return told and sum(any(c.isalpha() for c in item.value) and len(item.value) > 1 for item in column.items) > 1


def _hit(table: Table, names: list[str]) -> Hit:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    message = (
        f"The {table.form.value} has columns about persons ({shown}): what they hold goes to everyone who gets the "
        "notebook. Drop them before the table is shown."
    )
    return Hit(message, Span(table.cell, table.part, _START, _START), data={"columns": len(names)})


RULE = Rule(
    "ED007",
    "personal-columns",
    Severity.INFO,
    bad=lambda: (
        example(
            code("!head staff.csv", stdout("id,e_mail,date_of_birth\n1,x8f3,k2\n2,q9z1,m7\n")), note="encoded values"
        ),
    ),
    good=lambda: (
        example(code("!head calls.csv", stdout("id,phone_calls,email_domain\n1,12,org\n2,8,net\n"))),
        example(code("!head x.csv", stdout("id,surname_length,email\n1,12,0\n2,8,1\n")), note="one of them"),
    ),
    check=check,
    needs="tables",
    default=False,
    every_language=True,
    sensitive=True,
)
