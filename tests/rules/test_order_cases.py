"""What the examples of the order rules cannot show: severities, words, and how often a rule speaks."""

from __future__ import annotations

from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.linter.engine import lint
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Example, code, example, raised, result, stdout
from nb_mlops.reporters import text

RULES = load_rules()


def told(shown: Example, rule: str) -> tuple[Finding, ...]:
    return lint(shown.notebook, RULES, LintSettings(select=(rule,))).findings


def test_a_lost_run_matters_where_a_name_can_only_come_from_it() -> None:
    gap = example(code("height = 2", count=1), code("width * height", result("18"), count=4))
    assert [f.severity for f in told(gap, "EX003")] == [Severity.INFO, Severity.WARNING]
    harmless = example(code("width = 9", count=1), code("width * 2", result("18"), count=4))
    assert [f.severity for f in told(harmless, "EX003")] == [Severity.INFO]


def test_a_read_that_failed_is_no_proof_of_a_lost_definition() -> None:
    failed = example(code("1", count=1), code("width", raised("NameError", "name 'width' is not defined"), count=4))
    assert [f.severity for f in told(failed, "EX003")] == [Severity.INFO]


def test_many_shared_counts_are_one_finding_that_prefers_real_doubles_to_copies() -> None:
    shown = example(
        code("a = 1", count=1),
        code("a = 1", count=1),
        code("b = 2", count=2),
        code("c = 3", count=3),
        code("d = 4", count=2),
    )
    [finding] = told(shown, "EX004")
    assert finding.data["cells"] == [2, 4]
    assert "2 counts stand on several cells" in finding.message


def test_a_copy_is_told_by_the_time_it_brought_along() -> None:
    noted = {"iopub.execute_input": "2024-03-01T09:00:00Z"}
    later = {"iopub.execute_input": "2024-03-02T09:00:00Z"}
    copied = example(code("a = 1", count=1, execution=noted), code("a = 2", count=1, execution=noted))
    assert "copy" in told(copied, "EX004")[0].message
    sessions = example(code("a = 1", count=1, execution=noted), code("a = 2", count=1, execution=later))
    assert "ran at different times" in told(sessions, "EX004")[0].message


def test_a_cell_that_was_not_run_is_a_warning_only_where_something_hangs_on_it() -> None:
    needed = example(code("a = 1", count=1), code("a = 2"), code("print(a)", stdout("1\n"), count=2))
    assert [f.severity for f in told(needed, "EX007")] == [Severity.WARNING]
    idle = example(code("a = 1", count=1), code("print(a)"), code("print(a)"), code("a + 1", result("2"), count=2))
    [finding] = told(idle, "EX007")
    assert finding.severity is Severity.INFO
    assert finding.data["cells"] == [1, 2]


def test_a_session_set_to_show_assignments_is_not_taken_for_edits() -> None:
    cells = [code(f"a{n} = {n}", result(str(n)), count=n + 1) for n in range(5)]
    assert not told(example(*cells), "EX008")
    assert len(told(example(*cells[:2]), "EX008")) == 2


def test_a_text_that_is_always_printed_is_looked_for_only_where_the_whole_output_is_there() -> None:
    source = "print('first')\nprint('second')"
    assert told(example(code(source, stdout("first\n"), count=1)), "EX008")
    cut = "Streaming output truncated to the last 5000 lines.\nfirst\n"
    assert not told(example(code(source, stdout(cut), count=1)), "EX008")
    assert not told(example(code(source, count=1)), "EX008")


def test_history_is_an_error_where_a_clean_run_numbers_the_cells_otherwise() -> None:
    moved = example(code("2 + 3", result("5"), count=2), code("4 * 2", result("8"), count=1), code("Out[2]", count=3))
    assert [f.severity for f in told(moved, "EX016")] == [Severity.ERROR]
    lucky = example(code("2 + 3", result("5"), count=1), code("Out[1]", count=2))
    assert [f.severity for f in told(lucky, "EX016")] == [Severity.WARNING]
    silent = example(code("a = 5", count=1), code("_1", count=2))
    assert [f.severity for f in told(silent, "EX016")] == [Severity.ERROR]


