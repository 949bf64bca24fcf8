"""What cells show is held against what the package shows."""

from __future__ import annotations

import pytest

from nb_mlops.converter.shows import Shown, agreed, figures_lacking, results_lacking, shown

FIGURE = {"type": "matplotlib.figure.Figure", "title": "", "items": []}
HANDLE = {"type": "matplotlib.lines.Line2D", "only": True}


def test_results_and_figures_are_told_apart_and_handles_left_out() -> None:
    bars = {"type": "tuple", "length": 2, "items": [[1.0], {"type": "matplotlib.container.BarContainer", "only": True}]}
    frame = {"type": "pandas.DataFrame", "shape": [1, 1], "pairs": [["a", {"dtype": "int64", "values": [1]}]]}
    assert shown([frame]) == Shown((frame,))
    found = shown([1.5, HANDLE, {"type": "list", "length": 1, "items": [HANDLE]}, FIGURE, bars, "a"])
    assert found == Shown((1.5, "a"), (FIGURE,))


def test_only_what_all_runs_show_alike_is_expected() -> None:
    runs = [Shown((1.0, 2.0, "x")), Shown((1.0, 3.0, "x"))]
    assert agreed(runs, 1e-6).results == (1.0, "x")
    assert agreed([Shown((1.0,)), Shown((1.0, 2.0))], 1e-6).results == ()


def test_a_package_may_show_more() -> None:
    lack = results_lacking([1, 3], [1, 2, 3], 1e-6)
    assert (lack.found, lack.words) == (2, "")


def test_another_value_in_the_same_place_is_another_value() -> None:
    lack = results_lacking([1, 0.9], [1, 0.8], 1e-6)
    assert lack.value
    assert "0.9 vs 0.8" in lack.words


@pytest.mark.parametrize("found", [[], [2], [3, 1]])
def test_showing_less_is_said_and_is_no_other_value(found: list[int]) -> None:
    lack = results_lacking([1, 2, 3], found, 1e-6)
    assert lack.words
    assert not lack.value


def test_a_figure_drawn_otherwise_is_said_and_is_no_other_value() -> None:
    lack = figures_lacking([FIGURE], [{**FIGURE, "title": "Other"}], 1e-6)
    assert "1 of 1 figures" in lack.words
    assert not lack.value
