from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nb_mlops.outside.watch import Watch, folders_named

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


@linux
def test_what_a_subprocess_reads_and_writes_is_seen_in_folders_old_and_new(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("data/a.csv", "quiet.csv", "code.pyc"):
        (tmp_path / name).write_text("1")
    watch = Watch([str(tmp_path)])
    watch.start()
    subprocess.run(["sh", "-c", "cat data/a.csv code.pyc > out.txt; cat out.txt; mkdir new"], cwd=tmp_path, check=True)
    (tmp_path / "kept.log").open("a").close()
    watch.stop()
    assert watch.running and not watch.incomplete
    assert [Path(path).name for path in watch.read] == ["a.csv"]
    assert [Path(path).name for path in watch.written] == ["out.txt", "kept.log"]


@linux
def test_histories_and_environments_are_not_watched(tmp_path: Path) -> None:
    for folder in (".git", "env"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text("1")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    watch = Watch([str(tmp_path)])
    watch.start()
    (tmp_path / ".git" / "a.csv").read_text()
    watch.stop()
    assert not watch.read


def test_without_folders_nothing_is_watched() -> None:
    watch = Watch(())
    watch.start()
    watch.stop()
    assert not watch.running


def test_places_that_code_names_are_watched_unless_they_are_the_projects_or_the_systems(tmp_path: Path) -> None:
    for folder in ("project/data", "store"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "store" / "x.parquet").write_text("")
    words = (f"{tmp_path}/store/x.parquet", "../store", "data", "/", "/etc/hosts", "/no/such", "~")
    root = tmp_path / "project"
    assert folders_named(words, str(root), str(root)) == (str(tmp_path / "store"),)


@linux
def test_folders_beyond_the_limit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nb_mlops.outside import watch

    for name in "abc":
        (tmp_path / name).mkdir()
    monkeypatch.setattr(watch, "_MOST_FOLDERS", 2)
    seen = watch.Watch((str(tmp_path),))
    seen.start()
    seen.stop()
    assert "inotify" in seen.gaps[0]
    monkeypatch.undo()
    whole = watch.Watch((str(tmp_path),))
    whole.start()
    whole.stop()
    assert whole.gaps == ()
