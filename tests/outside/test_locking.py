from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nb_mlops.core.errors import UsageError
from nb_mlops.outside import locking
from nb_mlops.outside.locking import Lock, lock, read_lock


def test_a_lock_holds_what_was_used_and_all_that_it_requires_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking.shutil, "which", lambda name: None)
    monkeypatch.setattr(locking, "_beside", lambda tool: None)
    found = lock(sys.executable, "3.11.7", ["jsonschema"])
    names = {line.partition("==")[0].lower() for line in found.text.splitlines()[1:]}
    assert {"jsonschema", "referencing", "attrs", "ipykernel", "jupyter_client"} <= names
    assert "mlflow-skinny" not in names and "nb-mlops" not in names and not found.hashed
    assert found.text.startswith("# What a notebook ran with") and "Python 3.11.7" in found.text


def test_locks_of_another_python_are_others_and_comments_do_not_count() -> None:
    one = Lock("# a. Python 3.11.7\nclick==8\n", False)
    assert one.digest == Lock("# b. Python 3.11.7\n# why\nclick==8\n", False).digest
    assert one.digest != Lock("# a. Python 3.12.1\nclick==8\n", False).digest
    assert one.digest != Lock("# a. Python 3.11.7\nclick==9\n", False).digest


def test_without_a_lock_the_remedy_writes_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_lock(str(tmp_path / "a.ipynb"))
    assert "a.lock.txt" in str(caught.value) and "--lock" in caught.value.remedy


def test_what_cannot_be_built_says_why_and_leaves_nothing_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    step = [sys.executable, "-c", "import sys; sys.exit('no such version')"]
    monkeypatch.setattr(locking, "_steps", lambda *given: [step])
    with pytest.raises(UsageError, match="no such version"):
        locking.rebuild(Lock("# Python 3.11.7\nx==1\n", False))
    assert not list(tmp_path.rglob(locking._READY))


def test_the_reason_of_an_installer_is_a_line_without_its_drawings_and_without_a_password() -> None:
    said = (
        "warning: slow\n\u00d7 No\nerror: Couldn't parse requirement in `a.txt` at position 0\n  garbage ===\n     ^^^"
    )
    assert locking.reason(said) == "error: Couldn't parse requirement in `a.txt` at position 0 garbage ==="
    assert locking.reason("ERROR: not found in https://" + "me:word@index.example/simple").endswith(
        "https://index.example/simple"
    )
    assert locking.reason("one\ntwo") == "one two" and locking.reason("") == ""
