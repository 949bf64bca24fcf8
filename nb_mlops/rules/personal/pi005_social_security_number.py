"""US social security numbers in an output.

## What it does

Numbers in the form 000-00-0000 that can have been given out (area, group and serial), where the text speaks of social
security or where there are several, and columns that are called so or hold nothing else.

## Why is this bad?

In the United States this one number opens credit in a stranger's name, and it can hardly be changed.

## What it leaves alone

Numbers that were never given out (area 000, 666 or 9xx, known specimens), one lonely number of this form, and other
numbers with dashes: phone numbers, dates, part numbers.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[ssn]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold US social security numbers."""
    return hits(view, Kind.SSN)


# Made up; put together here so that no scanner takes this file for a leak.
_ONE, _OTHER = "-".join(("536", "22", "8726")), "-".join(("412", "67", "3381"))


RULE = Rule(
    "PI005",
    "social-security-number",
    Severity.ERROR,
    bad=lambda: (
        example(
            code("print(open('note.txt').read())", stdout(f"SSN: {_ONE}\n")), fixed=("print(open('note.txt').read())",)
        ),
        example(
            code("print(open('people.csv').read())", stdout(f"id,ssn\n1,{_ONE}\n2,{_OTHER}\n")),
            fixed=("print(open('people.csv').read())",),
            note="a column",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout(f"part {_ONE}\n")), note="one number that nothing calls so"),
        example(
            code("print('x')", stdout("SSN: 000-12-3456, 666-12-3456, 912-34-5678, 078-05-1120\n")),
            note="never given out",
        ),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
