"""What one dependency file says: which distributions it names, which Python it asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct

_NAME = pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[|[<>=!~;@ ,]|$)")
_EGG = pattern(r"[#&]egg=([\w.-]+)")
_REPOSITORY = pattern(r"/([\w.-]+?)(?:\.git)?(?:@[^/#]*)?(?:#.*)?\s*$")
_INCLUDED = pattern(r"(?m)^\s*(?:-r|--requirement|-c|--constraint)[ =]*([^\s#]+)")
_CONDA = pattern(r"\s*-\s*[\"']?(?:[\w.-]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*)")
_QUOTED = pattern(r"[\"']([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@][^\"']*)?[\"']")
_LOCKED = pattern(
    r"(?m)^[ -]*name *[=:] *[\"']?([A-Za-z0-9_][A-Za-z0-9._-]*)[\"']?\s*$|"
    r"/([\w.-]+?)-[^/-]+-[^/-]+\.(?:conda|tar\.bz2)\b"
)
_REQUIRES_PYTHON = pattern(r"python_requires\s*=\s*[\"']?([^\"'\n#]+)")
_CONDA_PYTHON = pattern(r"(?m)^\s*-\s*[\"']?(?:[\w.-]+::)?python\s*((?:[=<>]|$)[^\"'#\n]*)")
_VERSION = pattern(r"(\d+)(?:\.(\d+))?")


def normal(name: str) -> str:
    """A distribution's name as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


class Says(Struct, frozen=True):
    """What one file says: no names where it is about other things."""

    names: frozenset[str] | None = None
    pythons: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def parsed(file: str, digest: str) -> Says:
    """What a file says that has this content; nothing where it cannot be understood."""
    name = os.path.basename(file).lower()
    try:
        with open(file, encoding="utf-8-sig") as opened:
            text = opened.read()
        if name in _READERS:
            return _READERS[name](text)
        if name.endswith((".yml", ".yaml")):
            return _conda(text)
        return Says(frozenset(_requirements(text)))
    except (OSError, ValueError, TypeError, AttributeError):
        return Says()


@lru_cache(maxsize=256)
def included(file: str, digest: str) -> tuple[str, ...]:
    """The files that a requirements file includes."""
    try:
        with open(file, encoding="utf-8-sig") as opened:
            names = _INCLUDED.findall(opened.read())
    except (OSError, ValueError):
        return ()
    return tuple(os.path.normpath(os.path.join(os.path.dirname(file), name)) for name in names if "://" not in name)


def _toml(text: str) -> dict[str, Any]:
    import sys  # most notebooks' projects have no such file, and those that have let pip read it

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _pyproject(text: str) -> Says:
    """PEP 621, dependency groups, and what Poetry, PDM, uv, Hatch and pixi put beside; nothing where the file is about
    other things only."""
    document = _toml(text)
    project: dict[str, Any] = document.get("project") or {}
    tool: dict[str, Any] = document.get("tool") or {}
    poetry: dict[str, Any] = tool.get("poetry") or {}
    pixi = _pixi_tables(tool.get("pixi") or {})
    if not (project or poetry or pixi or "dependency-groups" in document):
        return Says()
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    lists += [*document.get("dependency-groups", {}).values(), tool.get("uv", {}).get("dev-dependencies", [])]
    lists += tool.get("pdm", {}).get("dev-dependencies", {}).values()
    lists += [env.get("dependencies", []) for env in tool.get("hatch", {}).get("envs", {}).values()]
    names = {match[1] for one in lists for text in one if isinstance(text, str) and (match := _NAME.match(text))}
    tables = [poetry, *poetry.get("group", {}).values()]
    names |= {name for table in tables for part in ("dependencies", "dev-dependencies") for name in table.get(part, {})}
    names |= {name for table in pixi for name in table}
    own = project.get("name") or poetry.get("name")
    python = [project.get("requires-python"), poetry.get("dependencies", {}).get("python")]
    python += [table.get("python") for table in pixi]
    open_ended = "dependencies" in project.get("dynamic", ()) and not names
    names |= {own} if own else set()
    return Says(None if open_ended else frozenset(names), _pythons(python))


def _pixi(text: str) -> Says:
    tables = _pixi_tables(_toml(text))
    return Says(frozenset(n for table in tables for n in table), _pythons(table.get("python") for table in tables))


