"""Where persons were: exact coordinates beside what names them.

## What it does

Columns of latitude and longitude with four decimals or more (some ten metres) in a table that also has an id, address
or number of persons.

## Why is this bad?

Few points suffice to tell where somebody lives and works; a track names its owner even without a name.

## What it leaves alone

Coordinates of places (cities, stations, houses on sale, where an author's book was printed), and those rounded to fewer
decimals.

## What to do

Round the coordinates, leave out who it was, or let `nb-mlops fix` write `[location]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold exact coordinates."""
    return hits(view, Kind.LOCATION)


RULE = Rule(
    "PI010",
    "person-location",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(
                "print(open('people.csv').read())",
                stdout("rider_id,lat,lon\n7,52.520815,13.409419\n8,52.513321,13.391270\n"),
            ),
            fixed=("print(open('people.csv').read())",),
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("city,lat,lon\nBerlin,52.520815,13.409419\nPotsdam,52.396149,13.058540\n"))),
        example(code("print('x')", stdout("rider_id,lat,lon\n7,52.5,13.4\n8,52.5,13.3\n")), note="rounded"),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
