from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from nb_mlops.core.errors import SettingsError, UsageError
from nb_mlops.outside import git
from nb_mlops.outside.files import discover, load_settings, project_root, read_bytes, unreadable
from nb_mlops.outside.writing import told_when_unwritable, write_atomic

posix = pytest.mark.skipif(os.name != "posix", reason="links and permission bits")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(b"{}")


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


def test_bytes_are_read_or_it_is_said_why_not(folder: Path) -> None:
    put("a.ipynb")
    assert read_bytes("a.ipynb") == b"{}"
    with pytest.raises(FileNotFoundError) as caught:
        read_bytes("gone.ipynb")
    assert unreadable("gone.ipynb", caught.value).reason == "missing"
    refused = unreadable("a.ipynb", PermissionError(errno.EACCES, "no"))
    assert (refused.path, refused.reason) == ("a.ipynb", "no-permission")


def test_a_file_is_replaced_and_nothing_else_is_left(folder: Path) -> None:
    put("a.ipynb")
    write_atomic("a.ipynb", b"new")
    write_atomic(Path("b.ipynb"), b"made")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.ipynb": b"new", "b.ipynb": b"made"}


@posix
def test_permission_bits_stay_and_new_files_get_the_usual_ones(folder: Path) -> None:
    put("a.ipynb")
    Path("a.ipynb").chmod(0o754)
    mask = os.umask(0o027)
    try:
        write_atomic("a.ipynb", b"new")
        write_atomic("b.ipynb", b"new")
    finally:
        os.umask(mask)
    assert [Path(name).stat().st_mode & 0o777 for name in ("a.ipynb", "b.ipynb")] == [0o754, 0o640]


@posix
def test_a_link_stays_a_link_to_the_new_content(folder: Path) -> None:
    put("real/a.ipynb")
    Path("link.ipynb").symlink_to("real/a.ipynb")
    write_atomic("link.ipynb", b"new")
    assert Path("link.ipynb").is_symlink()
    assert Path("real/a.ipynb").read_bytes() == b"new"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    put("a.ipynb")
    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(UsageError, match=r"`a\.ipynb` was not written and is as it was: the disk is full"):
        write_atomic("a.ipynb", b"new")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.ipynb": b"{}"}


@posix
def test_a_write_that_the_system_cuts_short_leaves_the_old_file_and_nothing_else(folder: Path) -> None:
    import resource

    put("a.ipynb")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        with pytest.raises(UsageError, match="file too large"):
            write_atomic("a.ipynb", b"x" * (2 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.ipynb": b"{}"}


@posix
def test_a_link_to_itself_cannot_be_written(folder: Path) -> None:
    Path("loop.ipynb").symlink_to("loop.ipynb")
    with pytest.raises(UsageError, match=r"`loop\.ipynb` was not written"):
        write_atomic("loop.ipynb", b"new")


def test_a_folder_or_a_missing_folder_cannot_be_written(folder: Path) -> None:
    (folder / "d.ipynb").mkdir()
    for path, words in (("d.ipynb", "is a directory"), ("gone/a.ipynb", "no such file")):
        with pytest.raises(UsageError, match=words):
            write_atomic(path, b"new")


def test_the_project_is_the_nearest_folder_with_a_mark(folder: Path) -> None:
    put("repo/.git/x", "repo/part/pyproject.toml", "repo/part/deep/a.ipynb", "repo/other/b.ipynb", "free/nb-mlops.toml")
    assert project_root(folder / "repo/part/deep") == folder / "repo/part"
    assert project_root(folder / "repo/part/deep/a.ipynb") == folder / "repo/part"
    assert project_root("repo/other") == folder / "repo"
    assert project_root("free") == folder / "free"


def test_settings_come_from_the_nearest_file_that_has_any(folder: Path) -> None:
    put("a/b/c/x.ipynb")
    Path("a/pyproject.toml").write_text('[tool.nb-mlops.lint]\nignore = ["EX"]\nmax-output-kb = 5\n', "utf-8")
    Path("a/b/pyproject.toml").write_text('[project]\nname = "x"\n', "utf-8")
    settings, origins = load_settings(folder / "a/b/c")
    assert (settings.lint.ignore, settings.lint.max_output_kb) == (("EX",), 5)
    assert origins == {"lint.ignore": "a/pyproject.toml", "lint.max-output-kb": "a/pyproject.toml"}
    Path("a/b/nb-mlops.toml").write_bytes(b"\xef\xbb\xbf[lint]\r\nmax_output_kb = 7\r\n")
    assert load_settings(folder / "a/b/c/x.ipynb")[0].lint.max_output_kb == 7


def test_without_a_file_the_defaults_hold(folder: Path) -> None:
    settings, origins = load_settings(folder)
    assert (settings.lint.max_output_kb, origins) == (100, {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[tool\n", r"nb-mlops\.toml is not valid TOML: .*line 1"),
        (b"[lint]\nignore = [\n\n", r"nb-mlops\.toml is not valid TOML"),
        (b"[lint]\nignroe = []\n", r"nb-mlops\.toml .*unknown setting `ignroe`"),
        (b"x = '\xff'", r"nb-mlops\.toml is not UTF-8"),
    ],
)
def test_settings_that_cannot_be_understood_name_their_file_and_line(folder: Path, content: bytes, words: str) -> None:
    Path("nb-mlops.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        load_settings(folder)


def test_a_table_of_ours_that_is_no_table_is_an_error(folder: Path) -> None:
    Path("pyproject.toml").write_text("[tool]\nnb-mlops = 3\n", "utf-8")
    with pytest.raises(SettingsError, match="must be a table"):
        load_settings(folder)


def test_a_full_disk_is_told_as_that_and_other_errors_are_not_hidden() -> None:
    full = pytest.raises(UsageError, match="Nothing was signed: the disk is full")
    with full, told_when_unwritable("Nothing was signed"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="Bad file"), told_when_unwritable("Nothing was signed"):
        raise OSError(errno.EBADF, "Bad file descriptor")
