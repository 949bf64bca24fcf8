"""The column that is to be predicted is among those that the model learns from.

## What it does

Tells a `fit(X, y)` where `y` is a column of a table and `X` is the same table with that column still in it.

## Why is this bad?

The model reads the answer off. Its score is near perfect, and in service, where the answer is not known, it is useless.

## What it leaves alone

Tables whose columns nobody can tell from the code, as when they are picked by place or by a list made elsewhere; and
what only copies rows.

## What to do

`X = table.drop(columns="target")`; `drop` gives a new table and leaves the old one as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge import learning
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit at each fit whose target is among its features, once for each target."""
    story = view.learning
    if story is None:
        return
    told: set[tuple[int, str]] = set()
    for fit in story.fits:
        features, target = fit.data.columns, fit.target.columns
        if features is None or target is None or not target.one or features.table != target.table:
            continue
        if any(one.kind in learning.COPIES_ROWS for one in fit.learners):
            continue
        if features.has(target.one) and (target.table, target.one) not in told:
            told.add((target.table, target.one))
            yield Hit(
                f"The model learns from the column `{target.one}`, which is what it is to predict: its score will be "
                f'near perfect and tell nothing. Leave it out: `.drop(columns="{target.one}")`.',
                view.node_span(view.cell(fit.step.cell), fit.step.node),
            )


_DATA = code("import pandas as pd\nfrom sklearn.tree import DecisionTreeClassifier\ntable = pd.read_csv('a.csv')")

RULE = Rule(
    "ML005",
    "target-among-features",
    Severity.ERROR,
    bad=lambda: (
        example(_DATA, code("DecisionTreeClassifier().fit(table, table['sold'])")),
        example(
            _DATA,
            code("X = table.dropna()\nX.drop('sold', axis=1)\ny = table['sold']\nDecisionTreeClassifier().fit(X, y)"),
            note="`drop` gives a new table, which is thrown away",
        ),
    ),
    good=lambda: (
        example(_DATA, code("DecisionTreeClassifier().fit(table.drop(columns='sold'), table['sold'])")),
        example(_DATA, code("y = table.pop('sold')\nDecisionTreeClassifier().fit(table, y)")),
        example(
            _DATA,
            code(
                "names = [c for c in table if c != 'sold']\nDecisionTreeClassifier().fit(table[names], table['sold'])"
            ),
        ),
    ),
    check=check,
    says=(".fit(",),
    default=False,
)
