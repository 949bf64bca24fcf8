"""The git filter and diff, by the real git."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers_repo import CLEAN, Repo, new_repo, notebook_of

HOME = "/home/" + "mkowalski"
LEAKY = {"name": "stdout", "output_type": "stream", "text": [f"{HOME}/data.csv\n"]}
BIG = notebook_of(*[(f"x{n} = {n}  # {'ä' * 60}", n) for n in range(900)], outputs={0: [LEAKY]})


def listing(repo: Repo) -> dict[str, bytes]:
    """Everything of git's own that is no object, index or log."""
    folder = repo.root / ".git"
    kept = (
        path
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in ("objects", "logs")
    )
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept if path.name != "index"}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path)
    repo.write("README.md", "Notebooks.\n")
    repo.commit("Begin")
    return repo


def test_what_is_staged_is_clean_and_the_working_tree_is_as_it_was(repo: Repo) -> None:
    assert "when they are staged" in repo.nbm("git", "install").stdout
    leaky = notebook_of(("import os\nprint(os.getcwd())", 1), outputs={0: [LEAKY]})
    for name in ("a.ipynb", "folder/b ä.ipynb"):
        repo.write(name, leaky)
    repo.write("big.ipynb", BIG)
    repo.write("clean.ipynb", notebook_of(CLEAN))
    repo.write("broken.ipynb", b"no notebook \xff\n")
    repo.commit("Notebooks")
    assert (repo.root / "a.ipynb").read_bytes() == leaky
    assert HOME not in repo.git("show", "HEAD:a.ipynb") + repo.git("show", "HEAD:folder/b ä.ipynb")
    committed = json.loads(repo.git("show", "HEAD:big.ipynb"))
    assert committed["cells"][0]["outputs"][0]["text"] == ["~/data.csv\n"] and len(committed["cells"]) == 900
    assert repo.git("show", "HEAD:clean.ipynb").encode() == notebook_of(CLEAN)
    assert repo.git("status", "--porcelain") == ""
    repo.git("checkout", "-q", "HEAD~1")
    repo.git("checkout", "-q", "main")
    assert HOME.encode() not in (repo.root / "a.ipynb").read_bytes()


def test_what_the_project_excludes_passes_as_it_is(repo: Repo) -> None:
    repo.nbm("git", "install")
    repo.write("nb-mlops.toml", '[lint]\nexclude = ["archive/"]\n')
    repo.write("archive/a.ipynb", notebook_of(("1", 1), outputs={0: [LEAKY]}))
    repo.commit("Archive")
    assert HOME in repo.git("show", "HEAD:archive/a.ipynb")


def test_settings_that_cannot_be_understood_stop_the_staging(repo: Repo) -> None:
    repo.nbm("git", "install")
    repo.write("nb-mlops.toml", '[lint]\nexlude = ["archive/"]\n')
    repo.write("a.ipynb", notebook_of(("1", 1), outputs={0: [LEAKY]}))
    done = repo.run("git", "add", "a.ipynb", code=None)
    assert done.returncode != 0 and repo.git("ls-files", "a.ipynb") == ""


def test_a_diff_shows_cells_and_no_counts(repo: Repo) -> None:
    repo.nbm("git", "install")
    repo.write("a.ipynb", notebook_of(("rate = 2", 1), ("rate", 2)))
    repo.commit("Rate")
    repo.write("a.ipynb", notebook_of(("rate = 3", 7), ("rate", 8)))
    lines = repo.git("diff").splitlines()
    assert "-rate = 2" in lines and "+rate = 3" in lines
    assert len([line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]) == 2


def test_uninstall_leaves_nothing_and_both_may_be_said_twice(repo: Repo) -> None:
    before = listing(repo)
    assert repo.nbm("git", "uninstall").stdout == "There was nothing of it here.\n"
    repo.nbm("git", "install")
    installed = listing(repo)
    assert installed != before
    assert repo.nbm("git", "install").stdout == "That is so already.\n"
    assert listing(repo) == installed
    assert repo.nbm("git", "uninstall").stdout == "Taken out.\n"
    assert listing(repo) == before
    assert repo.git("status", "--porcelain") == ""


def test_attributes_of_ones_own_stay(repo: Repo) -> None:
    attributes = repo.root / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.csv -diff\n")
    repo.nbm("git", "install")
    repo.nbm("git", "uninstall")
    assert attributes.read_text() == "*.csv -diff\n"


def test_another_filter_is_not_put_out_of_work_unasked(repo: Repo) -> None:
    repo.write(".gitattributes", "*.ipynb filter=nbstripout\n")
    said = repo.nbm("git", "install", code=2).stderr
    assert "nbstripout" in said and ".gitattributes" in said
