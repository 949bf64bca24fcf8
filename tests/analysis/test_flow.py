"""The dataflow of cells, case by case: each case once broke somebody's tool."""

from __future__ import annotations

import sys

import pytest
from helpers_cells import flows

from nb_mlops.analysis.flow import CellFlow, Certainty
from nb_mlops.core.notebook import Position


def last(*sources: str) -> CellFlow:
    return flows(*sources)[len(sources) - 1]


def test_an_assignment_reads_its_right_side_and_binds_its_left() -> None:
    flow = last("a, (b, *c) = d = x.y[z]")
    assert flow.reads == {"x": Position(1, 17), "z": Position(1, 21)}
    assert flow.must == {"a", "b", "c", "d"}


def test_a_name_bound_in_the_cell_before_it_is_read_is_no_read() -> None:
    assert "x" not in last("x = 1\nprint(x)").reads


def test_a_name_read_and_then_bound_is_both() -> None:
    flow = last("x = x + 1")
    assert "x" in flow.reads
    assert flow.must == {"x"}


def test_a_bare_annotation_binds_nothing() -> None:
    assert last("x: int").binds == frozenset()


def test_a_binding_on_one_branch_may_bind_and_one_on_both_must() -> None:
    flow = last("if c:\n    x = 1\n    y = 1\nelse:\n    x = 2")
    assert flow.must == {"x"}
    assert flow.may == {"y"}


def test_a_name_bound_in_a_branch_only_is_still_read_from_outside() -> None:
    flow = last("if c:\n    x = 1\nprint(x)")
    assert flow.uses["x"].certainty is Certainty.POSSIBLE


def test_a_bare_name_in_an_if_is_a_read_that_may_not_happen() -> None:
    flow = last("if c:\n    x")
    assert flow.uses["x"].certainty is Certainty.POSSIBLE
    assert flow.uses["c"].certainty is Certainty.SURE


def test_dead_code_neither_reads_nor_binds() -> None:
    flow = last("if False:\n    x = y\nwhile True:\n    z = 1\n    break\nif __name__ == '__main__':\n    w = v")
    assert set(flow.reads) == {"v"}
    assert flow.must == {"z", "w"}


def test_a_branch_that_raises_does_not_take_part() -> None:
    assert last("if c:\n    x = 1\nelse:\n    raise ValueError").must == {"x"}


def test_a_loop_variable_may_be_bound_and_surely_is_when_the_iterable_plainly_holds_something() -> None:
    assert last("for i in items:\n    y = i").may == {"i", "y"}
    assert last("for i in range(3):\n    y = i").must == {"i", "y"}
    assert last("for i in range(0):\n    y = i").may == set()


def test_a_loop_variable_can_be_read_after_the_loop() -> None:
    assert "i" in flows("for i in range(3):\n    pass", "print(i)")[1].reads


def test_reads_in_a_loop_are_likely() -> None:
    assert last("for i in items:\n    f(i, k)").uses["k"].certainty is Certainty.LIKELY


def test_a_handler_binds_its_name_only_while_it_runs() -> None:
    flow = last("try:\n    x = 1\nexcept ValueError as e:\n    print(e)\n    x = 2")
    assert flow.must == {"x"}
    assert "e" not in flow.binds | set(flow.reads)


def test_what_a_try_binds_may_be_missing_after_a_handler() -> None:
    assert last("try:\n    x = 1\nexcept ValueError:\n    pass").may == {"x"}


def test_a_try_import_binds_in_both_ways() -> None:
    flow = last("try:\n    import fast as impl\nexcept ImportError:\n    impl = None")
    assert flow.must == {"impl"}
    assert flow.imports == {"impl"}


def test_a_read_guarded_by_name_error_is_not_sure() -> None:
    assert last("try:\n    x\nexcept NameError:\n    x = 1").uses["x"].certainty is Certainty.POSSIBLE


