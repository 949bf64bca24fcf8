"""E-mail addresses of people in an output.

## What it does

Addresses with a real domain in what a cell printed, showed or raised, and in metadata and saved widgets. One finding
for each column of a table, with the share of its rows, and one for the addresses elsewhere in an output.

## Why is this bad?

Whoever gets the notebook gets the list; most data protection law asks for a reason that a saved output does not have.

## What it leaves alone

Mailboxes of a role (`info@`, `events.news@`, `shopsupport@`, `noreply@`), mailing lists (`numerics-dev@`), domains of
documentation (`example.com`), service accounts, `git@host`, user parts of URLs, what only looks like an address
(`package@1.2`, `icon@2x.png`, `A@B.T`), and the addresses that authors sign a notebook with in its metadata, or a
package in `pip show`.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[email]` in the place of each value.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.personal import hits
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, result, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each column, and one for the texts of each output, that hold e-mail addresses."""
    return hits(view, Kind.EMAIL)


RULE = Rule(
    "PI001",
    "email-in-output",
    Severity.WARNING,
    bad=lambda: (
        example(
            code(
                "import pandas\npandas.read_csv('people.csv').head(2)",
                result("  name  email\n0 Ada  ada.l@ada-online.org\n1 Alan alan@turing-mail.co.uk"),
            ),
            fixed=("import pandas\npandas.read_csv('people.csv').head(2)",),
        ),
        example(
            code("open('people.csv').read()", result("table", text_html="<td>ada.l@ada-online.org</td>")),
            fixed=("open('people.csv').read()",),
            note="HTML",
        ),
        example(
            code(
                "import pandas\npandas.read_csv('people.csv')[['id', 'mail']]",
                result(
                    "   id                  mail\n0   1  ada.l@ada-online.org\n1   2  alan@turing-mail.co.uk",
                    text_html="<table><tr><th></th><th>id</th><th>mail</th></tr>"
                    "<tr><th>0</th><td>1</td><td>ada.l@ada-online.org</td></tr>"
                    "<tr><th>1</th><td>2</td><td>alan@turing-mail.co.uk</td></tr></table>",
                ),
            ),
            fixed=("import pandas\npandas.read_csv('people.csv')[['id', 'mail']]",),
            note="a column, in HTML and text alike",
        ),
    ),
    good=lambda: (
        example(code("print('x')", stdout("info@statistics-office.org, ada@example.com, noreply@github.com\n"))),
        example(code("!pip list", stdout("left-pad@1.3.0 icon@2x.png git@github.com:o/r.git s3://k@bucket.com/x\n"))),
        example(
            code("import numpy\nX = W = numpy.eye(2)\nX @ W.T\nmail = 'ada.l@ada-online.org'"),
            markdown("Write to ada.l@ada-online.org."),
        ),
        example(code("1 + 1"), authors=[{"name": "Ada", "email": "ada.l@ada-online.org"}], note="signed"),
    ),
    check=check,
    needs="personal",
    every_language=True,
    sensitive=True,
)
