"""Columns are scaled, filled in, reduced or selected with the help of the rows of the test.

## What it does

Tells a transformer that learns from rows (a scaler, PCA, an imputer, TF-IDF) or from the target (`SelectKBest`, `RFE`,
target encoders: an error) and is fitted on rows that include those of the test; where a model then learns from the
transformed rows and is scored on that test. With `cross_val_score` and its like, where it is fitted before the folds.

## Why is this bad?

What the model is shown in training already depends on the rows that it is judged on. With selection by the target
the score can be high on pure noise; with a scaler the difference is mostly small, but only measuring it tells.

## What it leaves alone

What learns no numbers from other rows (`OneHotEncoder`, `LabelEncoder`, `PolynomialFeatures`, `Normalizer`),
pipelines, and transformed rows that no score rests on.

## What to do

Split first; then `make_pipeline(StandardScaler(), model)`: it fits the transformer on the training rows only, in every
fold as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.learning.story import Fit, Role, Score, Story
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Related, Severity
from nb_mlops.knowledge import learning
from nb_mlops.linter.rule import Hit, Rule, code, example


def check(view: View) -> Iterator[Hit]:
    """A hit for each transformer that has seen the rows of a test that a score rests on."""
    story = view.learning
    if story is None:
        return
    told: set[int] = set()
    for fit in story.fits:
        kind = fit.learner.kind if fit.learner is not None else ""
        targets = kind in learning.LEARNS_FROM_TARGET
        if not targets and kind not in learning.LEARNS_FROM_ROWS:
            continue
        score = next((s for s in story.scores if _rests_on(story, fit, s)), None)
        if score is not None and id(fit.step.node) not in told:
            told.add(id(fit.step.node))
            yield _hit(view, fit, score, kind, targets)


def _rests_on(story: Story, fit: Fit, score: Score) -> bool:
    """Whether a model that learned from rows as `fit` transforms them is scored on some of those it was fitted on."""
    models = [story.fits[number] for number in score.fits]
    if fit.number not in score.data.shaped_by or not any(fit.number in model.data.shaped_by for model in models):
        return False
    if score.folds:
        parted = story.have(score.data.rows, Role.TRAIN) or story.have(score.data.rows, Role.TEST)
        return not parted and story.part_of(score.data.rows, fit.data.rows)
    return any(
        story.part_of(score.data.rows, frozenset((split.test,)))
        and not (story.rows[split.test].within - {split.test}).isdisjoint(fit.data.rows)
        and any(story.part_of(model.data.rows, frozenset((split.train,))) for model in models)
        for split in story.splits
    )


def _hit(view: View, fit: Fit, score: Score, kind: str, targets: bool) -> Hit:
    where = view.named(score.step.cell)
    seen = (
        f"`{kind}` is fitted on all rows before {where} scores fold by fold"
        if score.folds
        else f"`{kind}` is fitted on the rows of the test as well, on which {where} scores"
    )
    harm = (
        "and selects by their targets: even noise can score well"
        if targets
        else "so the score is not one on unseen rows"
    )
    related: tuple[Related, ...] = (view.related(view.cell(score.step.cell), "scores", score.step.node.lineno),)
    return Hit(
        f"{seen}, {harm}. Fit it on the training rows only: `make_pipeline({kind}(), model)` does.",
        view.node_span(view.cell(fit.step.cell), fit.step.node),
        Severity.ERROR if targets else None,
        related=related,
    )


_DATA = code(
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.model_selection import cross_val_score, train_test_split\n"
    "from sklearn.preprocessing import StandardScaler\n"
    "table = pd.read_csv('a.csv')\nX, y = table.drop(columns='y'), table['y']"
)
_MODEL = code("model = LogisticRegression().fit(X_train, y_train)\nprint(model.score(X_test, y_test))")

RULE = Rule(
    "ML003",
    "learned-before-split",
    Severity.WARNING,
    bad=lambda: (
        example(
            _DATA,
            code("X = StandardScaler().fit_transform(X)"),
            code("X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"),
            _MODEL,
        ),
        example(
            _DATA,
            code(
                "from sklearn.feature_selection import SelectKBest\nbest = SelectKBest(k=3).fit_transform(X, y)\n"
                "print(cross_val_score(LogisticRegression(), best, y))"
            ),
            note="an error: it is selected by the target",
        ),
    ),
    good=lambda: (
        example(
            _DATA,
            code("X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"),
            code(
                "scaler = StandardScaler()\nX_train = scaler.fit_transform(X_train)\nX_test = scaler.transform(X_test)"
            ),
            _MODEL,
        ),
        example(
            _DATA,
            code(
                "from sklearn.pipeline import make_pipeline\n"
                "print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), X, y))"
            ),
        ),
    ),
    check=check,
    says=("train_test_split", "cross_val"),
)
