"""What the order rules say, beyond the examples that they carry themselves."""

from __future__ import annotations

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence, Severity
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Hit, code, example, markdown, raised, result

RULES = load_rules()


def hits(rule: str, *cells: object, **metadata: object) -> list[Hit]:
    check = RULES[rule].check
    assert check is not None
    return list(check(View(example(*cells, **metadata).notebook)))  # type: ignore[arg-type]


def test_a_stale_read_is_told_at_the_cell_to_blame_and_names_its_readers() -> None:
    (hit,) = hits(
        "EX001",
        code("rate = 0.1", count=1),
        code("x = 1\ntotal = 100 * rate", count=4),
        code("\nrate = 0.5", count=3),
        code("total / 2", count=5),
    )
    assert "`rate` was set here before In[4] above read it" in hit.message
    assert "In[5] builds on that" in hit.message
    assert (hit.span.cell, hit.span.start.line) == (2, 2)
    assert [(place.span.cell, place.span.start.line) for place in hit.related] == [(1, 2), (3, 1)]
    assert hit.data["replays"] == [[0, 1, False], [1, 4, True], [2, 3, False]]


def test_one_cell_that_ran_out_of_order_is_one_finding_however_much_hangs_on_it() -> None:
    readers = [code(f"b{n} = a + {n}", count=n + 2) for n in range(20)]
    followers = [code(f"print(b{n})", count=n + 22) for n in range(20)]
    (hit,) = hits("EX001", code("a = 1", count=50), *readers, *followers)
    assert len(hit.related) == 40
    assert len(hit.message) < 400


def test_cells_that_ran_again_in_one_pass_are_one_finding() -> None:
    (hit,) = hits(
        "EX001",
        code("a = 1", count=10),
        code("b = a", count=11),
        code("c = 1", count=3),
        code("a + b + c", count=4),
    )
    assert "`a` and `b` were set here and down to In[11] after In[4] below had read them" in hit.message


def test_names_that_share_both_definitions_are_one_finding() -> None:
    (hit,) = hits("EX001", code("a = b = 1", count=1), code("a + b", count=3), code("a = b = 2", count=2))
    assert hit.data["names"] == ["a", "b"]


def test_a_stale_read_is_an_error_when_proven_and_a_warning_when_a_run_is_lost() -> None:
    (proven,) = hits("EX001", code("a = 1", count=1), code("a = 2", count=3), code("a", count=2))
    (possible,) = hits("EX001", code("a = 1", count=1), code("a = 2", count=9), code("a", count=5))
    assert (proven.severity, possible.severity) == (Severity.ERROR, Severity.WARNING)
    assert possible.confidence is Confidence.MEDIUM


def test_a_read_that_may_not_have_happened_is_not_stale() -> None:
    assert not hits("EX001", code("a = 1", count=1), code("a = 2", count=3), code("if c:\n    a", count=2))


def test_outputs_of_several_sessions_prove_nothing() -> None:
    cells = (code("a = 1", count=1), code("a = 2", count=3), code("a", count=2), code("b = 1", count=5))
    (proven,) = hits("EX001", *cells)
    (possible,) = hits("EX001", *cells, code("c = 1", count=5))
    assert (proven.severity, possible.severity) == (Severity.ERROR, Severity.WARNING)


def test_a_deleted_definition_is_told_from_a_name_that_the_kernel_started_with() -> None:
    (deleted,) = hits("EX005", code("x = width", count=4))
    (given,) = hits("EX005", code("x = pd.read_csv('a.csv')", count=1))
    (never_ran,) = hits("EX005", code("x = width"))
    assert "deleted or changed" in deleted.message
    assert "start-up" in given.message
    assert "once" not in never_ran.message


def test_a_name_whose_error_is_stored_is_left_to_the_rule_for_errors() -> None:
    cell = code("x = width", raised("NameError", "name 'width' is not defined"), count=1)
    assert not hits("EX005", cell)
    assert hits("EX009", cell)


