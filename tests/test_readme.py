"""What the pages say is printed from the code, and the set-up lines are the ones that are run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from nb_mlops.doors.cli import VERBS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables(generate: ModuleType) -> dict[str, str]:
    found: dict[str, str] = generate.all_tables()
    return found


def test_no_table_is_stale(generate: ModuleType, tables: dict[str, str]) -> None:
    for page in generate.PAGES:
        text = page.read_text(encoding="utf-8")
        assert generate.filled(text, tables) == text, f"{page.name} is stale: run `python docs/generate.py`"


def test_every_table_stands_on_some_page(generate: ModuleType, tables: dict[str, str]) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in generate.PAGES)
    assert {name for name in tables if f"<!-- begin:{name} -->" not in text} == set()


def test_every_sample_has_its_row(generate: ModuleType) -> None:
    assert set(generate.SAMPLES) == {path.name for path in (ROOT / "sample_notebooks").glob("*.ipynb")}


def test_every_command_in_a_page_exists() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        verbs = re.findall(r"(?m)(?:`|^|/)nb-mlops ([a-z]+)\b", page.read_text(encoding="utf-8"))
        assert set(verbs) <= set(VERBS), page.name


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))])
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert {link for link in links if not (page.parent / link).exists()} == set()


def test_there_are_exactly_two_set_up_lines_and_ci_takes_them_from_here() -> None:
    block = README.partition("<!-- set-up -->\n")[2].partition("<!-- /set-up -->")[0].strip().split("\n")
    assert block[0] == "```sh" and block[-1] == "```" and len(block) == 4
    assert block[1].endswith(" && .venv/bin/nb-mlops demo")
    assert block[2].startswith(".venv/bin/python -m pytest ")
    script = ROOT / ".ci" / "run"
    assert "README.md" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
