"""A project's own settings for ruff: which files say them, and which modules stand beside them."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nb_mlops.core.lazy import pattern

_CONFIGS = (".ruff.toml", "ruff.toml", "pyproject.toml")
_EXTEND = pattern(rb"^[ \t]*extend[ \t]*=", re.M)


def configs(folders: set[str]) -> tuple[str, ...]:
    """Every file of settings for ruff that counts in these folders: theirs, their parents', and what those extend."""
    places = {parent for folder in folders for parent in (folder, *map(str, Path(folder).parents))}
    todo = sorted(os.path.join(place, name) for place in places for name in _CONFIGS)
    found: dict[str, None] = {}
    while todo:
        file = os.path.normpath(todo.pop(0))
        if file in found or not os.path.isfile(file):
            continue
        found[file] = None
        with contextlib.suppress(OSError, ValueError):
            todo.extend(_extended(file))
    return tuple(found)


def _extended(file: str) -> list[str]:
    data = Path(file).read_bytes()
    if not _EXTEND.search(data):
        return []
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    table: Any = tomllib.loads(data.decode())
    if os.path.basename(file) == "pyproject.toml":
        table = table.get("tool", {}).get("ruff", {})
    extend = table.get("extend")
    return [os.path.join(os.path.dirname(file), os.path.expanduser(extend))] if isinstance(extend, str) else []


def modules(folder: str) -> Iterator[str]:
    """What may be imported from a project in this folder, as paths below it."""
    for below in ("", "src"):
        with contextlib.suppress(OSError), os.scandir(os.path.join(folder, below)) as entries:
            for entry in entries:
                if (entry.is_dir() or entry.name.endswith(".py")) and entry.name != below:
                    yield os.path.join(below, entry.name)
