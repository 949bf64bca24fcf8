"""Phone numbers of people in an output.

## What it does

Numbers that a country's numbering plan gives out: with a country code (`+49 30 …`), in the American form (`(212) …`),
or behind a word such as `phone`, `Tel.`, `móvil`, `телефон` or `手机号`; and columns with such a name, most of whose
values are numbers.

## Why is this bad?

A phone number names one person for years. It needs no leak of anything else to be misused.

## What it leaves alone

Numbers without country code that nothing calls a phone number (ids, counts, timestamps, versions), numbers that no
plan gives out (`555-0100`, `123-456-7890`) or that cost the caller nothing (`1-800 …`), and floating-point columns.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[phone]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold phone numbers."""
    return hits(view, Kind.PHONE)


RULE = Rule(
    "PI002",
    "phone-number",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout("Call her at +44 20 7946 0113 before noon.\n")),
            fixed=("print(open('note.txt').read())",),
            note="with a country code",
        ),
        example(
            code("print(open('note.txt').read())", stdout("Ada, Telefon: 030 901820\n")),
            fixed=("print(open('note.txt').read())",),
            note="behind a label",
        ),
        example(
            code(
                "import pandas\npandas.read_csv('people.csv').tail(2)",
                result("   id    phone_number\n7   8    020 7946 0113\n8   9    020 7946 0120"),
            ),
            fixed=("import pandas\npandas.read_csv('people.csv').tail(2)",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("id 2079460113, build 20240711, 1718035200 +0.5 +1234567 3.14159265358\n"))),
        example(code("print('x')", stdout("Phone: 555-0100, tel 123-456-7890, fax 000-000-0000\n")), note="nobody's"),
        example(
            code(
                "df", result("   phone_calls  phone_service\n0      2079460      2079460\n1      2079461      2079461")
            )
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
