"""Running the cell twice gives something else than running it once.

## What it does

Looks for statements that replace a value from an earlier cell by one made of it, where doing that again surely gives
another value or fails: `total += 1`, `values.append(3)`, `df = df.drop(columns="a")`, `x = np.log(x)`,
`rows = rows[1:]`. What may be done again is left alone (`sort_values`, `astype`, `fillna`, filters), and so are names
that the cell itself sets first.

## Why is this bad?

People run cells again: after an edit, after an error, by accident. Then the value in the kernel is no longer the one
that the code describes, and nothing shows it.

## What to do

Give the result a name of its own (`without_a = df.drop(columns="a")`), or set the start value in the same cell.

## False positives

Cells that are meant to be run again and again, as one that trains some more epochs.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.core.notebook import Span
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """One hit per cell and name."""
    for index, found in view.repeats.items():
        for repeat in found:
            what = f"`{repeat.what}`" if len(repeat.what) <= 60 and "`" not in repeat.what else "This statement"
            yield Hit(
                f"{what} makes `{repeat.name}` of what it was before this cell: run again, the cell "
                f"{'fails' if repeat.fails else 'gives something else'}. Give the result a name of its own, or set "
                f"`{repeat.name}` first in this cell.",
                Span(index, "source", repeat.start, repeat.end),
                data={"name": repeat.name},
            )


RULE = Rule(
    code="EX010",
    slug="non-idempotent-cell",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    check=check,
    default=False,
    bad=lambda: (
        example(code("total = 0", count=1), code("total += 5", count=2)),
        example(code("seen = []", count=1), code("for word in ['a', 'b']:\n    seen.append(word)", count=2)),
        example(
            code("import pandas as pd\ndf = pd.DataFrame({'a': [1], 'b': [2]})", count=1),
            code("df = df.drop(columns='a')", count=2),
            note="the second time the column is gone",
        ),
        example(code("rows = ['head', 'x', 'y']", count=1), code("rows = rows[1:]", count=2)),
    ),
    good=lambda: (
        example(code("total = 0\ntotal += 5", count=1)),
        example(code("import pandas as pd\ndf = pd.DataFrame({'a': [1]})", count=1), code("df = df.dropna()", count=2)),
        example(
            code("import pandas as pd\ndf = pd.DataFrame({'a': [1]})", count=1),
            code("df['b'] = df['a'] * 2\ndf = df.drop(columns='b')", count=2),
        ),
        example(code("x = [3.0, 1.0]", count=1), code("small = [v - min(x) for v in x]", count=2)),
    ),
)
