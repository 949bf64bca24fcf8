"""What the pages say is printed from the code, and the set-up lines are the ones that are run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from helpers_repo import STALE, Repo, new_repo, notebook_of

from nb_mlops.commands.demo import STORY
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


def test_generated_files_are_what_the_code_says(generate: ModuleType) -> None:
    for path, text in generate.all_files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run `python docs/generate.py`"


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


def test_every_place_that_contributors_are_sent_to_is_there() -> None:
    rows = re.findall(r"(?m)^\|.*", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    places = {place for row in rows for place in re.findall(r"`([\w./*-]+/[\w./*-]*)`", row)}
    named = {re.sub(r"[A-Z]+", "*", place).rstrip("/") for place in places}
    assert len(named) > 30
    assert {place for place in named if not [*ROOT.glob(place), *(ROOT / "nb_mlops").glob(place)]} == set()


def shell_lines(page: Path) -> list[str]:
    """The commands that a page shows, without their comments."""
    blocks = re.findall(r"(?s)```sh\n(.*?)```", page.read_text(encoding="utf-8"))
    lines = (line.partition("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line.startswith("nb-mlops ")]


def told_in_the_demo(line: str) -> bool:
    """Whether the demo, which is a test of its own, runs this command with these options."""
    return any(words_of(line) <= words_of(command) for step in STORY for command, _ in step.commands)


def words_of(line: str) -> set[str]:
    return {word for word in line.split() if not word.endswith((".ipynb", "_package", "/"))}


PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# tests/commands/test_models.py runs what the page about the registry shows, where something is registered, and
# tests/commands/test_keys.py what the page about the gate shows, where something was checked.
ELSEWHERE = ("registry.md", "gate.md")
SHOWN = sorted({(page.name, line) for page in PAGES if page.name not in ELSEWHERE for line in shell_lines(page)})
# Which codes a command may end with in the project below, where it is not 0.
CODES = {"lint": {0, 1}, "fix": {0, 1}, "gate": {5}, "evaluate": {5}, "card": {5}, "monitor": {5}, "ci": {0, 1}}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository as the pages have it: notebooks, and a branch with a change."""
    repo = new_repo(tmp_path_factory.mktemp("readme"))
    for name in ("churn.ipynb", "notebooks/churn.ipynb"):
        repo.write(name, (ROOT / "sample_notebooks" / "churn_clean.ipynb").read_bytes())
    repo.write("notebooks/stale.ipynb", notebook_of(*STALE))
    repo.nbm("baseline", "write")
    repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "change")
    repo.write("new.ipynb", notebook_of(*STALE))
    repo.commit("Change")
    return repo


@pytest.mark.parametrize(("page", "line"), SHOWN, ids=[f"{page}: {line}" for page, line in SHOWN])
def test_every_command_that_a_page_shows_is_run(project: Repo, page: str, line: str) -> None:
    verb = line.split()[1]
    if verb in ("convert", "check", "register") or told_in_the_demo(line):
        assert told_in_the_demo(line), f"{page} shows `{line}`, which nothing runs"
        return
    done = project.nbm(*line.split()[1:], code=None)
    assert done.returncode in CODES.get(verb, {0}), done.stdout + done.stderr


def test_there_are_exactly_two_set_up_lines_and_ci_takes_them_from_here() -> None:
    block = README.partition("<!-- set-up -->\n")[2].partition("<!-- /set-up -->")[0].strip().split("\n")
    assert block[0] == "```sh" and block[-1] == "```" and len(block) == 4
    assert block[1].endswith(" && .venv/bin/nb-mlops demo")
    assert block[2].startswith(".venv/bin/python -m pytest ")
    script = ROOT / ".ci" / "run"
    assert "README.md" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
