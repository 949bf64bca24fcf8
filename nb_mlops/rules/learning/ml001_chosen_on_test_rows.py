"""A model is tuned on the rows that it is then judged on.

## What it does

Tells a search (`GridSearchCV` and its like) that is fitted on the rows split off for the test, and training that stops
when its result on them is best (`eval_set=[(X_test, y_test)]` with early stopping, Keras' `validation_data=` with
`EarlyStopping`), where the same rows give the score afterwards.

## Why is this bad?

What was chosen because it does well on some rows does well on them. The score says so, and nothing of new rows.

## What it leaves alone

Rows named for choosing (`X_val`), and test rows that are only watched: a curve over epochs chooses nothing.

## What to do

Split once more, `X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train)`: choose on `X_val`, and score on
`X_test` at the very end.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.knowledge import learning
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit at each fit that chooses on test rows which a later score is about."""
    story = view.learning if view.says("early", "EarlyStopping", *learning.SEARCHES) else None
    if story is None:
        return
    named = {split.test: story.called.get(split.test, "") for split in story.splits}
    tests = frozenset(one for one, name in named.items() if not learning.is_named(name, learning.FOR_CHOOSING))
    told: set[int] = set()
    for fit in story.fits:
        searches = fit.learner is not None and fit.learner.kind in learning.SEARCHES
        chosen_on = fit.judged | (fit.data.rows if searches else frozenset())
        chosen_on = frozenset(one for one in chosen_on if story.rows[one].within & tests)
        later = [s for s in story.scores if fit.number in s.fits and story.part_of(s.data.rows, chosen_on)]
        if chosen_on and later and id(fit.step.node) not in told:
            told.add(id(fit.step.node))
            score = later[-1].step
            what = "What the search chooses" if searches else "When training stops"
            yield Hit(
                f"{what} is decided on the rows of the test, and {view.named(score.cell)} scores on the same rows: "
                "the score is better than on new ones. Split rows for choosing off from those for training.",
                view.node_span(view.cell(fit.step.cell), fit.step.node),
                related=(view.related(view.cell(score.cell), "scores on the same rows", score.node.lineno),),
            )


_SPLIT = code(
    "from sklearn.model_selection import train_test_split\n"
    "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
)
_DATA = code("import pandas as pd\ntable = pd.read_csv('a.csv')\nX, y = table.drop(columns='y'), table['y']")

RULE = Rule(
    "ML001",
    "chosen-on-test-rows",
    Severity.WARNING,
    bad=lambda: (
        example(
            _DATA,
            _SPLIT,
            code(
                "from xgboost import XGBClassifier\nmodel = XGBClassifier(early_stopping_rounds=5)\n"
                "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(model.score(X_test, y_test))"
            ),
        ),
        example(
            _DATA,
            _SPLIT,
            code(
                "from sklearn.model_selection import GridSearchCV\nfrom sklearn.svm import SVC\n"
                "search = GridSearchCV(SVC(), {'C': [1, 9]}).fit(X_test, y_test)\nprint(search.score(X_test, y_test))"
            ),
        ),
    ),
    good=lambda: (
        example(
            _DATA,
            _SPLIT,
            code(
                "from xgboost import XGBClassifier\nmodel = XGBClassifier(early_stopping_rounds=5)\n"
                "X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, random_state=0)\n"
                "model.fit(X_fit, y_fit, eval_set=[(X_val, y_val)])\nprint(model.score(X_test, y_test))"
            ),
        ),
        example(
            _DATA,
            _SPLIT,
            code(
                "from xgboost import XGBClassifier\nmodel = XGBClassifier()\n"
                "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(model.score(X_test, y_test))"
            ),
            note="watched, not chosen by",
        ),
    ),
    check=check,
    says=("train_test_split",),
)
