"""What a project says it needs: the distributions named in its dependency files, from wherever people write them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[|[<>=!~;@ ,]|$)")
_CONDA = re.compile(r"\s*-\s*[\"']?(?:[\w-]+::)?([A-Za-z0-9][A-Za-z0-9._-]*)")
_QUOTED = re.compile(r"[\"']([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@][^\"']*)?[\"']")
_MAX = 1_000_000


def declared_packages(*folders: Path) -> frozenset[str] | None:
    """The normalised names of what is declared in these folders; None where nothing there declares anything."""
    found = [names for folder in dict.fromkeys(folders) for names in _in(folder)]
    return frozenset(map(normal, frozenset().union(*found))) if found else None


def normal(name: str) -> str:
    """A distribution's name as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _in(folder: Path) -> Iterator[set[str]]:
    readers = (
        ("pyproject.toml", _pyproject),
        ("Pipfile", _pipfile),
        ("setup.py", _setup),
        ("setup.cfg", _setup_cfg),
        ("*requirements*.txt", _lines),
        ("requirements/*.txt", _lines),
        ("*requirements*.in", _lines),
        ("*.lock.txt", _lines),
        ("environment*.y*ml", _conda),
        ("conda*.y*ml", _conda),
    )
    for pattern, reader in readers:
        for file in sorted(folder.glob(pattern)):
            try:
                text = file.read_text(encoding="utf-8-sig") if file.stat().st_size < _MAX else ""
                names = reader(text)
            except (OSError, ValueError, TypeError, AttributeError):
                continue
            if names is not None:
                yield names


def _pyproject(text: str) -> set[str] | None:
    """PEP 621, dependency groups, and Poetry; None where the file is about other things only."""
    document: dict[str, Any] = tomllib.loads(text)
    project, poetry = document.get("project"), document.get("tool", {}).get("poetry")
    if project is None and poetry is None and "dependency-groups" not in document:
        return None
    project = project or {}
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    lists += document.get("dependency-groups", {}).values()
    names = {match[1] for one in lists for text in one if isinstance(text, str) and (match := _NAME.match(text))}
    tables = [poetry or {}, *((poetry or {}).get("group", {}).values())]
    names |= {name for table in tables for part in ("dependencies", "dev-dependencies") for name in table.get(part, {})}
    own = project.get("name") or (poetry or {}).get("name")
    return names | ({own} if own else set())


def _pipfile(text: str) -> set[str]:
    document = tomllib.loads(text)
    return {name for part in ("packages", "dev-packages") for name in document.get(part, {})}


def _setup(text: str) -> set[str] | None:
    return set(_QUOTED.findall(text)) if "install_requires" in text else None


def _setup_cfg(text: str) -> set[str] | None:
    return _lines(text) if "install_requires" in text else None


def _lines(text: str) -> set[str]:
    plain = (line for line in text.splitlines() if not line.lstrip().startswith(("#", "-", "--")))
    return {match[1] for line in plain if (match := _NAME.match(line.partition("#")[0]))}


def _conda(text: str) -> set[str] | None:
    return set(_CONDA.findall(text)) if "dependencies" in text else None
