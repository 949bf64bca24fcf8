"""Which saved results are in doubt, and what is to blame."""

from __future__ import annotations

from helpers_cells import counted

from nb_mlops.analysis.staleness import Cause, How, Kind
from nb_mlops.analysis.view import View
from nb_mlops.linter.rule import code, example, raised


def causes(*pairs: tuple[str, int | None]) -> list[Cause]:
    return list(View(counted(*pairs)).causes)


def told(*pairs: tuple[str, int | None]) -> list[tuple[Kind, int, dict[int, How]]]:
    return [(c.kind, c.cell, {a.cell: a.how for a in c.affected}) for c in causes(*pairs)]


def proven(*pairs: tuple[str, int | None]) -> set[int]:
    return {a.cell for c in causes(*pairs) for a in c.affected if a.proven}


def test_a_notebook_run_from_top_to_bottom_is_beyond_doubt() -> None:
    assert told(("import io", 1), ("a = 1", 2), ("b = [a]", 3), ("b.append(a)", 4), ("print(b)", 5)) == []


def test_gaps_alone_raise_no_doubt() -> None:
    assert told(("a = 1", 3), ("b = a", 7), ("print(b)", 20)) == []


def test_a_cell_above_that_ran_again_is_one_cause_for_its_readers_and_what_they_compute() -> None:
    found = told(("a = 1", 5), ("b = a", 2), ("c = b", 3), ("d = 0", 4))
    assert found == [(Kind.LATER, 0, {1: How.READS, 2: How.FOLLOWS})]


def test_what_a_cell_makes_of_other_names_is_no_consequence() -> None:
    found = told(("a = 1", 5), ("b = a\nk = 7", 2), ("print(k)", 3), ("print(b)", 4))
    assert found == [(Kind.LATER, 0, {1: How.READS, 3: How.FOLLOWS})]


def test_a_reader_that_ran_again_too_is_beyond_doubt() -> None:
    assert told(("a = 1", 5), ("b = a", 6), ("c = b", 7)) == []


def test_an_import_that_ran_again_changes_nothing() -> None:
    assert told(("import numpy as np", 9), ("x = np.zeros(2)", 2)) == []


def test_a_change_in_place_further_down_that_came_before_is_proven() -> None:
    pairs = (("xs = [1]", 1), ("print(xs)", 4), ("xs.append(2)", 2))
    assert told(*pairs) == [(Kind.AHEAD, 2, {1: How.READS})]
    assert proven(*pairs) == {1}


def test_a_change_that_may_not_happen_proves_nothing() -> None:
    assert proven(("xs = [1]", 1), ("print(xs)", 4), ("if xs[1:]:\n    xs.append(2)", 2)) == set()


def test_a_change_in_place_above_that_came_after_is_proven_unless_a_run_is_lost() -> None:
    pairs = (("xs = [1]", 1), ("xs.append(2)", 3), ("print(xs)", 2))
    assert told(*pairs) == [(Kind.LATER, 1, {2: How.READS})]
    assert proven(*pairs) == {2}
    assert proven(("xs = [1]", 1), ("xs.append(2)", 4), ("print(xs)", 3)) == set()


def test_a_change_whose_run_failed_proves_nothing() -> None:
    failed = code("xs.append(2 / n)", raised("ZeroDivisionError", "no"), count=3)
    view = View(example(code("xs, n = [1], 0", count=1), failed, code("print(xs)", count=2)).notebook)
    assert not [a for cause in view.causes for a in cause.affected if a.proven]


def test_a_change_that_a_new_run_of_the_definition_wiped_out_is_proven() -> None:
    pairs = (("xs = [1]", 5), ("xs.append(2)", 2), ("print(xs)", 6))
    assert (Kind.WIPED, 0, {2: How.READS}) in told(*pairs)
    assert 2 in proven(*pairs)


