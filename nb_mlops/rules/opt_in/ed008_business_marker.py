"""A text or output that bears a mark of confidentiality.

## What it does

Looks for the words listed under `confidential-words` in every part of a notebook, whatever their case: by default the
usual marks, in your project perhaps a customer's or a programme's name. Off by default.

## Why is this bad?

What your organisation has marked as its own is not meant to leave with a notebook.

## What to do

Clear the output or take the text out, or publish the notebook where the mark allows it.
"""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example, stdout


def check(view: View) -> Iterable[Hit]:
    """One finding for each text that holds a word of the list."""
    words = [word.lower() for word in view.settings.confidential_words if word.strip()]
    for segment in view.segments if words else ():
        text = segment.text.lower()
        found = next((word for word in words if word in text), "")
        if found:
            at = text.find(found)
            message = (
                f"The {segment.place} bears the mark `{found}`, which your settings call confidential: take it out "
                "before the notebook is shared."
            )
            yield Hit(message, segment.span(at, at + len(found)), data={"word": found})


RULE = Rule(
    "ED008",
    "business-marker",
    Severity.WARNING,
    bad=lambda: (example(code("!cat report.txt", stdout("For internal use only\n"))),),
    good=lambda: (example(code("!cat report.txt", stdout("for everybody\n"))),),
    check=check,
    default=False,
    every_language=True,
)
