"""How good answers are: scikit-learn's metrics by their names, with intervals from paired resampling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

RESAMPLES = 500
# Beyond so many rows an interval is drawn from as many of them: a little too wide, never too narrow.
_MOST_ROWS = 20_000

# What people call a metric beside scikit-learn's own names for its scorers.
_ALIASES = {
    "auc": "roc_auc",
    "rocauc": "roc_auc",
    "roc-auc": "roc_auc",
    "acc": "accuracy",
    "mae": "neg_mean_absolute_error",
    "mean_absolute_error": "neg_mean_absolute_error",
    "mse": "neg_mean_squared_error",
    "mean_squared_error": "neg_mean_squared_error",
    "rmse": "neg_root_mean_squared_error",
    "root_mean_squared_error": "neg_root_mean_squared_error",
    "medae": "neg_median_absolute_error",
    "mape": "neg_mean_absolute_percentage_error",
    "log_loss": "neg_log_loss",
    "logloss": "neg_log_loss",
    "brier_score_loss": "neg_brier_score",
    "pr_auc": "average_precision",
    "average_precision_score": "average_precision",
    "r2_score": "r2",
    "accuracy_score": "accuracy",
    "f1_score": "f1",
}
_MANY = {"roc_auc": "roc_auc_ovr", "f1": "f1_macro", "precision": "precision_macro", "recall": "recall_macro"}
_BESIDE = {
    "classification": ("accuracy", "balanced_accuracy", "f1_macro", "roc_auc", "average_precision", "neg_log_loss"),
    "regression": ("r2", "neg_mean_absolute_error", "neg_root_mean_squared_error", "neg_median_absolute_error"),
}
_OF_CLASSES = ("accuracy", "balanced_accuracy", "f1", "roc_auc", "average_precision", "precision", "recall", "log_loss")


class MetricError(Exception):
    """A metric that cannot be used here, in words for a person."""


class Metric:
    """One metric. `needs` is `labels` or `sure`; `sign` is 1 when more is better, -1 when less is."""

    def __init__(self, name: str, classes: int) -> None:
        from sklearn import metrics

        wanted = _ALIASES.get(name.lower(), name)
        if classes > 2:
            wanted = _MANY.get(wanted, wanted)
        try:
            scorer: Any = metrics.get_scorer(wanted)
        except (ValueError, KeyError) as error:
            raise MetricError(f"`{name}` is no metric that scikit-learn knows.") from error
        self.name = wanted[4:] if wanted.startswith("neg_") else wanted
        self.sign = int(scorer._sign)
        self._function = scorer._score_func
        self._options = dict(scorer._kwargs)
        method = getattr(scorer, "_response_method", "predict")
        methods = (method,) if isinstance(method, str) else tuple(method)
        self.needs = "labels" if methods == ("predict",) else "sure"
        self._many = classes > 2
        self._classes = classes
        self._numbered = self.name == "log_loss" or (self._many and self.needs == "sure")

    def __call__(self, right: Any, given: Given) -> float:
        """The value, NaN where these rows have none (one class only, for instance)."""
        import warnings

        options = dict(self._options)
        if self.needs == "labels":
            answers = given.values
        elif given.sure is None:
            return math.nan
        else:
            answers = given.sure if self._many or self.name == "log_loss" else given.sure[:, 1]
        if self._numbered:
            options["labels"] = list(range(self._classes))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return float(self._function(right, answers, **options))
        except ValueError:
            return math.nan


class Given:
    """Answers as arrays: classes as their numbers, or numbers; and for each class how sure, where that is known."""

    def __init__(self, values: Any, sure: Any = None) -> None:
        self.values = values
        self.sure = sure

    def at(self, rows: Any) -> Given:
        """The answers to some of the rows."""
        return Given(self.values[rows], None if self.sure is None else self.sure[rows])


def suits(name: str, task: str, classes: int, sure: bool) -> bool:
    """Whether a metric that the notebook reported under this name can be measured here."""
    of_classes = any(word in _ALIASES.get(name.lower(), name) for word in _OF_CLASSES)
    try:
        metric = Metric(name, classes)
    except MetricError:
        return False
    return (task == "classification") == of_classes and (sure or metric.needs == "labels")


def chosen(asked: str, reported: Sequence[str], task: str, classes: int, sure: bool) -> Metric:
    """The metric that was asked for, else the first one that the notebook reports, else the task's own."""
    if asked:
        if not suits(asked, task, classes, sure):
            why = "needs probabilities, which the model does not give" if suits(asked, task, classes, True) else ""
            raise MetricError(f"`{asked}` {why or f'cannot be measured for a {task}'}.")
        return Metric(asked, classes)
    for name in reported:
        if suits(name, task, classes, sure):
            return Metric(name, classes)
    own = "roc_auc" if sure and classes == 2 else "balanced_accuracy"
    return Metric(own if task == "classification" else "neg_mean_absolute_error", classes)


def beside(metric: Metric, task: str, classes: int) -> list[Metric]:
    """Other metrics that are worth a line in the report."""
    found = [Metric(name, classes) for name in _BESIDE[task] if classes <= 2 or name != "average_precision"]
    return [other for other in found if other.name != metric.name]


class Resampled:
    """A metric over resampled rows: the same samples for whomever it measures, so that differences are paired.

    Percentile bootstrap (Efron and Tibshirani 1993, chapter 13), with a fixed seed: the same rows, the same interval.
    """

    def __init__(self, metric: Metric, right: Any, rounds: int = RESAMPLES) -> None:
        self.metric = metric
        self.right = right
        self._rounds = rounds

    def values(self, given: Given) -> Any:
        """The metric of each sample."""
        import numpy

        draw, size = numpy.random.default_rng(20260101), min(len(self.right), _MOST_ROWS)
        found = numpy.empty(self._rounds)
        for i in range(self._rounds):
            rows = draw.integers(0, len(self.right), size)
            found[i] = self.metric(self.right[rows], given.at(rows))
        return found

    def better_by(self, ours: Given, own: Any, theirs: Given) -> dict[str, Any]:
        """By how much `ours`, whose samples' values are `own`, is better than `theirs`, positive whatever the metric's
        direction, with the interval."""
        sign = self.metric.sign
        gain = sign * (self.metric(self.right, ours) - self.metric(self.right, theirs))
        low, high = interval(sign * (own - self.values(theirs)))
        return {"gain": finite(gain), "low": low, "high": high}


def interval(values: Any) -> tuple[float | None, float | None]:
    """The 95 % interval of the samples' values; (None, None) where too many of them have none."""
    import numpy

    known = values[numpy.isfinite(values)]
    if len(known) < 0.9 * len(values):
        return None, None
    low, high = numpy.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def finite(value: float) -> float | None:
    """The number, or None where there is none."""
    return float(value) if math.isfinite(value) else None
