from __future__ import annotations

import base64
from collections.abc import Iterable

import pytest

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Fix, InsertCell, MoveCell, ReplaceText, Safety, Severity
from nb_mlops.core.notebook import Cell, Notebook
from nb_mlops.core.settings.lint import LintSettings
from nb_mlops.fixer import apply
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.difference import difference
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, stdout

TOKEN = "".join(("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr"))


def from_file(*cells: Cell) -> Notebook:
    notebook = read(write(example(*cells).notebook), "rates.ipynb")
    assert isinstance(notebook, Notebook)
    return notebook


def test_a_token_in_code_and_output_is_cleared_safely_and_replaced_only_with_consent() -> None:
    notebook = from_file(code(f"token = '{TOKEN}'\nsame = token", stdout(f"{TOKEN}\n"), stdout("kept\n")))
    safe = repair(notebook, load_rules(), LintSettings())
    assert [f.code for f in safe.left.findings] == ["SE001"]
    assert safe.notebook.cells[0].source == notebook.cells[0].source
    assert TOKEN not in str(safe.notebook.cells[0].outputs)
    whole = repair(notebook, load_rules(), LintSettings(), allow_unsafe=True)
    assert not whole.left.findings
    assert whole.notebook.cells[0].source == 'import os\ntoken = os.environ["HF_TOKEN"]\nsame = token'


def test_import_os_is_not_added_where_it_stands_already() -> None:
    notebook = from_file(code("import os, sys"), code(f"%%time\ntoken = '{TOKEN}'"))
    done = repair(notebook, load_rules(), LintSettings(), allow_unsafe=True)
    assert done.notebook.cells[1].source == '%%time\ntoken = os.environ["HF_TOKEN"]'


def test_a_token_inside_a_longer_literal_is_read_from_the_environment_beside_the_rest() -> None:
    source = f"import os\nx = 'hub {TOKEN}!' % y"
    done = repair(from_file(code(source)), load_rules(), LintSettings(select=("SE",)), allow_unsafe=True)
    assert done.notebook.cells[0].source == "import os\nx = ('hub ' + os.environ[\"HF_TOKEN\"] + '!') % y"


def test_a_token_that_is_no_literals_part_is_left_to_a_person() -> None:
    for source in (f"x = f'{TOKEN}' + y", f"!curl -H {TOKEN}", f"x = '''\n{TOKEN}\n'''"):
        done = repair(from_file(code(source)), load_rules(), LintSettings(select=("SE",)), allow_unsafe=True)
        assert not done.fixed
        assert done.notebook.cells[0].source == source


@pytest.mark.parametrize("indent", ["", "    "])
def test_what_was_put_into_the_environment_is_expected_there(indent: str) -> None:
    head = f"import os\n{'if True:' if indent else '# keys'}\n"
    first = code(f"{head}{indent}os.environ['HUB_KEY'] = '{TOKEN}'  # mine\n{indent}x = 1")
    done = repair(from_file(first, code(f"login('{TOKEN}')")), load_rules(), LintSettings(), allow_unsafe=True)
    expected = f'{indent}assert "HUB_KEY" in os.environ, "HUB_KEY is not set"  # mine\n{indent}x = 1'
    assert [cell.source for cell in done.notebook.cells] == [f"{head}{expected}", 'login(os.environ["HUB_KEY"])']


def test_a_token_in_metadata_is_redacted_where_it_stands() -> None:
    notebook = from_file(code("x = 1", parameters={"list": ["a", f"key={TOKEN}"], "other": 1}))
    done = repair(notebook, load_rules(), LintSettings())
    assert done.notebook.cells[0].metadata["parameters"] == {"list": ["a", "key=[removed]"], "other": 1}
    assert not done.left.findings


def test_a_key_in_metadata_line_by_line_is_told_and_no_fix_is_promised_that_changes_nothing() -> None:
    body = base64.b64encode(b"openssh-key-v1\0" + bytes(range(90))).decode()
    lines = ["-----BEGIN OPENSSH " + "PRIVATE KEY-----", body, "-----END OPENSSH " + "PRIVATE KEY-----"]
    (found,) = repair(from_file(code("x = 1", key=lines)), load_rules(), LintSettings()).left.findings
    assert (found.code, found.fix) == ("SE012", None)


def test_a_dump_of_addresses_is_cleared_and_a_few_are_masked() -> None:
    few = "ada.l@ada-online.org, alan@turing-mail.co.uk"
    many = "\n".join(f"person{n}@ada-online.org" for n in range(300))
    done = repair(from_file(code("1", stdout(few)), code("2", stdout(many))), load_rules(), LintSettings())
    assert done.notebook.cells[0].outputs[0].text == "[email], [email]"
    assert not done.notebook.cells[1].outputs
    assert not done.left.findings


def test_a_rule_whose_fix_never_comes_to_rest_is_stopped() -> None:
    def check(view: View) -> Iterable[Hit]:
        span = view.line_span(view.cell(0))
        yield Hit("again", span, fix=Fix("more", (ReplaceText(0, span.start, span.start, "#"),)))

    rule = Rule("ZZ001", "again", Severity.INFO, tuple, tuple, check=check)
    done = repair(from_file(code("x")), {"ZZ001": rule}, LintSettings())
    assert done.notebook.cells[0].source == "#" * 10 + "x"


def test_a_diff_shows_what_changes_by_cell_and_covers_what_must_not_be_shown() -> None:
    notebook = from_file(
        code(f"a = 1\ntoken = '{TOKEN}'\nb = 2"), code("print(1)", stdout("/home/mkowalski/x\nada.l@ada-online.org\n"))
    )
    done = repair(notebook, load_rules(), LintSettings(), allow_unsafe=True)
    diff = difference(notebook, done.notebook)
    assert "--- rates.ipynb cell 1 code" in diff
    assert '+token = os.environ["HF_TOKEN"]' in diff
    assert f"-token = '{'*' * len(TOKEN)}'" in diff
    assert "--- rates.ipynb cell 2 printed output" in diff
    assert "+~/x" in diff
    assert "+[email]" in diff
    for value in (TOKEN, "mkowalski", "ada.l"):
        assert value not in diff


def test_a_diff_of_nothing_is_empty_and_a_long_one_is_cut() -> None:
    notebook = from_file(code("x", stdout("line of output\n" * 20_000)))
    assert difference(notebook, notebook) == ""
    diff = difference(notebook, repair(notebook, load_rules(), LintSettings()).notebook)
    assert diff.count("\n") < 50
    assert "more lines" in diff


def test_a_diff_tells_of_moved_and_new_cells() -> None:
    notebook = from_file(code("a"), markdown("b"), code("c"))
    new = Cell(0, notebook.cells[0].kind, "fresh")
    fix = Fix("order", (MoveCell(2, 0), InsertCell(1, new)), Safety.SAFE)
    after, _ = apply(notebook, [fix])
    diff = difference(notebook, after)
    assert "cell 3\n+++ rates.ipynb cell 1 (moved)" in diff
    assert "(new)" in diff
    assert "+fresh" in diff
