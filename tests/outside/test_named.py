"""What is said of a notebook that somebody named and that is not there: the way out, not only the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb_mlops.core.errors import UsageError
from nb_mlops.outside.discovery import discover
from nb_mlops.outside.named import bytes_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Märkte & Co").mkdir()
    (tmp_path / "Märkte & Co" / "churn.ipynb").write_bytes(b"{}")
    (tmp_path / "sales.ipynb").write_bytes(b"{}")
    (tmp_path / "empty").mkdir()
    return tmp_path


def said(path: str) -> str:
    with pytest.raises(UsageError) as caught:
        bytes_of(path)
    return f"{caught.value} {caught.value.remedy}"


def test_what_is_there_comes_back_as_it_is() -> None:
    assert bytes_of("Märkte & Co/churn.ipynb") == b"{}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("slaes.ipynb", "sales.ipynb"),
        ("sales", "sales.ipynb"),
        ("Sales.ipynb", "sales.ipynb"),
        ("Markte & Co/churn.ipynb", "Märkte & Co/churn.ipynb"),
        ("Märkte & Co/chrun.ipynb", "Märkte & Co/churn.ipynb"),
    ],
)
def test_what_was_probably_meant_is_named(typed: str, meant: str) -> None:
    assert said(typed) == f"`{typed}` does not exist. Did you mean `{meant}`?"


def test_nothing_is_suggested_that_is_not_near() -> None:
    assert "Did you mean" not in said("quarterly_report.ipynb")
    assert "Did you mean" not in said("/nowhere/at/all.ipynb")


def test_a_folder_is_told_apart_with_the_notebooks_in_it() -> None:
    assert said("Märkte & Co").endswith("It holds `Märkte & Co/churn.ipynb`.")
    assert said("empty") == "`empty` is a folder, and one notebook is wanted. It holds no notebook."


def test_a_link_to_nothing_is_called_one(folder: Path) -> None:
    (folder / "link.ipynb").symlink_to("gone.ipynb")
    assert "link to a file that is not there" in said("link.ipynb")


def test_a_folder_to_walk_is_suggested_too() -> None:
    with pytest.raises(UsageError) as caught:
        discover(["Markte & Co"])
    assert caught.value.remedy == "Did you mean `Märkte & Co`?"
