from __future__ import annotations

import pytest

from nb_mlops.analysis.view import View
from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.finding import Finding, Fix, ReplaceText, Safety, Severity
from nb_mlops.core.notebook import Cell, Notebook, Position
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import replace
from nb_mlops.linter import engine
from nb_mlops.linter.foreign import asked, asked_codes, code_for_ruff, failed, findings, wanted
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.rule import code, example, markdown

PLAIN = LintSettings()


def book(*cells: Cell | str, **metadata: object) -> Notebook:
    return example(*(code(c) if isinstance(c, str) else c for c in cells), **metadata).notebook


def says(rule: str, cell: int = 0, message: str = "Something", line: int = 1) -> Diagnostic:
    return Diagnostic(rule, "a-name", message, cell, Position(line, 0), Position(line, 1), "https://host/rule")


def told(notebook: Notebook, *said: Diagnostic, settings: LintSettings = PLAIN) -> tuple[Finding, ...]:
    return findings(notebook, asked(View(notebook)), said, settings)


def test_only_python_that_parses_is_handed_over_and_keeps_its_place() -> None:
    notebook = book(markdown("# x"), "x = 1", "for in", "# nothing", "%%bash\nls", "!ls\ny = !pwd\nif y:\n    %time z")
    assert code_for_ruff(View(notebook)) == (
        *("", "x = 1", "", "", ""),
        "%pass\ny = ...\nif y:\n    %pass",
    )


@pytest.mark.parametrize(
    "notebook",
    [book(markdown("x")), book("for in"), book("x <- 1", kernelspec={"name": "ir", "language": "R"}), book()],
)
def test_a_notebook_without_python_is_not_handed_over(notebook: Notebook) -> None:
    assert code_for_ruff(View(notebook)) == ()


def test_a_finding_carries_ruffs_words_and_our_place() -> None:
    notebook = book(markdown("# x"), code("import os\nx", count=4, id="k"))
    edits = ((Position(2, 0), Position(2, 1), "y"),)
    said = replace(says("F632", 1, "use `==`.", line=2), fix="Compare", safe=True, edits=edits)
    (one,) = told(notebook, said)
    assert (one.code, one.rule, one.severity, one.message) == ("F632", "a-name", Severity.WARNING, "Use `==`.")
    assert one.cell is not None
    assert (one.cell.id, one.cell.execution_count) == ("k", 4)
    assert (one.data["excerpt"], one.data["url"]) == ("x", "https://host/rule")
    assert one.fix is not None
    assert one.fix == Fix("Compare", (ReplaceText(1, Position(2, 0), Position(2, 1), "y"),), Safety.SAFE)
    assert len(one.fingerprint) == 16


@pytest.mark.parametrize(
    ("source", "edits"),
    [
        pytest.param("!ls\nx = 1", [(1, 1, "")], id="it touches what stands for a magic"),
        pytest.param("  x = 1\n  y = 2", [(1, 1, "")], id="the cell was given without its indentation"),
        pytest.param("x = 1\ny = 2", [(1, 1, "import os\n"), (2, 2, "")], id="it imports at the top of another cell"),
        pytest.param("x = 1", [], id="ruff calls it advice"),
    ],
)
def test_a_fix_that_cannot_be_told_for_sure_is_advice(source: str, edits: list[tuple[int, int, str]]) -> None:
    moves = tuple((Position(a, 0), Position(b, 1), text) for a, b, text in edits)
    (one,) = told(book(source), replace(says("E711"), fix="Rewrite", safe=True, edits=moves))
    assert one.fix == Fix("Rewrite", (), Safety.DISPLAY)


def test_an_import_that_a_cell_with_a_syntax_error_may_use_is_not_called_unused() -> None:
    unused = says("F401", 0, "`os` imported but unused")
    assert told(book("import os", "for in os.environ"), unused) == ()
    assert [one.code for one in told(book("import os", "x = 1"), unused)] == ["F401"]


@pytest.mark.parametrize(
    ("rule", "code_shown", "severity"),
    [
        ("F706", "F706", Severity.ERROR),
        ("", "E999", Severity.ERROR),
        ("invalid-syntax", "E999", Severity.ERROR),
        ("NPY201", "NPY201", Severity.WARNING),
        ("PLE1205", "PLE1205", Severity.WARNING),
        ("PLE0101", "PLE0101", Severity.INFO),
        ("F401", "F401", Severity.INFO),
        ("E402", "E402", Severity.INFO),
    ],
)
def test_an_error_is_what_cannot_run_a_warning_a_fault_and_the_rest_is_taste(
    rule: str, code_shown: str, severity: Severity
) -> None:
    (one,) = told(book("x = 1"), says(rule))
    assert (one.code, one.severity) == (code_shown, severity)