def test_a_guard_that_only_asks_whether_a_name_exists_reads_nothing_else() -> None:
    flow = last("if 'x' in globals():\n    print(x)")
    assert flow.uses["x"].certainty is Certainty.POSSIBLE
    assert not flow.wildcard


def test_finally_runs_on_every_path() -> None:
    assert "x" in last("try:\n    f()\nexcept ValueError:\n    raise\nfinally:\n    x = 1").must


def test_a_with_statement_binds_and_suppress_makes_it_uncertain() -> None:
    assert last("with open(p) as f:\n    x = f.read()").must == {"f", "x"}
    assert last("with suppress(ValueError):\n    x = 1").may == {"x"}


def test_a_walrus_leaks_out_of_a_comprehension_and_the_loop_variable_does_not() -> None:
    flow = last("found = [y := f(x) for x in items if x]")
    assert flow.must == {"found"}
    assert flow.may == {"y"}
    assert set(flow.reads) == {"items", "f"}


def test_the_first_iterable_of_a_comprehension_is_read_outside_it() -> None:
    assert set(last("[x for x in x]").reads) == {"x"}
    assert set(last("[y for x in a for y in x]").reads) == {"a"}


def test_a_lambda_in_a_comprehension_sees_its_variable() -> None:
    assert set(last("fs = [lambda: k for k in range(3)]").reads) == set()


def test_match_captures_bind_and_do_not_read() -> None:
    flow = last(
        "match command:\n    case ['go', where, *rest]:\n        x = where\n    case {'a': 1, **more}:\n        x = 1"
    )
    assert set(flow.reads) == {"command"}
    assert flow.may == {"where", "rest", "more", "x"}
    assert last("match c:\n    case 1:\n        x = 1\n    case _:\n        x = 2").must == {"x"}


def test_del_ends_a_binding_and_needs_it() -> None:
    flow = last("del x")
    assert "x" in flow.reads
    assert flow.deletes == {"x"}
    assert last("x = 1\ndel x").must == frozenset()
    again = last("del x\nx = 2")
    assert again.must == {"x"}
    assert again.deletes == frozenset()


def test_del_of_a_part_is_a_change_in_place() -> None:
    flow = last("del df['c']")
    assert flow.mutates == {"df"}
    assert flow.deletes == frozenset()


def test_imports_bind_their_first_part_or_their_alias() -> None:
    flow = last("import a.b\nimport c.d as e\nfrom f import (\n    g,\n    h as i,\n)\nfrom __future__ import division")
    assert flow.must == flow.imports == {"a", "e", "g", "i"}


def test_a_star_import_is_a_wildcard_and_a_later_binding_is_still_seen() -> None:
    flow = last("from helpers import *\npi = 3")
    assert flow.wildcard
    assert flow.must == {"pi"}


def test_exec_and_globals_are_wildcards_and_eval_of_a_variable_is_opaque() -> None:
    assert last("exec(text)").wildcard
    assert last("globals()[n] = 1").wildcard
    flow = last("eval(text)")
    assert flow.opaque
    assert not flow.wildcard


def test_the_names_in_a_literal_eval_and_a_query_are_read_when_the_notebook_has_them() -> None:
    both = flows("limit = 3", "df.query('a > @limit and b < @other')", "eval('limit + 1')")
    assert set(both[1].reads) == {"df", "limit"}
    assert set(both[2].reads) == {"limit"}


def test_built_in_names_are_no_reads_unless_a_cell_binds_them() -> None:
    assert last("print(len(x))").reads.keys() == {"x"}
    assert "list" in flows("list(x)", "list = [1]")[0].reads


# functions -----------------------------------------------------------------------------------------------------------


def test_a_function_reads_its_globals_where_it_is_called() -> None:
    found = flows("def f(x):\n    return x * rate", "rate = 2", "f(3)")
    assert found[0].functions == {"f": {"rate"}}
    assert "rate" not in found[0].reads
    assert found[2].uses["rate"].via == "f"
    assert found[2].uses["rate"].certainty is Certainty.SURE


