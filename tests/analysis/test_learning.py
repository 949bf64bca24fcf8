"""What is told of a notebook's rows: splits, fits, scores, and what each has seen."""

from __future__ import annotations

import ast
import textwrap

from nb_mlops.analysis.calls import imported
from nb_mlops.analysis.learning import Role, Story, follow

HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.preprocessing import StandardScaler
table = pd.read_csv("a.csv")
X, y = table.drop(columns="y"), table["y"]
"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n"


def story(*cells: str) -> Story:
    trees = [ast.parse(textwrap.dedent(cell)) for cell in (HEAD, *cells)]
    return follow(list(enumerate(trees)), imported(trees))


def test_rows_of_a_split_are_parts_of_the_whole_and_not_of_each_other() -> None:
    told = story(SPLIT, "model = LogisticRegression().fit(X_train, y_train)\nmodel.score(X_test, y_test)")
    (split,), (fit,), (score,) = told.splits, told.fits, told.scores
    train, test = frozenset((split.train,)), frozenset((split.test,))
    assert fit.data.rows == train and score.fits == {fit.number}
    assert told.part_of(score.data.rows, test) and told.part_of(test, split.data.rows)
    assert not told.part_of(train, test) and not told.part_of(test, train)


def test_predictions_that_are_held_against_the_truth_are_a_score() -> None:
    for compared in ("accuracy_score(y_test, found)", "(found == y_test).mean()", "((found - y_test) ** 2).mean()"):
        told = story(SPLIT, "found = LogisticRegression().fit(X_train, y_train).predict(X_test)", compared)
        assert [score.fits for score in told.scores] == [{0}], compared


def test_a_function_is_followed_where_it_is_called_and_its_score_stands_there() -> None:
    told = story(
        """
        def judge(model, a, b, c, d):
            model.fit(a, b)
            return accuracy_score(d, model.predict(c))
        """,
        SPLIT,
        "print(judge(LogisticRegression(), X_train, y_train, X_test, y_test))",
    )
    assert told.fits[0].data.rows == {told.splits[0].train}
    assert [score.step.cell for score in told.scores] == [3] and told.fits[0].step.cell == 1


def test_what_a_scaler_learned_travels_with_the_rows_and_with_single_columns() -> None:
    told = story("X[['a']] = StandardScaler().fit_transform(X[['a']])", "LogisticRegression().fit(X, y)")
    assert told.fits[1].data.shaped_by == {0}
    told = story("X['a'] = StandardScaler().fit_transform(X[['a']])", "LogisticRegression().fit(X[['b', 'c']], y)")
    assert told.fits[1].data.shaped_by == frozenset()


def test_folds_fit_copies_so_that_the_model_itself_is_as_before() -> None:
    told = story(
        SPLIT,
        "model = LogisticRegression().fit(X_train, y_train)\ncross_val_score(model, X_test, y_test)",
        "model.score(X_test, y_test)",
    )
    assert [score.folds for score in told.scores] == [True, False]
    assert told.scores[1].fits == {0}


def test_parts_that_a_loader_gives_are_known_by_their_names() -> None:
    told = story("(x_train, y_train), (x_test, y_test) = load()", "LogisticRegression().fit(x_test, y_test)")
    assert told.have(told.fits[0].data.rows, Role.TEST) and not told.have(told.fits[0].data.rows, Role.TRAIN)


def test_a_branch_leaves_both_possibilities() -> None:
    told = story("if big:\n    X = StandardScaler().fit_transform(X)", "LogisticRegression().fit(X, y)")
    assert told.fits[1].data.shaped_by == {0}


def test_columns_are_known_until_nobody_can_tell_them() -> None:
    def known(source: str) -> bool:
        (*_, fit) = story(source, "LogisticRegression().fit(X, y)").fits
        return fit.data.columns is not None and fit.data.columns.has("y")

    assert known("X = table") and known("X = table.dropna().copy()") and known("X = table[table.a > 1]")
    for source in (
        "X = table.iloc[:, 1:]",
        "X = table[names]",
        "X = table[a + b]",
        "X = table.drop(columns=names)",
        "del table['y']; X = table",
        "table.pop('y'); X = table",
        "table.drop('y', axis=1, inplace=True); X = table",
        "X = pd.get_dummies(table)",
    ):
        assert not known(source), source


def test_a_notebook_of_any_length_and_functions_that_call_themselves_come_to_an_end() -> None:
    deep = "def again(x):\n    again(x); again(x); again(x)\n    return again(x)\nagain(X)"
    assert story(deep).scores == []
    assert story("\n".join(f"X = X + {i}" for i in range(30_000))).fits == []
