"""What metrics mean, for people who do not compute them. Facts from the user guide of scikit-learn (BSD-3-Clause),
"Metrics and scoring"; the words are ours."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "accuracy": "the share of rows that are answered right",
    "balanced_accuracy": "the share of rows that are answered right, each class counting the same",
    "roc_auc": "how often it ranks the right one of two rows higher: 0.5 is guessing, 1 is always",
    "roc_auc_ovr": "how often it ranks the right one of two rows higher: 0.5 is guessing, 1 is always",
    "average_precision": "how few wrong ones stand among those it ranks highest: 1 is none",
    "f1": "the balance of finding all of the positive class and naming no other: 1 is both",
    "f1_macro": "the balance of finding all of a class and naming no other, averaged over classes: 1 is both",
    "precision": "the share of those named positive that are",
    "recall": "the share of the positive ones that are found",
    "log_loss": "how wrong its probabilities are: 0 is not at all",
    "brier_score": "how far its probabilities are from what came true: 0 is not at all",
    "r2": "the share of the ups and downs that it explains: 1 is all, 0 is no more than the average does",
    "mean_absolute_error": "by how much an answer is off on average, in the units of what is predicted",
    "median_absolute_error": "by how much an answer is off in the middle, in the units of what is predicted",
    "root_mean_squared_error": "by how much an answer is off, large misses counting more, in its units",
    "mean_squared_error": "the average of squared misses",
    "mean_absolute_percentage_error": "by which share of the true value an answer is off on average",
}


def meaning(name: str) -> str:
    """What a metric means in a few words, "" where there are none."""
    return MEANINGS.get(name, "")
