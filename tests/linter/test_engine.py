from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from nb_mlops.analysis.view import View
from nb_mlops.core.errors import SettingsError
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell, Notebook, Position, Span, Unreadable
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.core.value import replace
from nb_mlops.linter.engine import choose, lint, lint_unreadable
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, stdout


def rule(name: str, slug: str = "", needle: str = "BAD", **changes: Any) -> Rule:
    """A rule that flags each line with a word."""

    def check(view: View) -> Iterable[Hit]:
        for cell in view.notebook.cells:
            for number, line in enumerate(cell.source.split("\n"), 1):
                if needle in line:
                    yield Hit(f"found {needle}", view.line_span(cell, number, line.index(needle)))

    made = Rule(name, slug or name.lower(), Severity.WARNING, tuple, tuple, check=check)
    return replace(made, **changes)


def run(notebook: Notebook, *rules: Rule, **settings: Any) -> Any:
    return lint(notebook, {r.code: r for r in rules}, LintSettings(**settings))


def book(*cells: Cell, **metadata: Any) -> Notebook:
    return example(*cells, **metadata).notebook


def test_findings_come_in_reading_order_whatever_order_the_rules_run_in() -> None:
    notebook = book(code("a\nBAD"), code("BAD WORSE"))
    found = run(notebook, rule("ZZ001"), rule("AA001", needle="WORSE")).findings
    assert [(f.code, f.span.cell, f.span.start.line) for f in found] == [
        ("ZZ001", 0, 2),
        ("ZZ001", 1, 1),
        ("AA001", 1, 1),
    ]


def test_a_finding_carries_the_rules_words_and_the_cell() -> None:
    notebook = book(code("BAD", count=7, id="k"))
    (found,) = run(notebook, rule("ZZ001", "bad-word")).findings
    assert (found.rule, found.severity, found.path) == ("bad-word", Severity.WARNING, "example.ipynb")
    assert found.cell is not None
    assert (found.cell.index, found.cell.execution_count) == (0, 7)
    assert found.data["excerpt"] == "BAD"


def test_a_rule_that_crashes_is_a_finding_that_names_it_and_quotes_nothing() -> None:
    def check(view: View) -> Iterable[Hit]:
        yield Hit("first", view.line_span(view.cell(0)))
        raise ValueError(view.cell(0).source)

    broken = Rule("ZZ001", "broken", Severity.ERROR, tuple, tuple, check=check)
    result = run(book(code("hunter2 BAD")), broken, rule("ZZ002"))
    assert [f.code for f in result.findings] == ["NB001", "ZZ002"]
    crash = result.findings[0]
    assert "ZZ001" in crash.message
    assert "ValueError" in crash.message
    assert "test_engine.py:" in crash.message
    assert "hunter2" not in str(crash)
    assert result.rules == ("ZZ002",)


def test_a_place_that_the_notebook_does_not_have_is_a_crash_of_its_rule() -> None:
    def check(view: View) -> Iterable[Hit]:
        yield Hit("beyond", Span(9, "source", Position(1, 0), Position(1, 0)))

    odd = Rule("ZZ001", "odd", Severity.ERROR, tuple, tuple, check=check)
    assert [f.code for f in run(book(code("BAD")), odd, rule("ZZ002")).findings] == ["NB001", "ZZ002"]


def test_rules_for_python_leave_other_languages_alone() -> None:
    notebook = book(code("BAD"), kernelspec={"name": "ir", "language": "R"})
    assert not run(notebook, rule("ZZ001")).findings
    assert run(notebook, rule("ZZ001", every_language=True)).findings


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({}, {"EX001", "EX002", "SE001"}),
        ({"select": ("EX",)}, {"EX001", "EX002"}),
        ({"select": ("se001", "XX")}, {"SE001", "XX001"}),
        ({"extend_select": ("XX001",)}, {"EX001", "EX002", "SE001", "XX001"}),
        ({"ignore": ("EX",)}, {"SE001"}),
        ({"select": ("EX",), "ignore": ("EX002",)}, {"EX001"}),
        ({"select": ("stale",)}, {"EX001"}),
        ({"select": ("ALL",)}, {"EX001", "EX002", "SE001", "XX001"}),
        ({"select": ("all",), "ignore": ("EX",)}, {"SE001", "XX001"}),
    ],
)
def test_rules_are_chosen_by_code_beginning_or_slug(settings: dict[str, Any], codes: set[str]) -> None:
    known = [rule("EX001", "stale"), rule("EX002"), rule("SE001"), rule("XX001", default=False)]
    assert set(choose({r.code: r for r in known}, LintSettings(**settings))) == codes


