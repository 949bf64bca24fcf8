"""Options and settings that decide what a run looks at and where its answer goes, each tried once from outside."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from helpers_cli import save

from nb_mlops.linter.rule import code, result, stdout

CLEAN = code("x = 1", count=1)
TABLE = "<table><tr><th>day</th><th>rain</th></tr>" + "<tr><td>1</td><td>0.5</td></tr>" * 20 + "</table>"
SHOWN = code("rain = 1\nrain", result("20 rows", text_html=TABLE), count=1)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("setting", "cell", "found"),
    [
        ("max-output-kb = 1", code("print('rain ' * 999)", stdout("rain " * 999), count=1), "ED001"),
        ("max-notebook-mb = 0", CLEAN, "ED002"),
        ("max-table-rows = 10", SHOWN, "ED006"),
        (
            'extend-select = ["ED008"]\nconfidential-words = ["eyes only"]',
            code("print(note)", stdout("For your eyes only.\n"), count=1),
            "ED008",
        ),
    ],
)
def test_a_setting_of_lint_draws_the_line_elsewhere(run: Any, setting: str, cell: Any, found: str) -> None:
    save("a.ipynb", code("note = 1", count=1), cell)
    assert f" {found} " not in run("lint")[1]
    Path("nb-mlops.toml").write_text(f"[lint]\n{setting}\n", "utf-8")
    assert f" {found} " in run("lint")[1]


def test_a_hook_names_files_that_the_project_leaves_out(run: Any) -> None:
    save("old/a.ipynb", code("!pip install pandas"))
    Path("nb-mlops.toml").write_text('[lint]\nexclude = ["old/"]\n', "utf-8")
    assert run("lint", "old/a.ipynb")[0] == 1
    assert run("lint", "--force-exclude", "old/a.ipynb")[0] == 0
    assert run("fix", "--force-exclude", "old/a.ipynb")[0] == 0


def test_the_summary_of_a_change_is_added_to_a_page(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)  # where a job of CI runs, a key within reach ends it
    subprocess.run(["git", "init", "-q", "."], check=True)
    save("a.ipynb", code("!pip install pandas"))
    Path("page.md").write_text("# Before\n", "utf-8")
    assert run("ci", "--all", "--summary", "page.md")[0] == 1
    page = Path("page.md").read_text("utf-8")
    assert page.startswith("# Before\n")
    assert "RE002" in page


def test_hooks_come_from_the_mirror_that_is_named(run: Any) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    save("a.ipynb", CLEAN)
    assert run("init", "--yes", "--source", "https://mirror.example/nb-mlops")[0] == 0
    assert "repo: https://mirror.example/nb-mlops" in Path(".pre-commit-config.yaml").read_text("utf-8")


def test_the_demo_writes_into_no_folder_that_holds_something_else(run: Any) -> None:
    save("mine/a.ipynb", CLEAN)
    status, _, said = run("demo", "--dir", "mine")
    assert status == 2
    assert "mine" in said
    assert [file.name for file in Path("mine").iterdir()] == ["a.ipynb"]


def test_a_key_counts_until_its_day(run: Any, monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    monkeypatch.setenv("NB_MLOPS_KEY", str(project / "own.pem"))
    assert run("keys", "new", "--out", "ci.pem")[0] == 0
    words = ("keys", "trust", "ci.pub.pem", "--owner", "CI", "--assurance", "ci")
    assert run(*words, "--until", "yesterday")[0] == 2
    assert run(*words, "--until", "2098-12-31")[0] == 0
    (key,) = [key for key in json.loads(run("keys", "list", "--format", "json")[1])["keys"] if key["owner"] == "CI"]
    assert key["until"] == "2098-12-31"


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (("keys", "trust", "note.txt", "--owner", "CI"), "nb-mlops keys new"),
        (("lint", "--report", "json=note.txt/a/report.json"), "a folder that you may write to"),
    ],
)
def test_an_error_names_the_way_out(run: Any, words: tuple[str, ...], way_out: str) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    save("a.ipynb", CLEAN)
    Path("note.txt").write_text("no key\n", "utf-8")
    status, _, said = run(*words)
    assert status == 2
    assert way_out in said
