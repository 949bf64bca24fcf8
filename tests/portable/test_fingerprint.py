"""Fingerprints: what counts as the same value, and what may never happen to a user's variables."""

from __future__ import annotations

import ast
import collections
import datetime
import enum
import json
import math
import random
import time
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import nb_mlops.portable
from nb_mlops.portable.fingerprint import difference, fingerprint, is_type_only

matplotlib.use("agg")
HOME = ("__main__", __name__)


class Colour(enum.Enum):
    RED = 1


class Own:
    def __init__(self, part: object) -> None:
        self.part = part


class Hostile:
    """Answers every question with an exception."""

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")

    __hash__ = None


Point = collections.namedtuple("Point", "x y")

LARGE = np.random.default_rng(0).normal(size=5000)


def a_figure(title: str = "t", points: int = 3) -> object:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot(range(points))
    axes.set_title(title)
    return figure


def a_model(c: float = 1.0) -> object:
    data = load_iris()
    return LogisticRegression(C=c, max_iter=500).fit(data.data, data.target)


CHANGED = {
    "int": (1, 2),
    "type of number": (1, 1.0),
    "bool is no int": (True, 1),
    "float": (1.0, 1.001),
    "nan is no number": (math.nan, 0.0),
    "text": ("a", "b"),
    "long text": ("a" * 5000, "a" * 4999 + "b"),
    "datetime": (datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 2)),
    "list": ([1, [2.0]], [1, [2.1]]),
    "list is no tuple": ([1], (1,)),
    "long list": ([0.5] * 5000, [0.5] * 4999 + [0.6]),
    "order of a long list": ([float(i) for i in range(500)], [1.0, 0.0, *map(float, range(2, 500))]),
    "long list of texts": (["a"] * 5000, ["a"] * 4999 + ["b"]),
    "dict": ({"a": {"b": 1}}, {"a": {"b": 2}}),
    "key": ({"a": 1}, {"b": 1}),
    "set": ({1, 2}, {1, 3}),
    "large set": (set(range(500)), set(range(1, 501))),
    "named tuple": (Point(1, 2), Point(1, 3)),
    "enum": (Colour.RED, 1),
    "own object": (Own([1]), Own([2])),
    "random": (random.Random(1), random.Random(2)),
    "array": (np.arange(3.0), np.array([0.0, 1.0, 2.5])),
    "array dtype": (np.arange(3), np.arange(3.0)),
    "array shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "large array": (LARGE, np.concatenate([LARGE[:-1], [9.0]])),
    "order of a large array": (LARGE, LARGE[::-1]),
    "large integers": (np.arange(5000), np.concatenate([np.arange(4999), [7]])),
    "numpy scalar": (np.float64(1.0), np.float64(2.0)),
    "masked": (np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[0, 0])),
    "structured": (np.zeros(2, "i4,f4"), np.ones(2, "i4,f4")),
    "dates": (np.array(["2020-01-01"], "M8[D]"), np.array(["2020-01-02"], "M8[D]")),
    "frame": (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]})),
    "column name": (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"b": [1, 2]})),
    "index": (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}, index=[1, 2])),
    "large frame": (pd.DataFrame({"a": LARGE}), pd.DataFrame({"a": LARGE}).drop(index=7)),
    "series of texts": (pd.Series(["a"] * 900), pd.Series(["a"] * 899 + ["b"])),
    "category": (pd.Series(["a", "b"], dtype="category"), pd.Series(["b", "a"], dtype="category")),
    "multi-index": (pd.Series([1, 2], [[1, 1], [1, 2]]), pd.Series([1, 2], [[1, 1], [1, 3]])),
    "time zone": (pd.Series(pd.date_range("2020", periods=3, tz="UTC")), pd.Series(pd.date_range("2020", periods=3))),
    "sparse": (scipy.sparse.csr_matrix([[1.0, 0]]), scipy.sparse.csr_matrix([[2.0, 0]])),
    "generator": (np.random.default_rng(1), np.random.default_rng(2)),
    "random state": (np.random.RandomState(1), np.random.RandomState(2)),
    "estimator parameter": (LinearRegression(), LinearRegression(fit_intercept=False)),
    "nested estimator": (make_pipeline(StandardScaler()), make_pipeline(StandardScaler(with_mean=False))),
    "fitted estimator": (a_model(1.0), a_model(0.5)),
    "figure title": (a_figure("t"), a_figure("u")),
    "figure data": (a_figure(points=3), a_figure(points=4)),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_value_differs_and_an_equal_one_does_not(name: str) -> None:
    one, other = (fingerprint(value, home=HOME) for value in CHANGED[name])
    again = fingerprint(CHANGED[name][0], home=HOME)
    travelled = json.loads(json.dumps(one, allow_nan=False))
    assert difference(one, other, 1e-9, 1e-12)
    assert difference(one, travelled, 0.0, 0.0) is None
    assert difference(one, again, 0.0, 0.0) is None
    assert not is_type_only(one)


