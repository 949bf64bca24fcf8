from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from nb_mlops.portable.answer import Model
from nb_mlops.portable.ask import Answers
from nb_mlops.portable.columns import STEPS, column, facts
from nb_mlops.portable.labels import Labels, LabelsError, is_of_classes
from nb_mlops.portable.measure import Given, Metric, MetricError, Resampled, chosen, interval
from nb_mlops.portable.probing import groups_of, importances
from nb_mlops.portable.rivals import rivals

DRAW = np.random.default_rng(0)
RIGHT = DRAW.integers(0, 2, 400)
SURE = np.clip(RIGHT * 0.4 + DRAW.random(400) * 0.6, 0, 1)
GIVEN = Given((SURE > 0.5).astype(int), np.column_stack([1 - SURE, SURE]))


class Said:
    """What a model says of itself."""

    def __init__(self, task: str = "", classes: list[Any] | None = None) -> None:
        self.task, self.classes = task, classes


@pytest.mark.parametrize(
    ("asked", "reported", "sure", "name"),
    [
        ("", [], True, "roc_auc"),
        ("", [], False, "balanced_accuracy"),
        ("", ["rows", "AUC", "accuracy"], True, "roc_auc"),
        ("", ["auc", "accuracy"], False, "accuracy"),
        ("", ["rmse"], True, "roc_auc"),
        ("f1", [], False, "f1"),
    ],
)
def test_the_metric_is_the_one_asked_for_else_the_notebooks_else_the_tasks(
    asked: str, reported: list[str], sure: bool, name: str
) -> None:
    assert chosen(asked, reported, "classification", 2, sure).name == name


def test_a_metric_that_cannot_be_measured_is_told_why() -> None:
    with pytest.raises(MetricError, match="needs probabilities"):
        chosen("roc_auc", [], "classification", 2, False)
    with pytest.raises(MetricError, match="cannot be measured for a regression"):
        chosen("accuracy", [], "regression", 0, False)
    with pytest.raises(MetricError, match="cannot be measured"):
        chosen("nonsense", [], "regression", 0, False)


def test_errors_are_shown_as_errors_and_less_of_them_is_a_gain() -> None:
    metric = Metric("rmse", 0)
    right = np.arange(50.0)
    near, far = Given(right + 1), Given(right + 3)
    assert (metric.name, metric.sign, metric(right, near)) == ("root_mean_squared_error", -1, 1.0)
    samples = Resampled(metric, right, 50)
    found = samples.better_by(near, samples.values(near), far)
    assert found["gain"] == 2.0 and found["low"] == pytest.approx(2.0)


def test_an_interval_holds_the_value_is_repeatable_and_is_narrower_with_more_rows() -> None:
    metric = Metric("accuracy", 2)

    def ends(n: int) -> tuple[float, float]:
        low, high = interval(Resampled(metric, RIGHT[:n], 200).values(GIVEN.at(slice(n))))
        assert low is not None and high is not None
        return low, high

    assert ends(400) == ends(400) and ends(400)[0] < metric(RIGHT, GIVEN) < ends(400)[1]
    assert ends(400)[1] - ends(400)[0] < ends(50)[1] - ends(50)[0]


def test_a_metric_that_most_samples_do_not_have_has_no_interval() -> None:
    right = np.array([0] * 39 + [1])
    metric = Metric("roc_auc", 2)
    given = Given(right, np.column_stack([1 - right, right]).astype(float))
    assert interval(Resampled(metric, right, 100).values(given)) == (None, None)


@pytest.mark.parametrize(
    ("truth", "answers", "classes"),
    [
        ([0, 1, 1], [0.0, 1.0, 1.0], None),
        (["0", "1", "1"], [0, 1, 1], [0, 1]),
        ([0, 1, 1], [False, True, True], [False, True]),
        ([True, False, True], ["True", "False", "True"], None),
        (["yes", "no", "no"], ["yes", "no", "yes"], ["no", "yes"]),
    ],
)
def test_a_class_is_the_same_whatever_it_is_called_on_either_side(truth: Any, answers: Any, classes: Any) -> None:
    labels = Labels(pd.Series(truth), Answers(answers, None, 0.0), classes, {})
    right, given = labels.numbers(truth, True), labels.given(Answers(answers, None, 0.0))
    assert right.max() == 1 and (right == given.values).sum() >= 2


def test_classes_that_have_nothing_in_common_ask_for_a_word_and_take_it() -> None:
    truth, told = pd.Series(["no", "yes", "no"]), Answers([0, 1, 0], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], 0.0)
    with pytest.raises(LabelsError, match="answers `0`, `1`; the holdout's target holds `no`, `yes`"):
        Labels(truth, told, [0, 1], {})
    labels = Labels(truth, told, [0, 1], {"no": "0", "yes": "1"})
    assert labels.numbers(truth.tolist(), True).tolist() == labels.given(told).values.tolist() == [0, 1, 0]


