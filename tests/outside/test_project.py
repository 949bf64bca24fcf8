"""What is answered about the project around a notebook: from a real repository on disk."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nb_mlops.core.project import Presence
from nb_mlops.outside import index
from nb_mlops.outside.project import around, still


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a notebook, data beside it that git has, and data that it has not."""
    git(tmp_path, "init", "-q")
    for name in ("work/a.ipynb", "work/kept.csv", "lib/helpers/__init__.py", "big.csv.dvc"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    git(tmp_path, "add", ".")
    (tmp_path / "work" / "here.csv").write_text("x")
    return tmp_path


def presence(place: Path, path: str) -> str:
    return around(str(place)).presence(path).value


def test_a_file_is_kept_here_or_missing(repository: Path) -> None:
    notebook = repository / "work" / "a.ipynb"
    assert presence(notebook, "kept.csv") == "kept"
    assert presence(notebook, "./../work/kept.csv") == "kept"
    assert presence(notebook, "../lib/helpers") == "kept", "a folder with files in it"
    assert presence(notebook, "../big.csv") == "kept", "DVC keeps it"
    assert presence(notebook, "here.csv") == "here"
    assert presence(notebook, "none.csv") == "missing"
    assert presence(notebook, "../../x.csv") == "unknown", "beyond the repository"


def test_what_is_not_checked_out_still_comes_with_the_project(repository: Path) -> None:
    (repository / "work" / "kept.csv").unlink()
    assert presence(repository / "work" / "a.ipynb", "kept.csv") == "kept"


def test_a_notebook_that_is_not_in_git_may_bring_its_files_along(repository: Path) -> None:
    assert presence(repository / "work" / "new.ipynb", "here.csv") == "kept"
    assert presence(repository / "work" / "new.ipynb", "none.csv") == "missing"


def test_without_git_what_is_there_is_kept_and_without_a_project_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    assert presence(tmp_path / "a.ipynb", "a.csv") == "unknown"
    (tmp_path / "pyproject.toml").write_text("")
    assert presence(tmp_path / "a.ipynb", "a.csv") == "kept"
    assert presence(tmp_path / "a.ipynb", "b.csv") == "missing"


def test_a_module_is_found_anywhere_in_the_repository(repository: Path) -> None:
    project = around(str(repository / "work" / "a.ipynb"))
    assert project.has_module("helpers")
    assert not project.has_module("polars")


def test_declarations_count_from_the_notebook_up_to_the_root(repository: Path) -> None:
    notebook = str(repository / "work" / "a.ipynb")
    declared = around(notebook).declared
    assert declared is not None and declared.names is None
    (repository / "requirements.txt").write_text("pandas\n")
    (repository / "work" / "environment.yml").write_text("dependencies:\n  - python=3.11\n  - polars\n")
    declared = around(notebook).declared
    assert declared is not None and declared.names == {"pandas", "polars", "python"}
    assert declared.pythons == ("==3.11.*",)
    assert set(declared.files) == {"requirements.txt", "work/environment.yml"}


def test_the_same_is_said_again_only_while_the_answers_that_were_used_hold(repository: Path) -> None:
    notebook = str(repository / "work" / "a.ipynb")
    (repository / "requirements.txt").write_text("pandas\n")
    project = around(notebook)
    assert project.declared is not None and project.presence("none.csv") is Presence.MISSING
    assert still(notebook, project.asked)
    (repository / "unrelated.txt").write_text("x")
    git(repository, "add", "unrelated.txt")
    assert still(notebook, project.asked), "nobody asked about this file"
    (repository / "requirements.txt").write_text("pandas\npolars\n")
    assert not still(notebook, project.asked)
    again = around(notebook)
    assert again.presence("none.csv") is Presence.MISSING
    (repository / "work" / "none.csv").write_text("x")
    assert not still(notebook, again.asked)


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index_is_read_as_git_reads_it(repository: Path, version: str) -> None:
    names = [f"data/{'long/' * 40}{n}.csv" for n in range(20)] + ["data/\u00e4 b.csv", "z"]
    for name in names:
        place = repository / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    git(repository, "add", ".")
    git(repository, "add", "-N", "work/here.csv")
    git(repository, "update-index", "--index-version", version)
    if version == "3":
        git(repository, "update-index", "--skip-worktree", "z")  # only then git writes what version 3 is for
    listed = subprocess.run(["git", "-C", str(repository), "ls-files", "-z"], check=True, capture_output=True).stdout
    found = index.index_of(str(repository))
    assert found is not None
    assert found.files == set(listed.decode().strip("\0").split("\0"))


def test_another_working_tree_and_a_submodule_have_indexes_of_their_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")
    git(repository, "worktree", "add", "-q", str(repository / "second"))
    notebook = repository / "second" / "work" / "a.ipynb"
    assert presence(notebook, "kept.csv") == "kept"
    assert presence(notebook, "here.csv") == "missing"
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository), "sub")
    assert presence(repository / "work" / "a.ipynb", "../sub/anything.csv") == "unknown"


def test_an_index_that_cannot_be_read_accuses_nobody(repository: Path) -> None:
    (repository / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\5")
    assert presence(repository / "work" / "a.ipynb", "none.csv") == "unknown"
