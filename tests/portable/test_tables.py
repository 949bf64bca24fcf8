from __future__ import annotations

import json

import numpy as np
import pandas as pd

from nb_mlops.portable.tables import MAX_CELLS, is_table, profile, tables_among


def test_a_profile_says_what_a_column_is_like_and_keeps_no_row() -> None:
    frame = pd.DataFrame({"age": [1.0, 2.0, np.nan, 4.0] * 3, "town": list("aabb") * 3, "label": [0, 1, 1, 1] * 3})
    found = profile(frame)
    assert json.dumps(found) and found["rows"] == 12 and not found["sampled"]
    age, town, label = found["columns"]
    assert (age["missing"], age["distinct"], age["min"], age["max"]) == (3, 3, 1.0, 4.0) and "labels" not in age
    assert town["labels"] == {"a": 6, "b": 6} and "mean" not in town
    assert label["labels"] == {"0": 3, "1": 9} and label["smallest"] == 3
    assert found["duplicates"] == 8 and found["target"] == "label"


def test_rows_that_differ_in_the_target_alone_contradict_each_other() -> None:
    frame = pd.DataFrame({"x": [*range(8), 0, 1], "y": [0, 1] * 4 + [1, 1]})
    assert profile(frame)["contradicting"] == 2


def test_odd_tables_have_a_profile_too() -> None:
    frames = [
        pd.DataFrame(),
        pd.DataFrame({"a": [[1], [2]]}),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame({"t": pd.date_range("2020", periods=3), "b": [True, None, False], "i": [np.inf, 1, 2]}),
        pd.DataFrame(np.zeros((2, 300))),
    ]
    for frame in frames:
        assert json.loads(json.dumps(profile(frame), allow_nan=False))["rows"] == len(frame)


def test_a_very_long_table_is_sampled_and_left_as_it_is() -> None:
    frame = pd.DataFrame({"a": np.arange(MAX_CELLS + 5)})
    found = profile(frame)
    assert found["sampled"] and found["rows"] == MAX_CELLS + 5 and list(frame.columns) == ["a"]


def test_only_tables_are_profiled() -> None:
    names = {"d": None, "s": None, "gone": None}
    assert list(tables_among(names, {"d": pd.DataFrame({"a": [1]}), "s": pd.Series([1])})) == ["d"]
    assert not is_table([1])
