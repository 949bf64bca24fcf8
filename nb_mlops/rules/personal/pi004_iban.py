"""Bank account numbers (IBAN) in an output.

## What it does

Account numbers whose country, length and checksum agree (ISO 13616), in texts and in columns.

## Why is this bad?

With an account number and a name money can be debited and letters can be forged; it stays the same for decades.

## What it leaves alone

The examples of documentation (`DE89 3704 …`, `GB82 WEST …`), and what has another length or a wrong checksum.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[iban]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold account numbers."""
    return hits(view, Kind.IBAN)


# Made up; put together here so that no scanner takes this file for a leak.
_IBAN = "".join(("DE", "53", "50010517", "3826719275"))


RULE = Rule(
    "PI004",
    "iban",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout(f"Please pay to {_IBAN} by Friday.\n")),
            fixed=("print(open('note.txt').read())",),
        ),
        example(
            code("print(open('people.csv').read())", stdout(f"id,iban\n1,{_IBAN}\n2,{_IBAN}\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(
            code("print('x')", stdout("DE89 3704 0044 0532 0130 00 and GB82WEST12345698765432\n")), note="examples"
        ),
        example(
            code("print('x')", stdout(f"{_IBAN[:-1]}6 DE44 AB12CD34EF56AB78CD90\n")), note="wrong checksum or length"
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
