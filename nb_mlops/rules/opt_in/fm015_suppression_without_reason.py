"""A suppression that does not say why.

## What it does

`# nbm: ignore[...]` comments, `nbm-ignore-...` tags and entries in the notebook's metadata that silence a finding and
give no reason. A tag has no room for one, so under this rule use a comment instead, or metadata for outputs.

Off by default; `nb-mlops lint --audit` and `nb-mlops ci --audit` switch it on.

## Why is this bad?

Whoever reviews the change, or reads the notebook a year later, cannot tell a finding that somebody judged from one that
somebody wanted gone.

## What to do

Write the reason behind the bracket: `# nbm: ignore[SE001] revoked in 2024, shown on purpose`. If there is none, mend
what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.suppress import Judged, State


def check_suppressions(judged: Sequence[Judged]) -> Iterable[Hit]:
    """One finding for each suppression without a reason; those that silence nothing are for FM010 to tell."""
    for one in judged:
        suppression = one.suppression
        tag = suppression.span.part.startswith("metadata/tags")
        if one.state in (State.UNKNOWN, State.EMPTY, State.UNUSED) or (suppression.reason and not tag):
            continue
        name = suppression.code or "a finding"
        way = (
            "a tag has no room for one, so use a comment"
            if tag
            else f"write `nbm: ignore[{suppression.code or 'CODE'}] why`"
        )
        yield Hit(
            f"This silences {name} without a reason, so nobody can tell whether it was judged; {way}.", suppression.span
        )


RULE = Rule(
    "FM015",
    "suppression-without-reason",
    Severity.ERROR,
    bad=lambda: (
        example(code("!pip install requests  # nbm: ignore[RE002]")),
        example(code("!pip install requests", tags=("nbm-ignore-RE002",))),
    ),
    good=lambda: (
        example(code("!pip install requests  # nbm: ignore[RE002] pinned by the image")),
        example(code("total = 1")),
    ),
    check_suppressions=check_suppressions,
    default=False,
    every_language=True,
)
