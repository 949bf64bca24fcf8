"""Postal addresses in a column of a table.

## What it does

Columns called `address`, `street`, `Anschrift`, `dirección` and their like, most of whose values have words and a
number. Off by default: houses on sale, shops and stations have addresses too.

## Why is this bad?

Where somebody lives says who it is, and where to go.

## What it leaves alone

Addresses in running text, e-mail and IP addresses, and columns about an address (`address_type`, `city`).

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[address]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold postal addresses."""
    return hits(view, Kind.ADDRESS)


RULE = Rule(
    "PI013",
    "postal-address",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(
                "print(open('people.csv').read())",
                stdout("id;home_address\n1;Lindenweg 14, 10115 Berlin\n2;Am Markt 3, 14467 Potsdam\n"),
            ),
            fixed=("print(open('people.csv').read())",),
        ),
    ),
    good=lambda: (example(code("print('x')", stdout("id;address_type;city\n1;home;Berlin\n2;work;Potsdam\n"))),),
    check=check,
    needs="personal",
    default=False,
    every_language=True,
    sensitive=True,
)
