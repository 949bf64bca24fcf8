"""What a model has to be better than to be needed at all: an answer without inputs, and a rule of two questions.

Both learn from the holdout itself, each row answered by what was learnt from the other rows, so that they are measured
on the same rows as the model and no training data is asked for.
"""

from __future__ import annotations

from typing import Any

from .measure import Given

_FOLDS = 5
_MOST_LEVELS = 50


def rivals(rows: Any, right: Any, task: str, classes: int) -> list[tuple[str, str, Given]]:
    """(name, what it does in words, its answers) for each rival."""
    from sklearn import dummy, tree

    table = numbers_of(rows)
    if task == "classification":
        same = dummy.DummyClassifier(strategy="prior")
        rule: Any = tree.DecisionTreeClassifier(max_depth=2, min_samples_leaf=0.02, random_state=0)
        words = "answers the most frequent class, whatever the row"
    else:
        same = dummy.DummyRegressor(strategy="median")
        rule = tree.DecisionTreeRegressor(max_depth=2, min_samples_leaf=0.02, random_state=0)
        words = "answers the middle value, whatever the row"
    found = [("constant", words, _out_of_fold(same, table, right, task, classes))]
    if table.shape[1]:
        asked = _questions(rule, table, right, [str(name) for name in table.columns])
        found.append(("simple rule", asked, _out_of_fold(rule, table, right, task, classes)))
    return found


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