def test_a_booster_that_answers_with_probabilities_is_understood() -> None:
    truth, told = pd.Series([0, 1, 1]), Answers([0.1, 0.8, 0.4], None, 0.0)
    assert is_of_classes(truth, told, Said(), "")  # type: ignore[arg-type]
    given = Labels(truth, told, None, {}).given(told)
    assert given.values.tolist() == [0, 1, 0] and given.sure[:, 1].tolist() == [0.1, 0.8, 0.4]
    prices = pd.Series(DRAW.random(100) * 1e5)
    assert not is_of_classes(prices, Answers(prices.tolist(), None, 0.0), Said(), "")  # type: ignore[arg-type]


def test_a_rule_of_two_questions_finds_what_is_plain_and_says_what_it_asks() -> None:
    rows = pd.DataFrame({"noise": DRAW.random(400), "kind": np.where(RIGHT == 1, "a", "b"), "n": [None, 1.0] * 200})
    metric = Metric("accuracy", 2)
    found = {name: (words, given) for name, words, given in rivals(rows, RIGHT, "classification", 2, metric)}
    assert metric(RIGHT, found["constant"][1]) < 0.6
    assert found["simple rule"][0] == "asks for `kind`" and metric(RIGHT, found["simple rule"][1]) == 1.0


def test_a_rival_answers_each_row_from_the_other_rows_only() -> None:
    rows = pd.DataFrame({"id": np.arange(400.0)})
    right = DRAW.random(400)
    error = Metric("mae", 0)
    (_, _, constant), (_, _, rule) = rivals(rows, right, "regression", 0, error)
    assert error(right, rule) > 0.9 * error(right, constant)  # nothing was learnt by heart


def test_groups_are_measured_one_by_one_and_many_numbers_at_their_quartiles() -> None:
    table = pd.DataFrame({"town": ["a", "b"] * 200, "age": np.arange(400.0), "rare": [None, *["x"] * 399]})
    found = groups_of(table, ["town", "age", "rare"], Metric("accuracy", 2), RIGHT, GIVEN)
    quarters = ["0 to 99.75", "99.75 to 199.5", "199.5 to 299.2", "299.2 to 399"]
    assert [g["group"] for g in found] == ["a", "b", *quarters, "x", "(missing)"]
    assert [g["rows"] for g in found] == [200, 200, 100, 100, 100, 100, 399, 1]


def test_the_constant_is_the_best_one_for_the_metric_and_a_guess_for_a_ranking() -> None:
    rows, right = pd.DataFrame({"x": np.zeros(100)}), np.append(np.zeros(60), np.full(40, 10.0))
    for name, words in (("rmse", "the average"), ("mae", "the middle value")):
        assert words in rivals(rows, right, "regression", 0, Metric(name, 0))[0][1]
    auc = Metric("roc_auc", 2)
    assert auc(RIGHT, rivals(pd.DataFrame({"x": RIGHT}), RIGHT, "classification", 2, auc)[0][2]) == 0.5


class Listens:
    """A model that looks at one column alone."""

    def answers(self, rows: pd.DataFrame) -> Answers:
        return Answers(rows["heard"].tolist(), None, 0.0)


def test_shuffling_a_column_that_the_model_looks_at_costs_and_another_does_not() -> None:
    rows = pd.DataFrame({"ignored": DRAW.random(400), "heard": RIGHT})
    model: Any = Listens()
    given = lambda told: Given(np.asarray(told.values))  # noqa: E731
    found = importances(model, rows, RIGHT, Metric("accuracy", 2), given, 1.0, 0.001)
    assert [one["column"] for one in found] == ["heard", "ignored"]
    assert found[0]["drop"] > 0.4 and found[1]["drop"] == 0.0


def test_the_facts_of_a_column_hold_shares_and_no_rare_value() -> None:
    town = column("town", pd.Series(["a"] * 60 + ["b"] * 36 + ["somebody"] * 4))
    assert town["labels"] == {"a": 0.6, "b": 0.36}
    age = column("age", pd.Series([*map(float, range(1000)), None]))
    assert len(age["quantiles"]) == len(STEPS) and 0 < age["quantiles"][0] < age["quantiles"][-1] < 999
    text = column("note", pd.Series([f"word {i}" for i in range(100)]))
    assert (text["kind"], text["labels"]) == ("text", {})
    assert len(facts(pd.DataFrame({"a": [1], "b": [2]}))) == 2


def test_a_booster_that_is_no_estimator_of_scikit_learn_says_nothing_of_its_task() -> None:
    model = Model.__new__(Model)
    model.raw = object()
    assert model.describes() == {"classes": None, "task": ""}
