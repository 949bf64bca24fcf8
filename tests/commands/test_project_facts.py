"""What rules ask about the project reaches them by every way in, and is asked again when it may have changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from nb_mlops.commands import live
from nb_mlops.commands.fix import fix
from nb_mlops.commands.lint import lint
from nb_mlops.core.settings import LintSettings, Settings

CODE = "import pandas as pd\nimport polars as pl\nprint(pd, pl)\nframe = pd.read_csv('data/a.csv')\n%run helpers.py"


def notebook(*sources: str) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "project"
    (root / "work").mkdir(parents=True)
    (root / "work" / "a.ipynb").write_text(json.dumps(notebook(CODE)))
    (root / "requirements.txt").write_text("pandas\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    monkeypatch.chdir(root)
    return root


WITHOUT_RUFF = Settings(lint=LintSettings(ruff=False))


def said(cached: bool = True) -> set[str]:
    return {finding.code for finding in lint(("work/a.ipynb",), WITHOUT_RUFF, cached=cached).findings}


def test_lint_fix_and_an_open_notebook_are_told_the_same(project: Path) -> None:
    asked = {"RE003", "RE009", "RE012"}
    assert asked <= said()
    left = fix(("work/a.ipynb",), WITHOUT_RUFF, dry=True).left.findings
    assert asked <= {finding.code for finding in left}
    document = {"cells": [{"kind": "code", "source": CODE, "id": "c0"}], "nbformat_minor": 5}
    look = live.look_at(document, str(project / "work" / "a.ipynb"), lambda token: None)
    assert asked <= {finding.code for finding in look.report.findings}


def test_what_is_remembered_holds_until_an_answer_that_was_used_changes(project: Path) -> None:
    first = said()
    assert said() == first
    (project / "requirements.txt").write_text("pandas\npolars\n")
    assert first - said() == {"RE003"}
    (project / "work" / "helpers.py").write_text("x = 1\n")
    git(project, "add", ".")
    assert first - said() == {"RE003", "RE012"}
    (project / "work" / "make.py").write_text("frame.to_csv('data/a.csv')\n")
    git(project, "add", ".")
    assert first - said() == {"RE003", "RE009", "RE012"}
    assert said() == said(cached=False)


def test_a_file_that_only_this_machine_has_is_told_apart_from_one_that_nobody_has(project: Path) -> None:
    (project / "work" / "data").mkdir()
    (project / "work" / "data" / "a.csv").write_text("x\n1\n")
    (found,) = [one for one in lint(("work/a.ipynb",), WITHOUT_RUFF).findings if one.code == "RE009"]
    assert "is on this machine" in found.message
    git(project, "add", ".")
    assert "RE009" not in said()


def test_a_suppression_counts_as_used_where_the_project_gives_the_reason(project: Path) -> None:
    source = CODE.replace("import polars as pl", "import polars as pl  # nbm: ignore[RE003] the team's image has it")
    (project / "work" / "a.ipynb").write_text(json.dumps(notebook(source)))
    assert not {"RE003", "FM010"} & said()


def test_rows_of_a_private_file_are_known_again_and_leave_no_trace(project: Path) -> None:
    (project / "private").mkdir()
    rows = [("Ada Lovelace", "1815-12-10", "London", "55.512345"), ("Grace Hopper", "1906-12-09", "New York", "61.2")]
    (project / "private" / "people.csv").write_text("name,born,city,pay\n" + "\n".join(map(",".join, rows)) + "\n")
    shown = "".join(
        f"<tr><th>{n}</th><td>{row[0]}</td><td>{row[1]}</td><td>{row[2]}</td><td>{float(row[3]):.4f}</td></tr>"
        for n, row in enumerate(rows)
    )
    head = "<tr><th></th><th>n</th><th>b</th><th>c</th><th>p</th></tr>"
    html = f"<table class='dataframe'><thead>{head}</thead>{shown}</table>"
    book = notebook("frame")
    book["cells"][0]["outputs"] = [
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/html": html}}
    ]
    (project / "work" / "a.ipynb").write_text(json.dumps(book))
    settings = Settings(lint=LintSettings(ruff=False, select=("ED012",)))
    (found,) = lint(("work/a.ipynb",), settings).findings
    assert "2 rows" in found.message
    stored = b"".join(file.read_bytes() for file in (project.parent / "cache").rglob("*") if file.is_file())
    assert b"Ada" not in stored and b"Hopper" not in found.message.encode()
    (project / "private" / "people.csv").unlink()
    assert not lint(("work/a.ipynb",), settings).findings
