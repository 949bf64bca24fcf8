"""A model is scored on rows that it has learned.

## What it does

Tells a score on the rows that `train_test_split` set aside for the test, where the model's last `fit` saw them as well:
it was fitted on all rows, or on the test's. And rows that are copied or made up between others (`SMOTE`,
`RandomOverSampler`, `resample`) before the split, so that copies of one row lie on both sides.

## Why is this bad?

A model that has seen the answers gives them back. The score tells how well it remembers.

## What it leaves alone

Scores on training rows that are shown as such, and a last `fit` on all rows after the scores.

## What to do

Fit on the training rows only. Split first, then copy rows of the training part; imbalanced-learn's `make_pipeline` does
that within folds as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.learning.story import Role, Split, Story
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge import learning
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit at each score on rows that were learned, and one at each split of copied rows that a score rests on."""
    story = view.learning
    if story is None:
        return
    told: set[int] = set()
    for score in story.scores:
        if score.folds:
            continue
        for split in story.splits:
            if not story.part_of(score.data.rows, frozenset((split.test,))):
                continue
            if split.test not in told and story.have(split.data.rows, Role.COPIES):
                told.add(split.test)
                yield _copies(view, story, split)
            fit = _learned_them(story, score.fits, split)
            if fit is not None and fit not in told:
                told.add(fit)
                step = story.fits[fit].step
                yield Hit(
                    f"The score is on rows that the model learned from in {view.named(step.cell)}: it tells how well "
                    "they are remembered, not how the model does on new ones. Fit on the training rows only.",
                    view.node_span(view.cell(score.step.cell), score.step.node),
                    related=(view.related(view.cell(step.cell), "learns from them", step.node.lineno),),
                )


def _learned_them(story: Story, fits: frozenset[int], split: Split) -> int | None:
    """The fit, by number, whose rows are those of the test and others; None when one of the fits has not seen them."""
    for number in fits:
        fit = story.fits[number]
        searches = any(one.kind in learning.SEARCHES for one in fit.learners)  # ML001 tells of those
        known = fit.supervised and len(fits) == 1 and fit.data.rows and not searches
        if known and not story.rows[split.test].within.isdisjoint(fit.data.rows):
            return number
    return None


def _copies(view: View, story: Story, split: Split) -> Hit:
    within = frozenset[int]().union(*(story.rows[one].within for one in split.data.rows))
    made = next(story.rows[one].step for one in sorted(within) if story.rows[one].role is Role.COPIES)
    return Hit(
        f"Rows are copied, or made from others, before {view.named(split.step.cell)} splits them: copies of rows "
        "that are learned stand in the test, and the score is better than on new rows. Split first, then copy.",
        view.node_span(view.cell(made.cell), made.node),
        related=(view.related(view.cell(split.step.cell), "splits them", split.step.node.lineno),),
    )


_DATA = code(
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.model_selection import train_test_split\n"
    "table = pd.read_csv('a.csv')\nX, y = table.drop(columns='y'), table['y']\nmodel = LogisticRegression()"
)
_SPLIT = code("X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)")

RULE = Rule(
    "ML002",
    "learned-test-rows",
    Severity.ERROR,
    bad=lambda: (
        example(_DATA, _SPLIT, code("model.fit(X, y)"), code("print(model.score(X_test, y_test))")),
        example(
            _DATA,
            code("from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)"),
            _SPLIT,
            code("model.fit(X_train, y_train)\nprint(model.score(X_test, y_test))"),
        ),
    ),
    good=lambda: (
        example(
            _DATA,
            _SPLIT,
            code("model.fit(X_train, y_train)\nprint(model.score(X_test, y_test))"),
            code("model.fit(X, y)"),
        ),
        example(
            _DATA,
            _SPLIT,
            code("from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)"),
            code("model.fit(X_train, y_train)\nprint(model.score(X_test, y_test))"),
        ),
    ),
    check=check,
    says=("train_test_split",),
)
