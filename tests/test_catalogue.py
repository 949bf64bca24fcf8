from __future__ import annotations

import types
from pathlib import Path

import pytest

from nb_mlops import catalogue
from nb_mlops.core.errors import NbMlopsError


def package(tmp_path: Path, name: str, **modules: str) -> str:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
    return name


MEMBER = "import types\nITEM = types.SimpleNamespace(code={code!r})\n"


@pytest.fixture(autouse=True)
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)


def members(name: str) -> dict[str, object]:
    return catalogue.members(name, "ITEM", types.SimpleNamespace, "code")


def test_members_are_found_and_sorted_by_their_key(tmp_path: Path) -> None:
    name = package(tmp_path, "found_members", b=MEMBER.format(code="B1"), a=MEMBER.format(code="A1"))
    assert list(members(name)) == ["A1", "B1"]


def test_two_members_with_one_key_are_an_error_that_names_both(tmp_path: Path) -> None:
    name = package(tmp_path, "twice_members", a=MEMBER.format(code="A1"), b=MEMBER.format(code="A1"))
    with pytest.raises(NbMlopsError, match=r"twice_members\.b and twice_members\.a both claim `A1`"):
        members(name)


def test_a_module_without_its_member_is_an_error_that_names_it(tmp_path: Path) -> None:
    name = package(tmp_path, "empty_members", a="")
    with pytest.raises(NbMlopsError, match=r"empty_members\.a defines no ITEM"):
        members(name)