def test_counts_that_a_policy_strips_are_not_held_against_the_cells() -> None:
    kept = code("print(1)", stdout("1\n"), count=7)
    stripped = [code(f"print({n})", stdout(f"{n}\n")) for n in range(3)]
    shown = example(kept, *stripped, code("print(9)", stdout("9\n"), count=8))
    assert not told(shown, "EX017")
    assert not told(shown, "EX007")


def test_one_finding_tells_of_all_cells_that_ran_in_an_older_session() -> None:
    def at(hour: int) -> dict[str, str]:
        return {"iopub.execute_input": f"2024-03-01T{hour:02}:00:00Z"}

    shown = example(*[code(f"a = {n}", count=n, execution=at(h)) for n, h in ((1, 12), (2, 9), (3, 10))])
    [finding] = told(shown, "EX018")
    assert "1 further cell" in finding.message
    assert finding.data == {
        "later": 0,
        "earlier": 1,
        **{k: v for k, v in finding.data.items() if k in ("excerpt", "caret")},
    }


def test_a_stale_dependency_is_known_again_after_other_runs_insertions_and_moves() -> None:
    first = example(code("a = 1", count=5), code("b = a", count=2), code("c = b", count=3))
    again = example(
        code("import io", count=1),
        code("a = 1", count=50),
        code("d = a + 1", count=13),
        code("c = b", count=14),
        code("b = a", count=12),
    )
    (one,), (other,) = told(first, "EX001"), told(again, "EX001")
    assert (one.fingerprint, one.baseline_key) == (other.fingerprint, other.baseline_key)


def test_where_no_order_is_recorded_one_finding_lists_all_that_is_in_doubt() -> None:
    cells = [code("a = 1", count=3), code("b = a", count=2), code("c = b", count=3), code("d = 1", count=2)]
    assert not told(example(*cells), "EX001")
    [finding] = told(example(*cells), "EX004")
    assert "In doubt are In[2] and In[3]" in finding.message
    assert [place.span.cell for place in finding.related[1:]] == [1, 2]


def test_a_count_of_zero_tells_no_story_of_the_session() -> None:
    [finding] = told(example(code("width * 2", count=0)), "EX005")  # as Colab writes it
    assert "a run of the notebook stops" in finding.message
    assert "In[0]" not in told(example(code("width * 2", count=0), code("width = 1")), "EX006")[0].message


def test_a_name_error_that_colab_keeps_in_the_traceback_only_is_told_once() -> None:
    error = raised("NameError", "ignored", "\x1b[0;31mNameError\x1b[0m: name 'width' is not defined")
    assert not told(example(code("width * 2", error, count=3)), "EX005")
    other = raised("NameError", "ignored", "\x1b[0;31mNameError\x1b[0m: name 'height' is not defined")
    assert told(example(code("width * 2", other, count=3)), "EX005")


def test_another_column_changed_or_dropped_later_makes_no_result_stale() -> None:
    def stale(change: str) -> int:
        cells = code("import pandas as pd\ndf = pd.read_csv('a.csv')", count=1), code("df.b.sum()", count=3)
        return len(told(example(*cells, code(change, count=2)), "EX001"))

    assert stale("df.b = df.b.fillna(0)\ndf.info()") == 1
    assert stale("df.a = df.a.fillna(0)\ndf.info()") == 0
    assert stale("df.drop(['a'], axis=1, inplace=True)") == 0
    assert stale("df.drop([0, 1], inplace=True)") == 1


def test_what_hangs_on_one_cell_that_was_not_run_is_said_of_one() -> None:
    [finding] = told(
        example(code("a = 1", count=1), code("b = 2"), code("c = 3", count=2), code("b + c", count=3)), "EX007"
    )
    assert "In[3] hangs on it" in finding.message


def test_a_name_that_is_a_magic_or_of_python_2_is_told_with_what_to_write() -> None:
    assert "`%pwd`" in told(example(code("# where\npwd", count=1)), "EX005")[0].message
    assert "Python 3 has no such name" in told(example(code("xrange(3)", count=1)), "EX005")[0].message


def test_a_result_in_doubt_whose_clean_definition_never_ran_is_shown_without_a_drawing() -> None:
    shown = example(
        code("rates = load()"),
        code("rates.mean()", result("2"), count=5),
        code("rates = load('b')", count=3),
        code("rates.sum()", result("4"), count=6),
    )
    findings = told(shown, "EX001")
    assert findings and findings[0].data["replays"] == []
    assert "EX001" in text.render(Report(findings, notebooks=1))
