"""Names of persons in a column of a table.

## What it does

Columns that are called a name (`customer_name`, `Nachname`, `apellido`; `name` where the values are first and last
names that people bear), most of whose values look like one. Beside another column about the same persons (an address,
a number, a date of birth) it is a warning, alone it is for information: the names may be those of public figures.

## Why is this bad?

A name makes every other column of the table one about that person.

## What it leaves alone

Names in running text: telling them from places and products takes a language model, which calls numbers people. First
names alone, and names of products, cities, columns and models.

## What to do

Do not show the column (`df.drop(columns=...)`). Beside other personal columns `nb-mlops fix` writes `[name]` in the
place of each value, elsewhere only with `--unsafe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.value import replace
from nb_mlops.linter.personal import hits, unsafe
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout

# Columns that make a table one about persons.
_BESIDE = frozenset(Kind) - {Kind.NAME, Kind.IP, Kind.LOCATION}


def check(view: View) -> Iterable[Hit]:
    """One finding for each column that holds names of persons."""
    about = {
        (place.cell, place.output) for place in view.personal if any(vote.kind in _BESIDE for _, vote in place.columns)
    }
    return _weighed(hits(view, Kind.NAME), about)


def _weighed(found: Iterable[Hit], about: set[tuple[int | None, int | None]]) -> Iterator[Hit]:
    for hit in found:
        output = int(hit.span.part.split("/")[1]) if hit.span.part.startswith("outputs/") else None
        if (hit.span.cell, output) in about:
            yield hit
        else:
            yield replace(hit, severity=Severity.INFO, fix=unsafe(hit.fix))


RULE = Rule(
    "PI011",
    "person-name",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("print(open('staff.csv').read())", stdout("id,full_name\n1,Ada Lovelace\n2,Alan Turing\n")),
            fixed=("print(open('staff.csv').read())",),
            note="names alone: information, and the fix is unsafe",
        ),
        example(
            code("print(open('staff.csv').read())", stdout("id|name\n1|Hopper, Grace\n2|Turing, Mr. Alan\n")),
            fixed=("print(open('staff.csv').read())",),
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("id,name\n1,New York\n2,Random Forest\n3,Monte Carlo\n"))),
        example(code("print('x')", stdout("id,first_name\n1,Ada\n2,Alan\n")), note="first names alone"),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
