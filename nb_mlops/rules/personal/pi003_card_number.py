"""Numbers of payment cards in an output.

## What it does

Numbers with an issuer's first digits, its length and a right checksum (Luhn): written in groups, behind a word such
as `card number` or `Kreditkarte`, or in a column most of whose values are such numbers.

## Why is this bad?

A card number can be charged. Rules of the card industry (PCI DSS) forbid to store it outside a protected system.

## What it leaves alone

The numbers of test cards that payment providers publish, long digit runs that nothing calls a card (one of ten has a
right checksum by chance), and floating-point columns.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[card]` in the place of each value. Tell
whoever the data came from: it should not have left the payment system.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, result, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold card numbers."""
    return hits(view, Kind.CARD)


# Made up; put together here so that no scanner takes this file for a leak.
_ONE, _OTHER = " ".join(("4539", "5787", "6362", "1486")), "".join(("53676", "42591", "308700"))


RULE = Rule(
    "PI003",
    "card-number",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout(f"paid with {_ONE}\n")),
            fixed=("print(open('note.txt').read())",),
        ),
        example(
            code("print(open('people.csv').read())", stdout(f"order,card_number\n1,{_OTHER}\n2,{_OTHER}\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("4242 4242 4242 4242, card 4111-1111-1111-1111\n")), note="test cards"),
        example(code("print('x')", stdout(f"{_OTHER} 4539578763621487 0.4539578763621486\n")), note="no label"),
        example(code("array", result("array([4539 5787 6362 1486 1200])")), note="numbers in a row"),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