def test_a_function_that_is_only_handed_around_may_be_called() -> None:
    found = flows("def f(x):\n    return x * rate", "df.apply(f)")
    assert found[1].uses["rate"].certainty is Certainty.POSSIBLE


def test_what_a_called_function_calls_in_turn_is_needed_too() -> None:
    found = flows("def g():\n    return rate", "def f():\n    return g()", "f()")
    assert set(found[2].reads) == {"f", "g", "rate"}
    assert found[2].uses["rate"].certainty is Certainty.SURE


def test_a_recursive_function_with_a_free_variable() -> None:
    found = flows("def f(n):\n    return n and f(n - step)", "f(3)")
    assert set(found[1].reads) == {"f", "step"}


def test_a_redefined_function_needs_what_its_latest_text_needs() -> None:
    found = flows("def f():\n    return a", "def f():\n    return b", "f()")
    assert set(found[2].reads) == {"f", "b"}


def test_a_name_that_changes_its_kind_carries_no_function_any_more() -> None:
    found = flows("def f():\n    return a", "f = [1]", "f()")
    assert set(found[2].reads) == {"f"}


def test_defaults_and_decorators_are_read_where_the_function_is_defined() -> None:
    flow = last("@deco\ndef f(x=default, *, y=other):\n    return later")
    assert set(flow.reads) == {"deco", "default", "other"}


def test_annotations_are_read_unless_they_are_lazy() -> None:
    assert set(last("def f(x: T) -> R:\n    y: Local = 1").reads) == {"T", "R"}
    assert set(flows("from __future__ import annotations", "def f(x: T) -> R: ...")[1].reads) == set()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are Python 3.12's")
def test_type_parameters_are_no_reads() -> None:
    assert set(last("def f[T](x: T) -> T:\n    y: T = x\nclass C[S](Base[S]):\n    z: S").reads) == {"Base"}


def test_a_local_is_local_in_the_whole_body() -> None:
    assert last("def f():\n    print(x)\n    x = 1").functions == {"f": frozenset()}


def test_a_nested_function_sees_the_locals_around_it() -> None:
    flow = last("def f(a):\n    b = 1\n    def g():\n        nonlocal b\n        b = a + c\n    return g")
    assert flow.functions == {"f": {"c"}}


def test_global_binds_where_the_function_is_called() -> None:
    found = flows(
        "def f():\n    global n\n    n = 1\n    return n",
        "f()",
        "def g(c):\n    if c:\n        global m\n        m = 1",
    )
    assert found[0].must == {"f"}
    assert found[1].must == {"n"}
    assert flows("def g(c):\n    if c:\n        global m\n        m = 1", "g(1)")[1].may == {"m"}


def test_a_global_counter_is_read_and_bound_by_the_call() -> None:
    found = flows("n = 0\nhistory = []", "def f():\n    global n\n    n += 1\n    history.append(n)", "f()")
    assert set(found[2].reads) == {"f", "n", "history"}
    assert found[2].must == {"n"}
    assert found[2].mutates >= {"history"}


def test_a_global_that_one_called_function_binds_for_another_is_not_surely_needed() -> None:
    found = flows("def a():\n    global n\n    n = 1\ndef b():\n    a()\n    return n", "b()")
    assert found[1].uses["n"].certainty is Certainty.POSSIBLE


def test_a_class_body_reads_now_and_its_methods_later() -> None:
    flow = last("class A(Base):\n    size = width\n    both = size\n    def m(self):\n        return size + depth")
    assert set(flow.reads) == {"Base", "width"}
    assert flow.functions == {"A": {"size", "depth"}}


def test_a_method_reads_its_globals_when_it_is_called_on_an_instance() -> None:
    found = flows("class A:\n    def m(self):\n        return depth", "a = A()", "a.m()")
    assert found[2].uses["depth"].certainty is Certainty.SURE
    assert found[1].uses["depth"].certainty is Certainty.POSSIBLE


