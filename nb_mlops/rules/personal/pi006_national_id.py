"""National identity numbers in an output.

## What it does

Numbers by which a state knows a person (CPF, PESEL, NHS number, DNI, NIR, Aadhaar, BSN, personnummer, codice fiscale
and more than twenty others) with a right checksum: behind their name, in a column that is called so, or in a form
that nothing else has.

## Why is this bad?

Such a number is the key to tax, health and pension records; most countries forbid to show it without need.

## What it leaves alone

Numbers with a right checksum that nothing calls so: of any nine digits one in ten has it. The specimens of
documentation, and the numbers of companies where they can be told (a Chilean RUT from 50 million on).

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[id number]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold national identity numbers."""
    return hits(view, Kind.NATIONAL_ID)


# Made up; put together here so that no scanner takes this file for a leak.
_CPF, _PESEL = "".join(("390", ".533.", "447-", "05")), "".join(("9205", "1412", "347"))


RULE = Rule(
    "PI006",
    "national-id",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout(f"cliente {_CPF}\n")),
            fixed=("print(open('note.txt').read())",),
        ),
        example(
            code("print(open('people.csv').read())", stdout(f"id,pesel\n1,{_PESEL}\n2,{_PESEL}\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout(f"{_PESEL}, order {_PESEL}\n")), note="nothing calls it so"),
        example(
            code("print('x')", stdout(f"PESEL {_PESEL[:-1]}8, CPF {_CPF[:-1]}4, CPF 111.111.111-11\n")),
            note="wrong checksum",
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
