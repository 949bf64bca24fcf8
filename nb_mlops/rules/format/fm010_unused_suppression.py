"""A suppression that silences nothing.

## What it does

`# nbm: ignore[...]` comments, `nbm-ignore-...` tags and entries in the notebook's metadata whose rule found nothing
there, that name a rule which does not exist, or that name none. Suppressions of rules that did not run this time are
left alone.

## Why is this bad?

What it once excused is gone, or it never worked: the next real finding in this place would be silenced unseen, or a
reader believes that somebody has looked.

## What to do

Delete it, or correct the code. Name each rule: there is no suppression of everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nb_mlops.core.finding import Severity
from nb_mlops.linter.rule import Hit, Rule, code, example
from nb_mlops.linter.suppress import Judged, State


def check_suppressions(judged: Sequence[Judged]) -> Iterable[Hit]:
    """One finding for each suppression that did nothing, and why."""
    for one in judged:
        suppression = one.suppression
        name = suppression.code or "a finding"
        if one.state is State.UNUSED:
            message = f"This suppression of {name} silences nothing; delete it, or it will hide the next real finding."
        elif one.state is State.UNKNOWN:
            near = f" Did you mean {one.nearest}?" if one.nearest else ""
            message = f"No rule has the code `{suppression.code[:20]}`, so this suppression silences nothing.{near}"
        elif one.state is State.EMPTY:
            message = "This suppression names no rule and silences nothing; write `nbm: ignore[CODE] reason`."
        else:
            continue
        yield Hit(message, suppression.span)


RULE = Rule(
    "FM010",
    "unused-suppression",
    Severity.WARNING,
    bad=lambda: (
        example(code("total = 1  # nbm: ignore[ED001] the figure is small now")),
        example(code("total = 1  # nbm: ignore[ED999] no such rule")),
        example(code("total = 1  # nbm: ignore everything")),
        example(code("total = 1", tags=("nbm-ignore-SE001",))),
    ),
    good=lambda: (
        example(code("print('ok')  # a comment of its own")),
        example(code("# <<<<<<< nbm\ntotal = 1")),
    ),
    check_suppressions=check_suppressions,
    every_language=True,
)
