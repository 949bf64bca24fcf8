"""A transformer learns from the test rows what it had learned from the training rows.

## What it does

Tells `fit_transform(X_test)` (and `fit`) of a scaler, encoder, vectorizer or imputer of which one was fitted on the
training rows before.

## Why is this bad?

The test rows get another scale, other columns or other codes than the model has learned: its answers are wrong, or mean
something else, and the score with them. In service there is no second set of rows to learn from.

## What it leaves alone

Test rows that only go through `transform`, transformers that were never fitted on training rows, and such as learn
nothing (`PolynomialFeatures`, `Normalizer`).

## What to do

`transform` the test rows with what was fitted on the training rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.learning.story import Fit, Role, Story
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge import learning
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit at each fit on test rows that follows one on training rows."""
    story = view.learning
    if story is None:
        return
    told: set[int] = set()
    for fit in story.fits:
        first = next((one for one in story.fits[: fit.number] if _again(story, one, fit)), None)
        if first is not None and id(fit.step.node) not in told:
            told.add(id(fit.step.node))
            kind = fit.learner.kind if fit.learner is not None else ""
            yield Hit(
                f"`{kind}` learns anew from the test rows what it learned from the training rows in "
                f"{view.named(first.step.cell)}: the two get different scales, codes or columns, so the score means "
                "nothing. Use `transform` here.",
                view.node_span(view.cell(fit.step.cell), fit.step.node),
                related=(view.related(view.cell(first.step.cell), "learns first", first.step.node.lineno),),
            )


def _again(story: Story, first: Fit, fit: Fit) -> bool:
    one, other = first.learner, fit.learner
    if (
        one is None
        or other is None
        or not one.kind
        or one.kind != other.kind
        or not other.transforms
        or one.kind in learning.LEARN_NOTHING
    ):
        return False
    return _only(story, first.data.rows, Role.TRAIN) and _only(story, fit.data.rows, Role.TEST)


def _only(story: Story, rows: frozenset[int], role: Role) -> bool:
    """Whether these rows are of such a part, and of no other."""
    other = Role.TEST if role is Role.TRAIN else Role.TRAIN
    return story.have(rows, role) and not story.have(rows, other)


_DATA = code(
    "import pandas as pd\nfrom sklearn.model_selection import train_test_split\n"
    "from sklearn.preprocessing import StandardScaler\ntable = pd.read_csv('a.csv')\n"
    "X_train, X_test = train_test_split(table, random_state=0)\nscaler = StandardScaler()"
)

RULE = Rule(
    "ML004",
    "fitted-on-test-again",
    Severity.ERROR,
    bad=lambda: (
        example(_DATA, code("X_train = scaler.fit_transform(X_train)\nX_test = scaler.fit_transform(X_test)")),
        example(
            _DATA,
            code("a = StandardScaler().fit_transform(X_train)"),
            code("b = StandardScaler().fit_transform(X_test)"),
        ),
    ),
    good=lambda: (example(_DATA, code("X_train = scaler.fit_transform(X_train)\nX_test = scaler.transform(X_test)")),),
    check=check,
    says=("train_test_split", "fit_transform"),
)