def test_a_cell_that_reads_other_columns_than_those_changed_is_beyond_doubt() -> None:
    table = ("df = pd.DataFrame(rows)", 2)
    assert told(("import pandas as pd; rows = {}", 1), table, ("df['a'] = 1", 9), ("df['b'].mean()", 3)) == []
    assert told(("import pandas as pd; rows = {}", 1), table, ("df['a'] = 1", 9), ("df['a'].mean()", 3)) != []
    assert told(("import pandas as pd; rows = {}", 1), table, ("df['a'] = 1", 9), ("df.mean()", 3)) != []


def test_a_definition_without_a_count_is_told() -> None:
    assert told(("a = 1", None), ("b = a", 2)) == [(Kind.NEVER_RAN, 0, {1: How.READS})]
    assert told(("a = 1", 1), ("a = 2", None), ("b = a", 2)) == [(Kind.NEVER_RAN, 1, {2: How.READS})]


def test_a_definition_that_ran_after_its_reader_is_to_blame_and_not_the_one_that_was_read() -> None:
    assert told(("a = 1", 1), ("a = 2", 3), ("b = a", 2)) == [(Kind.LATER, 1, {2: How.READS})]


def test_a_definition_that_ran_again_after_a_lower_one_is_to_blame() -> None:
    assert told(("a = 1", 3), ("a = 2", 2), ("b = a", 4)) == [(Kind.AHEAD, 0, {2: How.READS})]


def test_the_same_definition_elsewhere_is_no_doubt() -> None:
    assert told(("a = 1", 1), ("b = a", 3), ("a = 1", 2)) == []


def test_magics_that_bind_by_other_text_are_other_definitions() -> None:
    assert told(("%time a = 1", 1), ("b = a", 3), ("%time a = 2", 2)) != []


def test_all_that_hangs_on_a_missing_name_is_gathered_at_its_first_reader() -> None:
    (cause,) = causes(("b = gone", 1), ("c = gone", 2), ("d = b", 3))
    assert (cause.kind, cause.cell, cause.name) == (Kind.MISSING, 0, "gone")
    assert {a.cell: a.how for a in cause.affected} == {0: How.READS, 1: How.READS, 2: How.UNREACHED}


def test_a_name_that_the_kernel_has_is_not_missing() -> None:
    assert told(("display(In)", 1), ("spark.sql('select 1')", 2)) == []


def test_cells_that_read_each_other_in_turn_end() -> None:
    assert {a.cell for c in causes(("a = b", 3), ("b = 1\nc = a", 2), ("b = c", 1)) for a in c.affected} == {0, 1, 2}


def test_what_a_cell_binds_before_it_stops_at_a_missing_name_is_there() -> None:
    (cause,) = causes(("a = 1\nprint(gone)\nb = 2", 1), ("c = a", 2), ("d = b", 3))
    assert {a.cell: a.how for a in cause.affected} == {0: How.READS, 2: How.UNREACHED}


def test_results_that_only_a_cell_now_stopped_by_a_missing_name_could_give_hang_on_it() -> None:
    stop = raised("NameError", "name 'gone' is not defined", "Cell In[3], line 1\n----> 1 b = gone\n      2 c = 1\n")
    view = View(example(code("b = gone\nc = 1", stop, count=3), code("print(c)", count=2)).notebook)
    failed = [c for c in view.causes if c.kind is Kind.FAILED]
    assert [(c.cell, [a.cell for a in c.affected]) for c in failed] == [(0, [1])]
    other = raised("KeyError", "'x'", "Cell In[3], line 1\n----> 1 b = gone\n      2 c = 1\n")
    view = View(example(code("b = gone\nc = 1", other, count=3), code("print(c)", count=2)).notebook)
    assert not [c for c in view.causes if c.kind is Kind.FAILED]


def test_counts_from_before_a_restart_prove_nothing() -> None:
    table = (("xs = [1]", 2), ("print(xs)", 134), ("xs.append(2)", 5))
    assert told(*table) == [(Kind.AHEAD, 2, {1: How.READS})]
    assert proven(*table) == set()


def test_a_copy_of_a_definition_that_reads_what_the_original_cell_defines_is_the_same() -> None:
    assert told(("def f(): return 1\na = f()", 1), ("print(a)", 3), ("a = f()", 2)) == []
