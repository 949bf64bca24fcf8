"""Dates of birth in an output.

## What it does

Dates behind `DOB`, `date of birth`, `Geburtsdatum`, `fecha de nacimiento`, `дата рождения` and their like, and in
columns with such a name.

## Why is this bad?

With postcode and sex, the date of birth singles out most people of a country.

## What it leaves alone

Years of birth, ages, means of dates, and dates that nothing calls so.

## What to do

Show the year or the age, or let `nb-mlops fix` write `[date of birth]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold dates of birth."""
    return hits(view, Kind.BIRTH)


RULE = Rule(
    "PI012",
    "birth-date",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout("DOB: 1984-07-23\n")),
            fixed=("print(open('note.txt').read())",),
        ),
        example(
            code("print(open('people.csv').read())", stdout("id,geburtsdatum\n1,23.07.1984\n2,02.11.1991\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("born in 1984, Date: 1984-07-23, updated 1984-07-23\n"))),
        example(code("print('x')", stdout("id,birth_year,order_date\n1,1984,1984-07-23\n2,1991,1991-11-02\n"))),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
