"""The real ruff, asked about real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb_mlops.outside import ruff

UNUSED = "import os\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(*paths: str, cells: tuple[str, ...] = (UNUSED,), default: tuple[str, ...] = ("F",)) -> ruff.Answer:
    with ruff.folder() as place:
        for path in paths:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            ruff.hand_over(place, path, cells)
        return ruff.ask(place, paths, default)


def codes(answer: ruff.Answer, path: str = "a.ipynb") -> list[str]:
    assert not answer.failure
    return [one.code for one in answer.said.get(path, ())]


def config(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def test_what_is_found_has_its_cell_its_place_in_characters_a_link_and_a_fix() -> None:
    (one,) = ask("a.ipynb", cells=("", "é = 1\né; import os")).said["a.ipynb"]
    assert (one.code, one.name, one.cell) == ("F401", "unused-import", 1)
    assert (one.start.line, one.start.column, one.end.column) == (2, 10, 12)
    assert one.url == "https://docs.astral.sh/ruff/rules/unused-import"
    assert (one.fix, one.safe) == ("Remove unused import: `os`", True)


def test_all_notebooks_are_asked_about_at_once_and_told_apart() -> None:
    answer = ask("a.ipynb", "b/a.ipynb", "../outside.ipynb")
    assert [codes(answer, path) for path in ("a.ipynb", "b/a.ipynb", "../outside.ipynb")] == [["F401"]] * 3


def test_without_settings_of_its_own_a_project_gets_the_default_selection() -> None:
    assert codes(ask("a.ipynb", default=("E9",))) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("ruff.toml", '[lint]\nselect = ["I"]\n'),
        (".ruff.toml", '[lint]\nselect = ["I"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["I"]\n'),
    ],
)
def test_the_projects_settings_hold(file: str, text: str) -> None:
    config(file, text)
    assert codes(ask("nb/a.ipynb", cells=("import sys, os",)), "nb/a.ipynb") == ["I001"]


def test_the_nearest_settings_hold_and_a_pyproject_without_any_is_passed_over() -> None:
    config("ruff.toml", '[lint]\nselect = ["E401"]\n')
    config("nb/pyproject.toml", "[project]\nname = 'x'\n")
    config("nb/near/ruff.toml", '[lint]\nselect = ["I"]\n')
    answer = ask("nb/a.ipynb", "nb/near/a.ipynb", cells=("import sys, os",))
    assert codes(answer, "nb/a.ipynb") == ["E401"]
    assert codes(answer, "nb/near/a.ipynb") == ["I001"]


def test_what_settings_say_by_path_holds() -> None:
    config("ruff.toml", 'exclude = ["gone"]\n[lint]\nselect = ["F"]\nper-file-ignores = { "old/*.ipynb" = ["F401"] }\n')
    answer = ask("a.ipynb", "old/a.ipynb", "gone/a.ipynb")
    assert [codes(answer, path) for path in ("a.ipynb", "old/a.ipynb", "gone/a.ipynb")] == [["F401"], [], []]


def test_settings_that_extend_others_are_followed() -> None:
    config("shared/base.toml", '[lint]\nselect = ["E401"]\n')
    config("project/pyproject.toml", '[tool.ruff]\nextend = "../shared/base.toml"\n')
    assert codes(ask("project/a.ipynb", cells=("import sys, os",)), "project/a.ipynb") == ["E401"]


def test_the_projects_own_modules_are_recognised() -> None:
    config("ruff.toml", '[lint]\nselect = ["I"]\n')
    (Path("src") / "mine").mkdir(parents=True)
    Path("ours.py").touch()
    sorted_so = "import numpy\n\nimport mine\nimport ours"
    assert codes(ask("nb/a.ipynb", cells=(sorted_so,)), "nb/a.ipynb") == []


def test_a_folder_above_the_project_may_have_any_name(here: Path) -> None:
    assert codes(ask("build/venv/nb/a.ipynb"), "build/venv/nb/a.ipynb") == ["F401"]


def test_settings_in_the_home_folder_and_in_the_environment_do_not_count(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config("home/.config/ruff/ruff.toml", '[lint]\nselect = ["E401"]\n')
    monkeypatch.setenv("HOME", str(here / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "home" / ".config"))
    monkeypatch.setenv("RUFF_OUTPUT_FORMAT", "full")
    assert codes(ask("a.ipynb")) == ["F401"]


def test_settings_that_ruff_does_not_understand_are_named_by_where_they_really_are(here: Path) -> None:
    config("ruff.toml", "no-such-setting = 1\n")
    failure = ask("a.ipynb").failure
    assert "no-such-setting" in failure
    assert f"{here}/ruff.toml" in failure


def test_a_ruff_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "find", lambda: None)
    assert "not installed" in ask("a.ipynb").failure


def test_a_ruff_that_cannot_run_or_speaks_otherwise_is_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = here / "ruff"
    monkeypatch.setattr(ruff, "find", lambda: str(program))
    assert "could not be started" in ask("a.ipynb").failure
    program.write_text("#!/bin/sh\necho ready\n")
    program.chmod(0o755)
    assert "could not be understood" in ask("a.ipynb").failure
    program.write_text("#!/bin/sh\necho oh no >&2\nexit 3\n")
    assert ask("a.ipynb").failure == "it stopped: oh no"


def test_it_is_the_same_where_programs_are_started_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.posix_spawn")
    assert codes(ask("a.ipynb")) == ["F401"]
    config("ruff.toml", "no-such-setting = 1\n")
    assert "no-such-setting" in ask("a.ipynb").failure


def test_what_is_linked_stays_when_the_folder_goes() -> None:
    config("ruff.toml", '[lint]\nselect = ["F"]\n')
    config("src/mine/a.py", "x = 1\n")
    ask("nb/a.ipynb")
    assert Path("src/mine/a.py").read_text() == "x = 1\n"


def test_nothing_is_left_behind_and_nobody_else_may_look() -> None:
    with ruff.folder() as place:
        ruff.hand_over(place, "a.ipynb", ("x = 1",))
        assert Path(place).stat().st_mode & 0o077 == 0
    assert not Path(place).exists()


def test_the_folder_lies_where_somebody_wants_it_and_in_memory_only_where_there_is_plenty(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(here))
    with ruff.folder() as place:
        assert Path(place).parent == here.resolve()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ruff, "_MEMORY", str(here))
    for plenty, wanted in ((0, here), (1 << 62, Path("/tmp"))):
        monkeypatch.setattr(ruff, "_PLENTY", plenty)
        with ruff.folder() as place:
            assert Path(place).parent == wanted.resolve()
    monkeypatch.setattr(ruff, "_MEMORY", str(here / "none"))
    with ruff.folder() as place:
        assert Path(place).parent == Path("/tmp").resolve()


def test_the_digest_changes_with_any_settings_that_count() -> None:
    config("shared/base.toml", "line-length = 80\n")
    config("ruff.toml", 'extend = "shared/base.toml"\n')

    def digest() -> str:
        return ruff.digests(["nb/a.ipynb"], lambda file: Path(file).read_text())["nb/a.ipynb"]

    before = digest()
    config("shared/base.toml", "line-length = 90\n")
    between = digest()
    config("nb/ruff.toml", "line-length = 90\n")
    after = digest()
    assert len({before, between, after}) == 3
    Path("nb/rates.py").touch()
    modules = digest()
    Path("nb/notes.txt").touch()
    assert digest() == modules != after, "a module of the project is no third party (I001)"


def test_what_was_left_in_the_folder_reads_the_same_notebook_by_notebook() -> None:
    names = ("a.ipynb", "b.ipynb", "c.ipynb")
    with ruff.folder() as place:
        for name in names:
            ruff.hand_over(place, name, (UNUSED, "" if name == "b.ipynb" else UNUSED))
        written = ruff.write(place, names, ("F",))
        read = {path: words.read() for path, words in written.said.items()}
        assert read == ruff.ask(place, names, ("F",)).said
    assert [len(read[name]) for name in names] == [2, 1, 2]
