"""Numbers of passports or driving licences in an output.

## What it does

What stands behind `passport no`, `Führerscheinnummer`, `driver license` and their like, or in a column with such a
name, and has the form of a document's number.

## Why is this bad?

With the number and a name, documents are forged and identities taken over.

## What it leaves alone

Every number that nothing calls so: these formats have no checksum, and half of all ids would fit one of them.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[document number]` in the place of each
value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold numbers of documents."""
    return hits(view, Kind.DOCUMENT)


RULE = Rule(
    "PI007",
    "identity-document",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout("Passport No: X48210937\n")),
            fixed=("print(open('note.txt').read())",),
        ),
        example(
            code("print(open('people.csv').read())", stdout("room,passport_number\n1,C4F9201K7\n2,L88200413\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (example(code("print('x')", stdout("commit X4821093, order C4F9201K7, licence: Apache-2.0\n"))),),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