def test_a_constructor_reads_its_globals_when_the_class_is_called() -> None:
    found = flows("class A:\n    def __init__(self):\n        self.x = depth", "a = A()")
    assert found[1].uses["depth"].certainty is Certainty.SURE


def test_a_stored_lambda_reads_when_it_is_called() -> None:
    found = flows("f = lambda x: x * k", "k = 2", "f(1)")
    assert found[0].functions == {"f": {"k"}}
    assert set(found[0].reads) == set()
    assert found[2].uses["k"].certainty is Certainty.SURE


def test_a_lambda_in_a_container_is_found_again() -> None:
    assert "k" in flows("fs = {'a': lambda: k}", "fs['a']()")[1].reads


def test_a_lambda_that_is_an_argument_is_likely_called() -> None:
    assert last("sorted(v, key=lambda t: t[w])").uses["w"].certainty is Certainty.LIKELY


def test_a_partial_carries_its_function() -> None:
    assert "k" in flows("def f(x):\n    return x + k", "g = partial(f, 1)", "g()")[2].reads


def test_a_generator_runs_when_it_is_iterated() -> None:
    found = flows("def f():\n    yield k", "g = f()")
    assert found[1].uses["k"].certainty is Certainty.LIKELY


def test_a_parameter_used_only_inside_getattr_is_no_global() -> None:
    assert last("def f(obj, name):\n    return getattr(obj, name)").functions == {"f": frozenset()}


# in-place changes ----------------------------------------------------------------------------------------------------


def test_stores_into_parts_change_the_whole() -> None:
    assert last("df['a'] = 1").mutates == {"df"}
    assert last("df.loc[0, 'a'] = 1").mutates == {"df"}
    assert last("model.name = 'x'").mutates == {"model"}


def test_methods_that_work_in_place_change_their_receiver() -> None:
    assert last("items.append(1)").mutates == {"items"}
    assert last("clf.fit(X, y)").mutates == {"clf"}
    assert last("df.drop(columns='a', inplace=True)").mutates == {"df"}
    assert last("df.drop(columns='a', inplace=False)").mutates == frozenset()
    assert last("t.add_(1)").mutates == {"t"}
    assert last("df.set_index('a')").mutates == frozenset()


def test_a_module_is_never_a_receiver() -> None:
    assert flows("import numpy as np", "np.sort(x)\nnp.random.seed(0)")[1].mutates == frozenset()


def test_functions_that_change_an_argument() -> None:
    assert last("np.random.shuffle(x)").mutates >= {"x"}
    assert flows("import numpy as np", "np.add(a, b, out=c)")[1].mutates == {"c"}


def test_an_object_made_in_the_cell_is_nobody_elses() -> None:
    assert last("df = load()\ndf['a'] = 1").mutates == frozenset()
    assert last("df = df.copy()\ndf['a'] = 1").mutates == frozenset()


def test_augmented_assignment_may_change_in_place_but_numbers_and_text_do_not() -> None:
    assert last("x += [1]").mutates == {"x"}
    assert last("x += 1").mutates == frozenset()


def test_a_change_through_an_alias_changes_what_it_is_an_alias_of() -> None:
    assert last("b = a[:2]\nb[0] = 9").mutates == {"a"}
    assert last("b = a\nb.append(1)").mutates == {"a"}
    assert flows("b = a", "b.append(1)")[1].mutates == {"a", "b"}
    assert flows("b = a", "a.append(1)")[1].mutates == {"a", "b"}


def test_what_a_name_led_to_before_it_was_given_a_new_object_is_no_alias_of_it() -> None:
    cells = "model = Tree()\nfitted = model.fit(a)", "model = Tree(depth=3)\nother = model.fit(b)"
    assert last(*cells).mutates == frozenset()


