"""Packages pass ruff's own check of their layout, and mean what they meant."""

from __future__ import annotations

import ast

import pytest

from nb_mlops.outside import ruff
from nb_mlops.outside.layout import laid_out

UGLY = "x = [ 1,2 ]\ntext = 'a\\tb'\ndef f( a ):\n        return a+1\n"


def test_python_is_laid_out_and_everything_else_stays() -> None:
    texts = {"src/p/a.py": UGLY, "README.md": "x = [ 1,2 ]", "src/p/broken.py": "def f(:\n", "empty.py": ""}
    new = laid_out(texts)
    assert list(new) == list(texts)
    assert new["src/p/a.py"] == 'x = [1, 2]\ntext = "a\\tb"\n\n\ndef f(a):\n    return a + 1\n'
    assert ast.dump(ast.parse(new["src/p/a.py"])) == ast.dump(ast.parse(UGLY))
    assert {path: new[path] for path in texts if path != "src/p/a.py"} == {
        path: text for path, text in texts.items() if path != "src/p/a.py"
    }


def test_without_ruff_the_texts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "find", lambda: None)
    assert laid_out({"a.py": UGLY}) == {"a.py": UGLY}
