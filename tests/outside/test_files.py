"""Bytes that cannot be had are explained; a project is where its marks are."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from helpers_files import put

from nb_mlops.outside.files import project_root, read_bytes, unreadable


def test_bytes_are_read_or_it_is_said_why_not(folder: Path) -> None:
    put("a.ipynb")
    assert read_bytes("a.ipynb") == b"{}"
    with pytest.raises(FileNotFoundError) as caught:
        read_bytes("gone.ipynb")
    assert unreadable("gone.ipynb", caught.value).reason == "missing"
    refused = unreadable("a.ipynb", PermissionError(errno.EACCES, "no"))
    assert (refused.path, refused.reason) == ("a.ipynb", "no-permission")


def test_the_project_is_the_nearest_folder_with_a_mark(folder: Path) -> None:
    put("repo/.git/x", "repo/part/pyproject.toml", "repo/part/deep/a.ipynb", "repo/other/b.ipynb", "free/nb-mlops.toml")
    assert project_root(folder / "repo/part/deep") == folder / "repo/part"
    assert project_root(folder / "repo/part/deep/a.ipynb") == folder / "repo/part"
    assert project_root("repo/other") == folder / "repo"
    assert project_root("free") == folder / "free"