def test_names_that_share_an_object_share_it_still_when_the_one_they_had_it_from_has_another() -> None:
    assert last("a = []\nb = a\nc = a", "a = 1", "b.append(1)").mutates == {"b", "c"}
    assert last("a = []\nb = a", "a = a or 1", "b.append(1)").mutates == {"a", "b"}


@pytest.mark.parametrize("call", ["var('x, y')", "sympy.var('x y')", "var('x'), var('y')"])
def test_sympys_var_binds_the_symbols_it_names(call: str) -> None:
    flows_of = last(f"import sympy\nfrom sympy import *\n{call}\nx + y")
    assert {"x", "y"} <= flows_of.must
    assert not {"x", "y"} & flows_of.reads.keys()
    assert last("frame.var('time')").binds == frozenset()


def test_a_rebound_alias_is_one_no_more() -> None:
    assert flows("b = a", "b = []", "b.append(1)")[2].mutates == {"b"}


def test_what_was_read_out_of_an_object_does_not_change_with_it() -> None:
    assert flows("n = a.shape", "a.append(1)")[1].mutates == {"a"}


def test_a_loop_over_a_container_changes_it_and_its_members() -> None:
    assert last("for name, m in models.items():\n    m.fit(X)").mutates == {"models"}
    assert flows("models = {'a': one}", "for name, m in models.items():\n    m.fit(X)")[1].mutates >= {"models", "one"}
    assert last("[m.fit(X) for m in models]").mutates == {"models"}


def test_a_function_that_changes_its_parameter_changes_the_argument() -> None:
    found = flows("def add(frame, *, extra=None):\n    frame['a'] = 1\n    extra.append(1)", "add(df, extra=names)")
    assert found[1].mutates == {"df", "names"}


def test_a_function_that_copies_first_changes_nothing() -> None:
    found = flows("def add(frame):\n    frame = frame.copy()\n    frame['a'] = 1\n    return frame", "add(df)")
    assert found[1].mutates == frozenset()


def test_a_store_into_a_local_of_a_function_changes_nothing_outside() -> None:
    assert flows("def f():\n    out = {}\n    out['a'] = 1\n    return out", "f()")[1].mutates == frozenset()


def test_a_list_appended_to_in_a_function_is_changed_by_the_call() -> None:
    found = flows("log = []", "def f(x):\n    log.append(x)", "f(1)")
    assert found[1].mutates == frozenset()
    assert found[2].mutates == {"log"}


def test_a_method_that_sets_attributes_changes_its_instance() -> None:
    found = flows("class A:\n    def m(self):\n        self.x = 1", "a = A()", "a.m()")
    assert found[2].mutates == {"a"}


def test_every_draw_changes_a_random_generator() -> None:
    assert flows("rng = np.random.default_rng(0)", "x = rng.normal()")[1].mutates == {"rng"}


# cells that cannot be read -------------------------------------------------------------------------------------------


def test_one_bad_cell_does_not_hide_the_others() -> None:
    found = flows("a = 1", "b = = 2", "print(a, b, c)")
    assert found[1].opaque
    assert found[1].may == {"b"}
    assert not found[1].wildcard
    assert set(found[2].reads) == {"a", "b", "c"}


def test_a_bad_cell_with_a_star_import_may_bind_anything() -> None:
    assert flows("from x import *\ny = = 2")[0].wildcard


def test_a_cell_too_deep_to_be_walked_is_unknown() -> None:
    deep = "x = " + "f(" * 180 + "y" + ")" * 180
    found = flows("a = 1", deep, "a")
    assert set(found[2].reads) == {"a"}
    assert "x" in found[1].binds


def test_long_sums_are_walked() -> None:
    assert set(last("x = " + " + ".join(["y"] * 600)).reads) == {"y"}


def test_statements_that_bind_are_known_by_their_lines() -> None:
    assert last("x = 1\ny = 2\nx = (\n    3\n)").lines["x"] == ((1, 1), (3, 5))
