"""The two replays: which cell's definition a read saw."""

from __future__ import annotations

from helpers_cells import counted

from nb_mlops.analysis.replay import Version, document_order, recorded_order, session
from nb_mlops.analysis.view import View
from nb_mlops.core.notebook import ErrorValue, Notebook, Output, OutputKind, StoredOutputs
from nb_mlops.core.value import replace


def document(notebook: Notebook, cell: int, name: str) -> Version:
    return View(notebook).replays.document.version(cell, name)


def recorded(notebook: Notebook, cell: int, name: str) -> Version:
    return View(notebook).replays.recorded.version(cell, name)


def test_the_two_orders_may_give_a_read_different_definitions() -> None:
    notebook = counted(("x = 1", 1), ("x", 3), ("x = 2", 2))
    assert document(notebook, 1, "x").cell == 0
    assert recorded(notebook, 1, "x").cell == 2


def test_a_cell_without_a_count_takes_no_part_in_the_recorded_order() -> None:
    notebook = counted(("x = 1", 1), ("x = 2", None), ("x", 2))
    assert View(notebook).replays.recorded.order == (0, 2)
    assert recorded(notebook, 2, "x").cell == 0
    assert document(notebook, 2, "x").cell == 1


def test_a_definition_on_a_branch_leaves_both_possible() -> None:
    notebook = counted(("x = 1", 1), ("if c:\n    x = 2", 2), ("x", 3))
    assert document(notebook, 2, "x").definitions == {0, 1}
    assert document(notebook, 2, "x").cell is None


def test_changes_in_place_are_listed_in_order_and_end_with_a_new_definition() -> None:
    notebook = counted(("x = []", 1), ("x.append(1)", 2), ("x.append(2)", 3), ("x", 4), ("x = 1", 5), ("x", 6))
    assert document(notebook, 3, "x").changes == (1, 2)
    assert document(notebook, 5, "x") == Version(frozenset({4}))


def test_a_deleted_name_remembers_who_deleted_it() -> None:
    notebook = counted(("x = 1", 1), ("del x", 2), ("x", 3))
    assert document(notebook, 2, "x") == Version(deleted_by=1)


def test_reset_leaves_nothing() -> None:
    notebook = counted(("x = 1", 1), ("%reset -f\ny = 1", 2), ("x, y", 3))
    assert document(notebook, 2, "x").definitions == frozenset()
    assert document(notebook, 2, "y").cell == 1


def test_after_a_star_import_older_names_are_unknown_and_newer_ones_are_not() -> None:
    notebook = counted(("x = 1", 1), ("from m import *", 2), ("y = 1", 3), ("x, y, z", 4))
    assert document(notebook, 3, "x").unknown
    assert document(notebook, 3, "y").cell == 2
    assert document(notebook, 3, "z").unknown


def test_a_cell_that_failed_may_have_bound_only_a_part() -> None:
    notebook = counted(("x = 1", 1), ("x = 2\n1 / 0", 2), ("x", 3))
    failed = Output(OutputKind.ERROR, error=ErrorValue("ZeroDivisionError", "", ()))
    cells = list(notebook.cells)
    cells[1] = replace(cells[1], stored=StoredOutputs.of((failed,)))
    notebook = replace(notebook, cells=tuple(cells))
    assert recorded(notebook, 2, "x").definitions == {0, 1}


def test_equal_counts_are_taken_in_document_order_and_named() -> None:
    notebook = counted(("x = 1", 2), ("y = 1", 2), ("z = 1", 1))
    view = View(notebook)
    assert recorded_order(notebook, view.flows).order == (2, 0, 1)
    assert session(notebook).repeated == {2}


def test_a_pasted_copy_keeps_its_count_and_is_no_second_session() -> None:
    assert session(counted(("x = 1", 2), ("x = 1 ", 2))).repeated == frozenset()


def test_counts_of_several_sessions_prove_nothing() -> None:
    found = session(counted(("x = 1", 3), ("x = 2", 1), ("x", 9), ("y", 5), ("z", 5)))
    assert not found.tells_apart(2, 1, 0)
    assert not found.proves(reader=2, clean=1, seen=0)


def test_runs_that_left_no_trace_are_counted_between_two_counts() -> None:
    found = session(counted(("a", 1), ("b", 4), ("c", 6)))
    assert found.lost_between(1, 4) == 2
    assert found.lost_between(1, 6) == 3
    assert found.lost_between(4, 4) == 0


def test_counts_prove_only_what_no_lost_run_can_undo() -> None:
    gapless = session(counted(("x = 1", 1), ("x = 2", 3), ("x", 2)))
    assert gapless.proves(reader=2, clean=1, seen=0)
    lost = session(counted(("x = 1", 1), ("x = 2", 9), ("x", 5)))
    assert not lost.proves(reader=2, clean=1, seen=0)
    assert lost.tells_apart(2, 1, 0)
    earlier = session(counted(("x = 1", 3), ("x = 2", 1), ("x", 9)))
    assert earlier.proves(reader=2, clean=1, seen=0)


def test_the_document_replay_runs_cells_that_never_ran() -> None:
    notebook = counted(("x = 1", None), ("x", None))
    view = View(notebook)
    assert document_order(notebook, view.flows).version(1, "x").cell == 0
    assert recorded_order(notebook, view.flows).order == ()


def test_a_count_of_nought_is_no_count_of_a_kernel() -> None:
    notebook = counted(("a = 1", 1), ("print(a)", 0), ("a = 2", 2), ("b = 1", 0))
    assert View(notebook).replays.recorded.order == (0, 2)
    assert session(notebook).counts == {0: 1, 2: 2}
    assert not session(notebook).repeated


def test_a_run_from_top_to_bottom_is_the_run_that_a_clean_one_would_be() -> None:
    told = View(counted(("x = 1", 2), ("", None), ("x", 3))).replays
    assert told.recorded.order == (0, 2)
    assert told.recorded.seen is told.document.seen
    skipped = View(counted(("x = 1", 2), ("x", None), ("x", 3))).replays
    assert skipped.recorded.seen is not skipped.document.seen
