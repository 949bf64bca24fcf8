"""The shipped notebooks are what README and the demo say they are."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from nb_mlops.analysis.view import View
from nb_mlops.catalogue import members
from nb_mlops.commands.clean import clean_bytes
from nb_mlops.core.errors import UsageError
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.ipynb.read import read
from nb_mlops.linter.difference import difference
from nb_mlops.linter.engine import lint
from nb_mlops.linter.rule import Rule
from nb_mlops.outside import samples

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "sample_notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
RULES = members("nb_mlops.rules", "RULE", Rule, "code")


def planted(name: str) -> Notebook:
    notebook = read(samples.plant((FOLDER / name).read_bytes()), name)
    assert isinstance(notebook, Notebook)
    return notebook


def findings(notebook: Notebook) -> tuple[Finding, ...]:
    return lint(notebook, RULES, LintSettings()).findings


@pytest.mark.parametrize("name", ["churn_clean.ipynb", "diabetes_progression.ipynb"])
def test_a_sample_that_is_called_clean_has_no_findings(name: str) -> None:
    assert findings(planted(name)) == ()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("hidden_state.ipynb", {"EX001", "EX005", "EX006", "EX009"}),
        ("customer_data.ipynb", {"SE001", "PI001", "PI002", "PI011", "ED013", "RE002"}),
        ("member_list.ipynb", {"PI001", "PI004", "PI011", "PI012", "PI015", "ED003", "ED006", "ED011"}),
        (
            "churn_messy.ipynb",
            {"EX001", "EX005", "EX006", "EX009", "ED001", "ED013", "SE001", "PI001", "RE002", "FM014"},
        ),
    ],
)
def test_a_sample_with_faults_has_those_and_no_others(name: str, codes: set[str]) -> None:
    assert {finding.code for finding in findings(planted(name))} == codes


def test_cleaning_a_sample_leaves_no_personal_value_in_its_outputs() -> None:
    for name in ("member_list.ipynb", "customer_data.ipynb"):
        data = samples.plant((FOLDER / name).read_bytes())
        cleaned = clean_bytes(data, name, Settings())
        outputs = json.dumps([cell.get("outputs") for cell in json.loads(cleaned.data)["cells"]])
        assert cleaned.removed
        assert not [place for place, value in samples.planted().items() if value in outputs]
        assert clean_bytes(cleaned.data, name, Settings()).removed == ()


def test_what_a_fix_would_change_is_shown_without_the_values() -> None:
    for name in ("member_list.ipynb", "customer_data.ipynb"):
        before = planted(name)
        after = read(clean_bytes(before.raw, name, Settings()).data, name)
        assert isinstance(after, Notebook)
        shown = difference(before, after)
        assert "[email]" in shown
        hidden = [*samples.planted().values(), "Okafor"]
        assert not [value for value in hidden if value in shown.replace("Ruth Okafor, treasurer", "")]


def test_the_stale_definition_is_found_where_it_is() -> None:
    notebook = planted("hidden_state.ipynb")
    stale = [f for f in findings(notebook) if f.code == "EX001"]
    assert "columns" in stale[0].message
    assert stale[0].span is not None and stale[0].span.cell is not None
    assert notebook.cells[stale[0].span.cell].id == "all-columns"
    assert notebook.cells[stale[0].related[0].span.cell or 0].id == "split"


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_in_the_repository_holds_no_secret_and_no_address(name: str) -> None:
    notebook = read((FOLDER / name).read_bytes(), name)
    assert isinstance(notebook, Notebook)
    grave = [f for f in findings(notebook) if f.severity is not Severity.INFO]  # names alone, all invented
    assert not [f for f in grave if f.code.startswith(("SE", "PI"))]


def test_no_planted_value_is_ever_printed_by_a_finding() -> None:
    for name in NAMES:
        for finding in findings(planted(name)):
            said = json.dumps([finding.message, [r.message for r in finding.related], str(finding.data)])
            assert not [value for value in samples.planted().values() if value in said], finding.code


def test_placeholders_are_as_long_as_what_takes_their_place_and_none_is_left() -> None:
    assert all(len(placeholder) == len(value) for placeholder, value in samples.planted().items())
    for name in NAMES:
        assert b"PLANT-" not in samples.plant((FOLDER / name).read_bytes())


def test_real_size_means_what_readme_says() -> None:
    notebook = planted("diabetes_progression.ipynb")
    images = [o for cell in notebook.code_cells for o in cell.outputs if "image/png" in o.data]
    assert len(notebook.cells) >= 60 and len(images) >= 5
    assert (FOLDER / "diabetes_progression.ipynb").stat().st_size < 1_500_000


def test_the_data_are_what_the_committed_script_writes(tmp_path: Path) -> None:
    script = tmp_path / "make_subscribers.py"
    script.write_bytes((FOLDER / "data" / "make_subscribers.py").read_bytes())
    runpy.run_path(str(script), run_name="__main__")
    assert (tmp_path / "subscribers.csv").read_bytes() == (FOLDER / "data" / "subscribers.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_no_folder_of_the_machine_that_ran_a_sample_is_in_it(name: str) -> None:
    paths = re.findall(r"(?<![\w.])/(?:tmp|root|home|Users|private|var)/[\w./-]+", (FOLDER / name).read_text("utf-8"))
    assert {path for path in paths if not path.startswith("/home/mkeller/work/retention")} == set()


def test_the_authors_edits_leave_a_notebook_that_any_order_rule_accepts(tmp_path: Path) -> None:
    notebook = tmp_path / "churn.ipynb"
    notebook.write_bytes(samples.plant((FOLDER / "churn_messy.ipynb").read_bytes()))
    changes = samples.edit(notebook, "churn_messy.edits.json")
    mended = read(notebook.read_bytes(), "churn.ipynb")
    assert isinstance(mended, Notebook)
    assert all(change.why and change.removed + change.added + change.moved for change in changes)
    assert not [cell for cell in mended.code_cells if View(mended).python[cell.index].problem]
    assert next(cell for cell in mended.cells if cell.id == "settings").tags == ("parameters",)
    assert mended.cells[-2].id == "declare"


def test_the_demo_never_touches_a_folder_that_is_something_else(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.ipynb"
    mine.write_text("mine")
    with pytest.raises(UsageError, match="no demo put there"):
        samples.make_demo_folder(tmp_path, "churn_messy.ipynb", "churn.ipynb")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.ipynb"]


def test_the_demo_makes_its_own_folder_anew_and_leaves_other_files_there(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    samples.make_demo_folder(folder, "churn_messy.ipynb", "churn.ipynb", "package")
    fresh = (folder / "churn.ipynb").read_bytes()
    (folder / "churn.ipynb").write_text("changed")
    (folder / "notes.txt").write_text("keep")
    (folder / "package").mkdir()
    (folder / ".nb-mlops" / "evidence").mkdir(parents=True)
    samples.make_demo_folder(folder, "churn_messy.ipynb", "churn.ipynb", "package")
    assert (folder / "churn.ipynb").read_bytes() == fresh
    assert sorted(path.name for path in folder.iterdir()) == ["churn.ipynb", "data", "nb-mlops.toml", "notes.txt"]
