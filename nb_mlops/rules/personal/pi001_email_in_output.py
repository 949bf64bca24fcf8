"""E-mail addresses of people in an output.

## What it does

Addresses with a real domain in what a cell printed, showed or raised; one finding for each output, with how many
different ones it holds. The addresses themselves are never repeated.

## Why is this bad?

Whoever gets the notebook gets the list; most data protection law asks for a reason that a saved output does not have.

## What it leaves alone

Mailboxes of a role (`info@`, `support@`, `noreply@`), domains of documentation (`example.com`), service accounts,
`git@host`, user parts of URLs, and what only looks like an address: `package@1.2`, `icon@2x.png`, `A@B.T`.

## What to do

Do not show the column (`df.drop(columns=...)`), or let `nb-mlops fix` write `[email]` in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nb_mlops.analysis.segments import Segment
from nb_mlops.analysis.sensitive.personal import find_emails
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Fix, Severity
from nb_mlops.linter.mend import replace_in_output
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, result, stdout

_Found = list[tuple[Segment, Sequence[tuple[int, int]]]]


def check(view: View) -> Iterable[Hit]:
    """One finding for each output that holds addresses of people."""
    by_output: dict[tuple[int | None, int | None], _Found] = {}
    for segment in view.segments:
        if segment.in_output and "@" in segment.haystack:
            stretches = list(find_emails(segment.text))
            if stretches:
                by_output.setdefault((segment.cell, segment.output), []).append((segment, stretches))
    for found in by_output.values():
        yield _hit(found)


def _hit(found: _Found) -> Hit:
    different = {segment.text[a:b].lower() for segment, stretches in found for a, b in stretches}
    first, stretches = found[0]
    many = "An e-mail address stands" if len(different) == 1 else f"{len(different)} e-mail addresses stand"
    message = (
        f"{many} in the {first.place}: everyone who gets the notebook gets them too. Do not show them, or let "
        "`nb-mlops fix` mask them."
    )
    edits = replace_in_output(found, "[email]")
    fix = Fix("Mask the addresses in this output", edits) if edits else None
    confidence = Confidence.HIGH if len(different) > 1 else Confidence.MEDIUM
    span = first.span(*stretches[0])
    return Hit(message, span, confidence=confidence, fix=fix, data={"count": len(different)})


RULE = Rule(
    "PI001",
    "email-in-output",
    Severity.WARNING,
    bad=(
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
    ),
    good=(
        example(code("print('contact')", stdout("info@statistics-office.org, ada@example.com, noreply@github.com\n"))),
        example(code("!pip list", stdout("left-pad@1.3.0 icon@2x.png git@github.com:o/r.git s3://k@bucket.com/x\n"))),
        example(
            code("import numpy\nX = W = numpy.eye(2)\nX @ W.T\nmail = 'ada.l@ada-online.org'"),
            markdown("Write to ada.l@ada-online.org."),
        ),
    ),
    check=check,
    every_language=True,
    sensitive=True,
)