def test_numbers_are_compared_with_a_tolerance_even_in_summaries() -> None:
    moved = LARGE * (1 + 1e-12)
    for one, other in ((0.1 + 0.2, 0.3), (LARGE, moved), (list(LARGE), list(moved)), (LARGE[:9], moved[:9])):
        assert difference(fingerprint(one), fingerprint(other), 1e-9, 1e-12) is None


def test_rounding_in_the_mean_of_large_centred_numbers_is_no_difference() -> None:
    wide = np.concatenate([LARGE, -LARGE]) * 1e9
    assert difference(fingerprint(wide), fingerprint(wide + wide * 1e-13), 1e-9, 1e-12) is None


def test_a_difference_says_where() -> None:
    one, other = fingerprint({"coef": [1.0, 2.0, 1.0]}), fingerprint({"coef": [1.0, 2.0, 1.1]})
    assert difference(one, other) == '["coef"][2]: 1.0 vs 1.1'
    frames = [fingerprint(pd.DataFrame({"age": [1, n]})) for n in (2, 3)]
    assert difference(*frames) == '["age"][1]: 2 vs 3'


def test_a_difference_quotes_no_text() -> None:
    words = difference(fingerprint({"who@where": "private one"}), fingerprint({"who@where": "private two"}))
    assert words is not None
    assert "private" not in words
    assert "who@where" not in words


def test_what_cannot_be_described_says_its_type_only() -> None:
    for value in (len, lambda: 0, Own, json, object(), (n for n in ()), np.sin, [len, {"f": len}]):
        assert is_type_only(fingerprint(value)), value
    assert not is_type_only(fingerprint([]))
    assert "0x" not in json.dumps(fingerprint([object(), Own(object())]))


def test_it_never_raises_and_never_loops() -> None:
    loop: list[object] = []
    loop.append(loop)
    ring = Own(None)
    ring.part = ring
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    for value in (loop, ring, deep, Hostile(), [Hostile()], 10**5000, "\ud800", FunctionTransformer(lambda x: x)):
        json.dumps(fingerprint(value, home=HOME), allow_nan=False)


def test_own_classes_are_named_without_their_module() -> None:
    class Own:
        def __init__(self) -> None:
            self.part = 1

    local = fingerprint(Own(), home=HOME)
    assert local == {"type": "Own", "attributes": {"part": 1}}


def test_it_changes_nothing() -> None:
    figure = a_figure()
    state, rng = np.random.get_state()[1].copy(), np.random.default_rng(3)
    before = rng.bit_generator.state
    axes = figure.axes[0]
    stale = axes._stale_viewlims.copy()
    fingerprint([figure, rng, pd.DataFrame({"a": [1]})])
    assert rng.bit_generator.state == before
    assert (np.random.get_state()[1] == state).all()
    assert axes._stale_viewlims == stale


def test_large_values_are_cheap_in_time_and_space() -> None:
    frame = pd.DataFrame(np.zeros((100_000, 20)))
    frame["text"] = "word"
    values = [frame, np.zeros(30_000_000, "f4"), {i: [i] * 50 for i in range(100_000)}, ["word"] * 1_000_000]
    forest = RandomForestClassifier(100).fit(*load_iris(return_X_y=True))
    started = time.process_time()
    sizes = [len(json.dumps(fingerprint(value))) for value in [*values, forest]]
    assert time.process_time() - started < 10
    assert max(sizes) < 2_000_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_any_plain_value_equals_its_own_copy(value: object) -> None:
    import copy

    one, other = fingerprint(value), fingerprint(copy.deepcopy(value))
    assert difference(one, json.loads(json.dumps(other, allow_nan=False)), 0.0, 0.0) is None


def test_it_parses_as_python_3_8() -> None:
    folder = Path(nb_mlops.portable.__file__).parent
    for name in ("fingerprint", "fingerprint_libraries", "difference", "summary"):
        ast.parse((folder / f"{name}.py").read_text(), feature_version=(3, 8))


def test_a_figure_is_the_same_before_and_after_it_is_drawn() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    figure.add_subplot(2, 1, 1).plot([1.0, 2.0], [3.0, 5.0])
    figure.add_subplot(2, 1, 2, projection="3d").plot([1.0, 2.0], [3.0, 5.0], [7.0, 11.0])
    before = fingerprint(figure)
    canvas.draw()
    assert fingerprint(figure) == before
    assert "11.0" in json.dumps(before)
