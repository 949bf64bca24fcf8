from __future__ import annotations

from pathlib import Path

import pytest

from nb_mlops.outside.environment import locales


def test_locales_that_lie_where_locpath_says_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, file in (("xx_XX.utf8", "LC_COLLATE"), ("no_locale", "readme.txt")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
    monkeypatch.setenv("LOCPATH", f"{tmp_path / 'gone'}:{tmp_path}")
    assert "xx_XX.utf8" in locales() and "no_locale" not in locales()
