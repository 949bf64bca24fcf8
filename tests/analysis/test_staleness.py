"""Which saved results are in doubt, and why."""

from __future__ import annotations

from helpers_cells import counted

from nb_mlops.analysis.staleness import Cause, Doubt
from nb_mlops.analysis.view import View


def doubts(*pairs: tuple[str, int | None]) -> dict[int, Doubt]:
    return dict(View(counted(*pairs)).doubts)


def test_a_notebook_run_from_top_to_bottom_is_beyond_doubt() -> None:
    assert doubts(("import io", 1), ("a = 1", 2), ("b = [a]", 3), ("b.append(a)", 4), ("print(b)", 5)) == {}


def test_gaps_alone_raise_no_doubt() -> None:
    assert doubts(("a = 1", 3), ("b = a", 7), ("print(b)", 20)) == {}


def test_a_cell_above_that_ran_again_puts_its_readers_in_doubt_and_what_they_compute() -> None:
    found = doubts(("a = 1", 5), ("b = a", 2), ("c = b", 3), ("d = 0", 4))
    assert found == {1: Doubt(Cause.LATER, ("a",), (0,)), 2: Doubt(Cause.INHERITED, ("b",), (1,))}


def test_a_reader_that_ran_again_too_is_beyond_doubt() -> None:
    assert doubts(("a = 1", 5), ("b = a", 6), ("c = b", 7)) == {}


def test_an_import_that_ran_again_changes_nothing() -> None:
    assert doubts(("import numpy as np", 9), ("x = np.zeros(2)", 2)) == {}


def test_a_change_in_place_further_down_that_came_before_is_told() -> None:
    found = doubts(("xs = [1]", 1), ("print(xs)", 4), ("xs.append(2)", 2))
    assert found[1] == Doubt(Cause.CHANGED, ("xs",), (2,))


def test_a_change_in_place_above_that_came_after_is_told() -> None:
    found = doubts(("xs = [1]", 1), ("xs.append(2)", 4), ("print(xs)", 3))
    assert found == {2: Doubt(Cause.LATER, ("xs",), (1,))}


def test_a_definition_without_a_count_is_told() -> None:
    assert doubts(("a = 1", None), ("b = a", 2)) == {1: Doubt(Cause.NEVER_RAN, ("a",), (0,))}


def test_the_same_definition_elsewhere_is_no_doubt() -> None:
    assert doubts(("a = 1", 1), ("b = a", 3), ("a = 1", 2)) == {}


def test_every_reader_of_a_missing_name_is_in_doubt_and_names_the_first() -> None:
    found = doubts(("b = gone", 1), ("c = gone", 2), ("d = b", 3))
    assert found[0] == Doubt(Cause.MISSING, ("gone",), ())
    assert found[1] == Doubt(Cause.MISSING, ("gone",), (0,))
    assert found[2] == Doubt(Cause.UNREACHED, ("b",), (0,))


def test_a_name_that_the_kernel_has_is_not_missing() -> None:
    assert doubts(("display(In)", 1), ("spark.sql('select 1')", 2)) == {}


def test_cells_that_read_each_other_in_turn_end() -> None:
    found = doubts(("a = b", 3), ("b = 1\nc = a", 2), ("b = c", 1))
    assert set(found) == {0, 1, 2}


def test_what_a_cell_binds_before_it_stops_at_a_missing_name_is_there() -> None:
    found = doubts(("a = 1\nprint(gone)\nb = 2", 1), ("c = a", 2), ("d = b", 3))
    assert found[1].cause is Cause.INHERITED
    assert found[2].cause is Cause.UNREACHED
