"""What a model has to be better than to be needed at all: an answer without inputs, and a rule of two questions.

Both learn from the holdout itself, the rule each row's answer from the other rows, so that they are measured on the
same rows as the model and no training data is asked for.
"""

from __future__ import annotations

from typing import Any

from .measure import Given, Metric

_FOLDS = 5
_MOST_LEVELS = 50


def rivals(rows: Any, right: Any, task: str, classes: int, metric: Metric) -> list[tuple[str, str, Given]]:
    """(name, what it does in words, its answers) for each rival."""
    from sklearn import tree

    table = numbers_of(rows)
    kind: Any = tree.DecisionTreeClassifier if task == "classification" else tree.DecisionTreeRegressor
    rule = kind(max_depth=2, min_samples_leaf=0.02, random_state=0)
    found = [("constant", *_constant(right, task, classes, metric))]
    if table.shape[1]:
        asked = _questions(rule, table, right, [str(name) for name in table.columns])
        found.append(("simple rule", asked, _out_of_fold(rule, table, right, task, classes)))
    return found


def _constant(right: Any, task: str, classes: int, metric: Metric) -> tuple[str, Given]:
    """The best answer that is always the same; it has nothing to learn by heart, so it may know all rows."""
    import numpy

    if task == "classification":
        shares = numpy.bincount(right, minlength=classes) / len(right)
        same = numpy.full(len(right), shares.argmax())
        words = "answers the most frequent class, whatever the row"
        return words, Given(same, numpy.tile(shares, (len(right), 1)))
    middles = (("the average", right.mean()), ("the middle value", numpy.median(right)))
    found = [(f"answers {what}, whatever the row", Given(numpy.full(len(right), value))) for what, value in middles]
    return max(found, key=lambda one: metric.sign * metric(right, one[1]))


def numbers_of(rows: Any) -> Any:
    """Every column of a table as numbers: categories by how frequent they are, texts by their length."""
    import pandas

    frame = rows if hasattr(rows, "columns") else pandas.DataFrame(rows)
    made: dict[str, Any] = {}
    for i, name in enumerate(frame.columns):
        values = frame.iloc[:, i]
        if getattr(values.dtype, "kind", "O") in "iufb":
            made[str(name)] = values.astype("float64").fillna(-1e9).clip(-1e12, 1e12)
        elif values.nunique() <= _MOST_LEVELS:
            for level in list(values.value_counts().index)[:10]:
                made[f"{name}"[:60] + f" #{len(made)}"] = (values == level).astype("float64")
        else:
            made[str(name)] = values.astype(str).str.len().astype("float64")
    return pandas.DataFrame(made, index=frame.index)


def _out_of_fold(model: Any, table: Any, right: Any, task: str, classes: int) -> Given:
    import numpy
    from sklearn import base

    part = numpy.random.default_rng(20260101).permutation(len(right)) % min(_FOLDS, len(right))
    values = numpy.zeros(len(right), dtype=right.dtype)
    sure = numpy.zeros((len(right), classes)) if task == "classification" else None
    for fold in range(part.max() + 1):
        test = part == fold
        fitted = base.clone(model).fit(table[~test].to_numpy(), right[~test])
        values[test] = fitted.predict(table[test].to_numpy())
        if sure is not None:
            sure[numpy.ix_(test, fitted.classes_)] = fitted.predict_proba(table[test].to_numpy())
    return Given(values, sure)


def _questions(rule: Any, table: Any, right: Any, names: list[str]) -> str:
    from sklearn import base

    fitted = base.clone(rule).fit(table.to_numpy(), right)
    used = dict.fromkeys(names[i].partition(" #")[0] for i in fitted.tree_.feature if i >= 0)
    return "asks for " + " and ".join(f"`{name}`" for name in used) if used else "finds nothing to ask for"