def test_names_that_hosted_kernels_inject_are_no_findings() -> None:
    assert not hits("EX005", code("df = spark.table('t')\ndbutils.fs.ls('/')\ndisplay(df)", count=1))


def test_one_bad_cell_hides_only_the_names_it_holds() -> None:
    (hit,) = hits("EX005", code("width = = 3", count=1), code("print(width, height)", count=2))
    assert hit.data["name"] == "height"


def test_a_name_used_before_its_definition_names_the_later_cell() -> None:
    (hit,) = hits("EX006", code("print(limit)", count=2), markdown("text"), code("\nlimit = 10", count=1))
    assert "In[1] (cell 3)" in hit.message
    assert hit.related[0].span.cell == 2
    assert hit.related[0].span.start.line == 2


def test_a_failure_at_which_the_session_went_on_is_a_warning_unless_something_needs_the_cell() -> None:
    failed = code("limit = f(1)", raised("ValueError", "no"), count=2)
    (meant,) = hits("EX009", code("f = float", count=1), failed, code("print(1)", count=3))
    (needed,) = hits("EX009", code("f = float", count=1), failed, code("print(limit)", count=3))
    assert meant.severity is Severity.WARNING
    assert needed.severity is None


def test_a_missing_module_is_never_meant() -> None:
    (hit,) = hits("EX009", code("import x", raised("ModuleNotFoundError", "x"), count=1), code("1", count=2))
    assert hit.severity is None


def test_an_announced_failure_is_a_warning() -> None:
    (hit,) = hits("EX009", code("t[0] = 1  # raises a TypeError", raised("TypeError", "no"), count=1))
    assert hit.severity is Severity.WARNING


def test_syntax_newer_than_ours_is_only_a_hint() -> None:
    (hit,) = hits("FM014", code("x = = 1"), language_info={"name": "python", "version": "3.99.1"})
    assert hit.severity is Severity.INFO
    assert "Python 3.99" in hit.message


def test_a_clean_notebook_has_none_of_these() -> None:
    cells = (
        code("%matplotlib inline\nimport numpy as np", count=1),
        code("def f(x):\n    return np.sum(x) + k", count=2),
        code("k = 1\nf([1, 2])", result("4"), count=3),
    )
    assert not [hit for rule in ("EX001", "EX005", "EX006", "EX009", "FM014") for hit in hits(rule, *cells)]


def test_a_cell_that_ran_again_after_its_reader_is_a_warning_that_says_why() -> None:
    (later,) = hits("EX001", code("a = 1", count=5), code("b = a", count=2), code("b + a", count=3))
    assert "`a` was set here after In[2] and In[3] below had read it" in later.message
    assert (later.severity, later.confidence) == (Severity.WARNING, Confidence.MEDIUM)


def test_a_definition_that_ran_anew_without_the_changes_below_it_says_so() -> None:
    (wiped,) = hits("EX001", code("a = []", count=5), code("a.append(1)", count=2), code("len(a)", count=6))[1:]
    assert "`a` was set here anew after In[2] had changed it, and In[6] read it without that" in wiped.message
    assert wiped.severity is Severity.ERROR


def test_all_that_hangs_on_a_missing_name_is_told_where_it_is_read_first() -> None:
    cells = (code("x = width", count=4), code("y = width", count=5), code("z = x", count=6))
    (hit,) = hits("EX005", *cells)
    assert "In[5] and In[6] need it too." in hit.message
    assert [place.span.cell for place in hit.related] == [1, 2]
    assert not hits("EX001", *cells)


def test_the_same_text_is_the_same_definition_only_where_it_reads_the_same() -> None:
    same = (code("k = 2", count=1), code("a = k * 2", count=2), code("a + 1", count=4), code("a = k * 2", count=3))
    other = (
        code("k = 2\na = k * 2", count=1),
        code("a + 1", count=3),
        code("k = 3\na = k * 2", count=2),
    )
    assert not hits("EX001", *same)
    assert [hit.data["names"] for hit in hits("EX001", *other)] == [["a"]]
