"""A project in another place: to see whether a notebook's answer depends on where it stands."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".nb-mlops", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".ipynb_checkpoints"}
)
_MOST_FILES = 20_000


def copy_project(root: Path, target: Path, limit: int) -> bool:
    """Copy a project without its history and environments; False, with nothing copied, when it is larger than `limit`
    bytes or cannot be read."""
    size = count = 0
    for folder, below, names in os.walk(root):
        below[:] = [
            name for name in below if name not in _LEFT_OUT and not (Path(folder, name) / "pyvenv.cfg").exists()
        ]
        for name in names:
            path = Path(folder, name)
            size += path.stat().st_size if path.is_file() and not path.is_symlink() else 0
            count += 1
            if size > limit or count > _MOST_FILES:
                return False
    try:
        shutil.copytree(root, target, symlinks=True, ignore=_ignored)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        return False
    return True


def _ignored(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in _LEFT_OUT or (Path(folder, name) / "pyvenv.cfg").exists()}