@pytest.mark.parametrize(
    "sources",
    [
        ("width",),  # EX005 says it
        ("f()", "def f():\n    return 1"),  # EX006 says it
        ("def f():\n    return width\nf()",),  # EX005, through the function
        ("%%capture width\nprint(1)", "def f():\n    return width"),
        ("from elsewhere import *", "def f():\n    return width"),
        ("for in", "def f():\n    return width"),
        ("def width():\n    return display(1), spark",),
    ],
)
def test_a_name_that_we_judge_or_that_may_be_bound_is_not_ruffs_to_call_undefined(sources: tuple[str, ...]) -> None:
    names = ("width", "f", "display", "spark")
    said = [says("F821", len(sources) - 1, f"Undefined name `{name}`") for name in names]
    assert told(book(*sources), *said) == ()


def test_a_name_that_only_functions_nobody_calls_read_is_told_once() -> None:
    notebook = book("def f():\n    return width\ndef g():\n    return width")
    twice = [says("F821", 0, "Undefined name `width`", line) for line in (2, 4)]
    (one,) = told(notebook, *twice)
    assert one.severity is Severity.WARNING
    assert "`width`" in one.message
    assert "NameError" in one.message


def test_what_only_a_magic_uses_is_used() -> None:
    notebook = book("import os\nimport re", "%timeit os.getcwd()\n!echo {x}")
    said = [says("F401", 0, f"`{name}` imported but unused") for name in ("os", "re")]
    assert [one.message for one in told(notebook, *said)] == ["`re` imported but unused."]


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({}, ["E402", "F401", "PLE0101"]),
        ({"ignore": ("F401",)}, ["E402", "PLE0101"]),
        ({"ignore": ("F", "PL")}, ["E402"]),
        ({"select": ("f401",)}, ["F401"]),
        ({"select": ("EX",)}, []),
        ({"select": ("EX",), "extend_select": ("E",)}, ["E402"]),
    ],
)
def test_the_settings_choose_among_ruffs_codes_too(settings: dict[str, tuple[str, ...]], codes: list[str]) -> None:
    said = [says(rule) for rule in ("E402", "F401", "PLE0101")]
    assert [one.code for one in told(book("x = 1"), *said, settings=LintSettings(**settings))] == codes  # type: ignore[arg-type]


def test_ruff_is_wanted_unless_it_is_off_or_could_say_nothing() -> None:
    assert wanted(PLAIN)
    assert not wanted(LintSettings(ruff=False))
    assert not wanted(LintSettings(select=("EX", "SE001")))
    assert wanted(LintSettings(select=("EX", "F821")))
    assert wanted(LintSettings(ignore=("F",)))


def test_a_place_that_the_notebook_does_not_have_is_passed_over() -> None:
    assert told(book("x"), says("F632", 7), says("F632", -1)) == ()


def test_a_secret_in_ruffs_words_is_covered() -> None:
    secret = "AKIA" + "QYLPMN5HHHFPZAM2"
    said = replace(says("F722", 0, f"Syntax error in forward annotation: `{secret}`"), fix=f"Replace by {secret}")
    (one,) = told(book(f"x: '{secret}' = 1"), said)
    assert secret not in str(one)


def suppressed(notebook: Notebook, *said: Diagnostic) -> engine.LintResult:
    found = told(notebook, *said)
    before = engine.lint(notebook, load_rules(), PLAIN)
    return engine.with_foreign(notebook, before, found, load_rules(), PLAIN)


def test_ruffs_findings_are_silenced_like_ours() -> None:
    notebook = book("x = 1  # nbm: ignore[F632] meant\ny = 2", code("y", tags=("nbm-ignore-F632",)))
    result = suppressed(notebook, says("F632", 0, line=1), says("F632", 1))
    assert (result.findings, result.suppressed) == ((), 2)


def test_a_suppression_of_ruffs_is_neither_unknown_nor_called_unused() -> None:
    assert suppressed(book("x = 1  # nbm: ignore[F632]")).findings == ()


def test_findings_of_both_stand_in_reading_order() -> None:
    notebook = book("!pip install pandas", "x = 1")
    result = suppressed(notebook, says("F632", 1), says("E402", 0))
    assert [one.code for one in result.findings] == ["E402", "RE002", "F632"]


def test_a_ruff_that_fails_is_one_finding_that_says_how_many_notebooks_it_is_about() -> None:
    one = failed(["a.ipynb", "b.ipynb"], "it stopped: oh no.")
    assert (one.code, one.path) == ("NB002", "a.ipynb")
    assert "and 1 more: it stopped: oh no. " in one.message


def test_a_baseline_may_speak_of_ruffs_codes_where_ruff_was_asked() -> None:
    here = suppressed(book("x = 1"), says("F632"))
    assert asked_codes([here], ["E402", "EX001"], PLAIN) == {"F632", "E402"}
    assert asked_codes([here], ["E402"], LintSettings(ruff=False)) == frozenset()
    assert asked_codes([engine.LintResult((failed(["a"], "no"),))], ["E402"], PLAIN) == frozenset()


def test_a_name_that_a_called_function_reads_on_some_path_only_is_told() -> None:
    notebook = book("def f(n=0):\n    if n:\n        return width\nf()")
    (one,) = told(notebook, says("F821", 0, "Undefined name `width`", 3))
    assert "nothing defines it" in one.message
