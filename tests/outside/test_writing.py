"""A file is replaced whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from helpers_files import put

from nb_mlops.core.errors import UsageError
from nb_mlops.outside.writing import told_when_unwritable, write_atomic

posix = pytest.mark.skipif(os.name != "posix", reason="links and permission bits")


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


def test_a_full_disk_is_told_as_that_and_other_errors_are_not_hidden() -> None:
    full = pytest.raises(UsageError, match="Nothing was signed: the disk is full")
    with full, told_when_unwritable("Nothing was signed"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="Bad file"), told_when_unwritable("Nothing was signed"):
        raise OSError(errno.EBADF, "Bad file descriptor")
