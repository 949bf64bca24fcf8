"""Settings come from the nearest file that has any, and errors name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_files import put

from nb_mlops.core.errors import SettingsError
from nb_mlops.outside.settings_file import load_settings


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