def _pixi_tables(document: dict[str, Any]) -> list[dict[str, Any]]:
    places = [document, *document.get("feature", {}).values()]
    return [place[part] for place in places for part in ("dependencies", "pypi-dependencies") if part in place]


def _pipfile(text: str) -> Says:
    document = _toml(text)
    names = frozenset(name for part in ("packages", "dev-packages") for name in document.get(part, {}))
    requires = document.get("requires", {})
    return Says(names, _exact(requires.get("python_version") or requires.get("python_full_version") or ""))


def _setup(text: str) -> Says:
    names = frozenset(_QUOTED.findall(text)) if "install_requires" in text else None
    read_in = "install_requires" in text and not re.search(r"install_requires\s*=\s*\[", text)
    return Says(None if read_in else names, _pythons(_REQUIRES_PYTHON.findall(text)))


def _setup_cfg(text: str) -> Says:
    names = frozenset(_requirements(text)) if "install_requires" in text else None
    return Says(names, _pythons(_REQUIRES_PYTHON.findall(text)))


def _requirements(text: str) -> Iterator[str]:
    for line in text.splitlines():
        line = line.strip()
        if "://" in line and not line.startswith(("#", "--")):
            name, at, _ = line.partition(" @ ")
            if at:
                yield name.partition("[")[0].strip()
            elif found := _EGG.search(line) or _REPOSITORY.search(line):
                yield found[1]
        elif not line.startswith(("#", "-")) and (match := _NAME.match(line.partition("#")[0])):
            yield match[1]


def _conda(text: str) -> Says:
    if not re.search(r"(?m)^dependencies *:", text):
        return Says()
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    _, _, listed = plain.partition("dependencies")
    return Says(frozenset(_CONDA.findall(listed)), tuple(p for v in _CONDA_PYTHON.findall(plain) for p in _exact(v)))


def _lock(text: str) -> Says:
    return Says(frozenset(one or other for one, other in _LOCKED.findall(text)))


def _pipfile_lock(text: str) -> Says:
    import json  # few projects

    document = json.loads(text)
    return Says(frozenset(name for part in ("default", "develop") for name in document.get(part, {})))


def _python_version(text: str) -> Says:
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return Says(None, _exact(first.removeprefix("python-").removeprefix("cpython-")))


def _exact(text: object) -> tuple[str, ...]:
    """`==3.11.*` for one version as it stands in files that name one; what stands after `>=` and the like as it is."""
    text = str(text).strip().lstrip("=").strip()
    if not text or text[0] in "<>!~^":
        return _pythons([text])
    match = _VERSION.match(text)
    return (f"=={match[1]}.{match[2]}.*" if match[2] else f"=={match[1]}.*",) if match else ()


def _pythons(texts: Iterable[object]) -> tuple[str, ...]:
    """Specifiers as PEP 440 writes them; Poetry's `^3.10` and `~3.10` put into its words."""
    found = []
    for text in texts:
        text = text.get("version") if isinstance(text, dict) else text
        if not isinstance(text, str) or "||" in text or not text.strip():
            continue
        parts = [_specifier(part) for part in re.split(r",|\s+(?=[<>=!~^])", text.strip()) if part.strip()]
        if all(parts):
            found.append(",".join(parts))
    return tuple(found)


def _specifier(part: str) -> str:
    part = part.strip().replace(" ", "")
    match = _VERSION.search(part)
    if match is None or part.startswith("*"):
        return ""
    major, minor = int(match[1]), match[2]
    if part[0] == "^":
        return f">={part[1:]},<{major + 1}"
    if part[0] == "~" and part[1:2] != "=":
        return f">={part[1:]},<{major}.{int(minor) + 1}" if minor else f">={part[1:]},<{major + 1}"
    if part[0].isdigit():
        return f"=={part}" if "*" in part else f"=={major}.{minor}.*" if minor else f"=={major}.*"
    return part


_READERS = {
    "pyproject.toml": _pyproject,
    "pixi.toml": _pixi,
    "pipfile": _pipfile,
    "setup.py": _setup,
    "setup.cfg": _setup_cfg,
    "uv.lock": _lock,
    "poetry.lock": _lock,
    "pdm.lock": _lock,
    "pixi.lock": _lock,
    "pipfile.lock": _pipfile_lock,
    "conda-lock.yml": _lock,
    ".python-version": _python_version,
    "runtime.txt": _python_version,
}
