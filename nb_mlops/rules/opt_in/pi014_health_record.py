"""What persons suffer from, beside what names them.

## What it does

Columns called `diagnosis`, `ICD10`, `medication`, `Krankheit` and their like, in a table that also has a column of
names or ids of persons. Off by default: public medical data sets have both.

## Why is this bad?

Health is among the special categories of personal data that most law protects most strictly.

## What it leaves alone

Codes of one or two digits, which are labels of a model, and tables without persons.

## What to do

Leave out the column that says who it is, or let `nb-mlops fix` write `[health]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold health records."""
    return hits(view, Kind.HEALTH)


RULE = Rule(
    "PI014",
    "health-record",
    Severity.WARNING,
    bad=lambda: (
        example(
            code("print(open('people.csv').read())", stdout("patient_id,diagnosis\n7,asthma\n8,type 1 diabetes\n")),
            fixed=("print(open('people.csv').read())",),
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("patient_id,diagnosis\n7,0\n8,1\n")), note="labels of a model"),
        example(code("print('x')", stdout("diagnosis,cases\nasthma,120\ndiabetes,80\n")), note="no persons"),
    ),
    check=check,
    needs="personal",
    default=False,
    every_language=True,
    sensitive=True,
)