@pytest.mark.parametrize("field", ["select", "extend_select", "ignore"])
def test_a_code_that_no_rule_has_is_an_error_with_the_nearest_name(field: str) -> None:
    with pytest.raises(SettingsError, match="No rule has the code `SE0O1`") as caught:
        choose({"SE001": rule("SE001")}, LintSettings(**{field: ("SE0O1",)}))
    assert "`SE001`" in caught.value.remedy


def prints(notebook: Notebook, **settings: Any) -> list[str]:
    return [f.fingerprint for f in run(notebook, rule("ZZ001"), **settings).findings]


def test_a_fingerprint_survives_new_counts_moved_cells_another_path_and_blank_lines() -> None:
    before = book(code("x = 1\nBAD", count=1))
    (one,) = prints(before)
    assert prints(book(markdown("new"), code("x = 1\n\nBAD  ", stdout("output"), count=9, id="other"))) == [one]
    assert prints(replace(before, path="elsewhere/b.ipynb")) == [one]
    assert prints(book(code("# nbm: ignore[QQ001] unknown\nx = 1\nBAD"))) == [one]
    assert prints(book(code("x = 2\nBAD"))) != [one]


def test_equal_findings_have_different_fingerprints() -> None:
    found = prints(book(code("BAD\nBAD"), code("BAD\nBAD")))
    assert len(set(found)) == 4


def test_a_line_that_is_shown_never_holds_a_token_or_an_address() -> None:
    token = "".join(("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr"))
    source = f"BAD = login('{token}', 'ada.l@ada-online.org', '/home/mkowalski/x')"
    (found,) = run(book(code(source)), rule("ZZ001")).findings
    excerpt = found.data["excerpt"]
    assert len(excerpt) == len(source)
    for value in (token, "ada.l", "mkowalski"):
        assert value not in excerpt


def test_a_sensitive_rules_place_is_covered_where_its_line_is_shown_and_where_it_is_hashed() -> None:
    values = ("4711-0815", "4711-9999")
    found = [
        run(book(code(f"pin = '{value}'")), rule("ZZ001", needle=value, sensitive=True)).findings[0] for value in values
    ]
    assert not any(value in str(f.data) for value in values for f in found)
    assert found[0].data["excerpt"].startswith("pin = '*")


def test_a_long_line_is_shown_around_the_place_that_is_meant() -> None:
    source = "a" * 1000 + "BAD" + "b" * 1000
    (found,) = run(book(code(source)), rule("ZZ001")).findings
    excerpt, (start, _) = found.data["excerpt"], found.data["caret"]
    assert len(excerpt) <= 200
    assert excerpt[start : start + 3] == "BAD"


def test_what_steers_a_terminal_or_turns_text_round_is_shown_and_not_obeyed() -> None:
    (found,) = run(book(code("x\x1b[2J\r\x85\u202eBAD")), rule("ZZ001")).findings
    assert found.data["excerpt"] == "x\ufffd[2J\ufffd\ufffd\ufffdBAD"


def test_a_span_outside_the_source_ends_no_run() -> None:
    def check(view: View) -> Iterable[Hit]:
        yield Hit("beyond", Span(0, "source", Position(9, 4), Position(9, 9)))

    odd = Rule("ZZ001", "odd", Severity.ERROR, tuple, tuple, check=check)
    assert [f.code for f in run(book(code("x")), odd).findings] == ["ZZ001"]


def test_a_file_that_is_no_notebook_is_a_finding_even_when_other_rules_were_selected() -> None:
    html = Unreadable("a.ipynb", "html-page", "This is a saved web page.", Position(3, 0))
    result = lint_unreadable(html, load_rules(), LintSettings(select=("SE",)))
    assert [(f.code, f.span.start.line) for f in result.findings if f.span] == [("FM001", 3)]
    assert not lint_unreadable(html, load_rules(), LintSettings(ignore=("FM001",))).findings


def test_a_rule_that_crashes_on_a_file_that_is_no_notebook_is_a_finding_too() -> None:
    def check_file(_: Unreadable) -> Iterable[Hit]:
        raise RuntimeError

    broken = Rule("ZZ001", "broken", Severity.ERROR, tuple, tuple, check_file=check_file)
    result = lint_unreadable(Unreadable("a.ipynb", "empty", "Empty."), {"ZZ001": broken}, LintSettings())
    assert [f.code for f in result.findings] == ["NB001"]
