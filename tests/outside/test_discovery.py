"""Which notebooks are found: named ones always, those in folders as people mean it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from helpers_files import put

from nb_mlops.core.errors import UsageError
from nb_mlops.outside import git
from nb_mlops.outside.discovery import discover

posix = pytest.mark.skipif(os.name != "posix", reason="links and permission bits")


def run_git(*arguments: str) -> None:
    subprocess.run(("git", *arguments), check=True, capture_output=True)


def test_a_folder_is_walked_for_notebooks_in_order_each_once(folder: Path) -> None:
    put("b.ipynb", "a.IPYNB", "note.txt", "z/1.ipynb", "d/e/2.ipynb", "d/0.ipynb", "x.ipynb/inside.ipynb")
    expected = ("a.IPYNB", "b.ipynb", "d/0.ipynb", "d/e/2.ipynb", "x.ipynb/inside.ipynb", "z/1.ipynb")
    assert discover(["."]) == expected
    assert discover(["d", ".", "./b.ipynb", str(folder / "z"), "d/../b.ipynb"]) == (
        *expected[2:4],
        *expected[:2],
        *expected[4:],
    )


def test_paths_are_relative_to_where_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a/1.ipynb", "b/2.ipynb")
    monkeypatch.chdir(folder / "b")
    assert discover([str(folder)]) == ("../a/1.ipynb", "2.ipynb")


def test_a_file_that_is_named_is_kept_whatever_it_is_called_and_wherever_it_lies(folder: Path) -> None:
    put("notes.txt", ".ipynb_checkpoints/a.ipynb", "x.ipynb")
    named = ("notes.txt", ".ipynb_checkpoints/a.ipynb", "x.ipynb")
    assert discover(named, exclude=("*",)) == named


def test_a_path_that_does_not_exist_is_an_error_that_names_it(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"`gone\.ipynb`"):
        discover(["gone.ipynb"])


def test_folders_of_tools_and_virtual_environments_are_not_walked(folder: Path) -> None:
    put(
        *(f"{name}/a.ipynb" for name in (".git", "node_modules", "__pycache__", ".nb-mlops", ".tox", ".nox")),
        *("x/.ipynb_checkpoints/a-checkpoint.ipynb", "lib/site-packages/p/a.ipynb", "kept/a.ipynb", ".hidden/a.ipynb"),
        *("my env/pyvenv.cfg", "my env/share/a.ipynb"),
    )
    assert discover(["."]) == (".hidden/a.ipynb", "kept/a.ipynb")
    assert discover(["my env"]) == ("my env/share/a.ipynb",), "who names it wants it"


def test_excluded_patterns_speak_the_language_of_gitignore_from_the_project_root(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("pyproject.toml", "old/a.ipynb", "sub/old/b.ipynb", "sub/draft-1.ipynb", "sub/c.ipynb", "sub/keep/d.ipynb")
    patterns = ("/old/", "draft-*.ipynb", "sub/keep/*", "!sub/keep/d.ipynb")
    assert discover(["."], patterns) == ("sub/c.ipynb", "sub/keep/d.ipynb", "sub/old/b.ipynb")
    monkeypatch.chdir(folder / "sub")
    assert discover(["."], ("sub/old",)) == ("c.ipynb", "draft-1.ipynb", "keep/d.ipynb")


def test_what_git_ignores_is_not_walked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_git("init", "-q")
    put("a.ipynb", "out/b.ipynb", "x/out/c.ipynb", "x/d.tmp.ipynb", "x/é ü.tmp.ipynb", "x/e.ipynb", "forced.tmp.ipynb")
    Path(".gitignore").write_text("out/\n*.tmp.ipynb\n", "utf-8")
    run_git("add", "-f", "forced.tmp.ipynb")
    assert discover(["."]) == ("a.ipynb", "forced.tmp.ipynb", "x/e.ipynb")
    assert discover(["x"]) == ("x/e.ipynb",)
    assert discover(["out"]) == ("out/b.ipynb",), "who names it wants it"
    assert discover(["x/d.tmp.ipynb"]) == ("x/d.tmp.ipynb",)
    monkeypatch.setenv("GIT_DIR", str(folder / "nowhere"))
    assert discover(["x"]) == ("x/e.ipynb",), "inside a hook git's own variables point elsewhere"


def test_a_repository_in_the_repository_ignores_for_itself(folder: Path) -> None:
    run_git("init", "-q")
    put("inner/a.ipynb", "inner/b.ipynb")
    run_git("init", "-q", "inner")
    Path("inner/.gitignore").write_text("b.ipynb\n", "utf-8")
    assert discover(["."]) == ("inner/a.ipynb",)


def test_without_git_everything_is_walked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_git("init", "-q")
    put("a.ipynb", "b.ipynb")
    Path(".gitignore").write_text("b.ipynb\n", "utf-8")
    monkeypatch.setenv("PATH", "")
    assert discover(["."]) == ("a.ipynb", "b.ipynb")
    assert git.ignored(folder) == frozenset()


def test_a_broken_repository_is_walked(folder: Path) -> None:
    put("a.ipynb", ".git/x")
    assert discover(["."]) == ("a.ipynb",)


@posix
def test_links_in_circles_end_and_a_dangling_link_is_named(folder: Path) -> None:
    put("a/1.ipynb")
    Path("a/loop").symlink_to(folder, target_is_directory=True)
    Path("a/self.ipynb").symlink_to("self.ipynb")
    Path("a/gone.ipynb").symlink_to("nowhere.ipynb")
    Path("a/link.ipynb").symlink_to("1.ipynb")
    assert discover(["."]) == ("a/1.ipynb", "a/gone.ipynb", "a/link.ipynb", "a/self.ipynb")


@posix
def test_a_pipe_that_is_named_like_a_notebook_is_not_walked_into(folder: Path) -> None:
    put("a.ipynb")
    os.mkfifo("b.ipynb")
    assert discover(["."]) == ("a.ipynb",)
