"""What a project says it needs: distributions and Python, from the dependency files wherever people put them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from nb_mlops.core.hashing import blake2b
from nb_mlops.core.lazy import pattern
from nb_mlops.core.project import Answer, Declared
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

_DEPENDENCY_FILE = (
    r"pyproject\.toml|pixi\.toml|Pipfile|setup\.py|setup\.cfg|[\w.-]*requirements?[\w.-]*\.(?:txt|in)|"
    r"reqs?\.txt|deps\.txt|dependencies\.txt|constraints[\w.-]*\.txt|[\w.-]*\.lock\.txt|"
    r"[\w.-]*(?:environment|conda|env)[\w.-]*\.ya?ml|(?:uv|poetry|pdm|pixi|Pipfile)\.lock|\.python-version|runtime\.txt"
)
_FILE = pattern(rf"(?:{_DEPENDENCY_FILE})\Z", re.I)
ANYWHERE = pattern(rf"(?:\n|/)(?:{_DEPENDENCY_FILE})\n", re.I)
# Folders beside the notebook, or on the way up, that people keep dependency files in.
_ASIDE = (
    "requirements",
    "binder",
    ".binder",
    ".devcontainer",
    "docker",
    "conda",
    "envs",
    "env",
    "environments",
    "deps",
)
_MAX = 8_000_000


class _Says(Struct, frozen=True):
    """What one file says: no names where it is about other things."""

    names: frozenset[str] | None = None
    pythons: tuple[str, ...] = ()


def normal(name: str) -> str:
    """A distribution's name as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(folders: Sequence[str], root: str) -> Answer:
    """What is declared in these folders and in those beside them that are made for it; the stamp is of the files'
    content. `root` is what the files' names are told from."""
    digests = _digests(folders)
    said = [(file, _parsed(file, digest)) for file, digest in digests.items()]
    names = [one.names for _, one in said if one.names is not None]
    value = Declared(
        frozenset(map(normal, frozenset().union(*names))) if names else None,
        tuple(dict.fromkeys(python for _, one in said for python in one.pythons)),
        tuple(os.path.relpath(file, root).replace(os.sep, "/") for file, one in said if one.names is not None),
    )
    return Answer(value, _stamp(digests))


def stamp(folders: Sequence[str]) -> str:
    """The stamp that `declared` would give, without understanding anything."""
    return _stamp(_digests(folders))


def _stamp(digests: Mapping[str, str]) -> str:
    text = "\n".join(f"{file} {digest}" for file, digest in digests.items())
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest() if text else ""


def _digests(folders: Sequence[str]) -> Mapping[str, str]:
    """The dependency files by their paths, and what they include, each with the digest of its content."""
    found: dict[str, str] = {}
    todo = [file for folder in reversed(dict.fromkeys(folders)) for file in _files(folder)]
    while todo:
        file = todo.pop()
        digest = "" if file in found else _digest_of(file)
        if digest:
            found[file] = digest
            todo.extend(_included(file, digest))
    return found


def _files(folder: str) -> Iterator[str]:
    for place in (folder, *(os.path.join(folder, name) for name in _listing(folder) if name in _ASIDE)):
        yield from (os.path.join(place, name) for name in _listing(place) if name not in _ASIDE)


def _listing(folder: str) -> tuple[str, ...]:
    """The names in a folder that matter here. Its time changes when one comes or goes, so it is seldom read twice."""
    try:
        return _names(folder, os.stat(folder).st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=1024)
def _names(folder: str, changed: int) -> tuple[str, ...]:
    return tuple(sorted(name for name in os.listdir(folder) if name in _ASIDE or _FILE.match(name)))


def _digest_of(file: str) -> str:
    try:
        now = os.stat(file)
        return _digest(file, now.st_mtime_ns, now.st_size, now.st_ino) if now.st_size < _MAX else ""
    except OSError:
        return ""


@lru_cache(maxsize=1024)
def _digest(file: str, *stamp: int) -> str:
    with open(file, "rb") as opened:
        return blake2b(opened.read(), digest_size=16).hexdigest()


@lru_cache(maxsize=256)
def _parsed(file: str, digest: str) -> _Says:
    """What a file says that has this content; nothing where it cannot be understood."""
    name = os.path.basename(file).lower()
    try:
        with open(file, encoding="utf-8-sig") as opened:
            text = opened.read()
        if name in _READERS:
            return _READERS[name](text)
        if name.endswith((".yml", ".yaml")):
            return _conda(text)
        return _Says(frozenset(_requirements(text)))
    except (OSError, ValueError, TypeError, AttributeError):
        return _Says()


@lru_cache(maxsize=256)
def _included(file: str, digest: str) -> tuple[str, ...]:
    """The files that a requirements file includes."""
    if not file.endswith((".txt", ".in")):
        return ()
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


def _pyproject(text: str) -> _Says:
    """PEP 621, dependency groups, and what Poetry, PDM, uv, Hatch and pixi put beside; nothing where the file is about
    other things only."""
    document = _toml(text)
    project: dict[str, Any] = document.get("project") or {}
    tool: dict[str, Any] = document.get("tool") or {}
    poetry: dict[str, Any] = tool.get("poetry") or {}
    pixi = _pixi_tables(tool.get("pixi") or {})
    if not (project or poetry or pixi or "dependency-groups" in document):
        return _Says()
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
    return _Says(None if open_ended else frozenset(names), _pythons(python))


def _pixi(text: str) -> _Says:
    tables = _pixi_tables(_toml(text))
    return _Says(frozenset(n for table in tables for n in table), _pythons(table.get("python") for table in tables))


def _pixi_tables(document: dict[str, Any]) -> list[dict[str, Any]]:
    places = [document, *document.get("feature", {}).values()]
    return [place[part] for place in places for part in ("dependencies", "pypi-dependencies") if part in place]


def _pipfile(text: str) -> _Says:
    document = _toml(text)
    names = frozenset(name for part in ("packages", "dev-packages") for name in document.get(part, {}))
    requires = document.get("requires", {})
    return _Says(names, _exact(requires.get("python_version") or requires.get("python_full_version") or ""))


def _setup(text: str) -> _Says:
    names = frozenset(_QUOTED.findall(text)) if "install_requires" in text else None
    read_in = "install_requires" in text and not re.search(r"install_requires\s*=\s*\[", text)
    return _Says(None if read_in else names, _pythons(_REQUIRES_PYTHON.findall(text)))


def _setup_cfg(text: str) -> _Says:
    names = frozenset(_requirements(text)) if "install_requires" in text else None
    return _Says(names, _pythons(_REQUIRES_PYTHON.findall(text)))


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


def _conda(text: str) -> _Says:
    if not re.search(r"(?m)^dependencies *:", text):
        return _Says()
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    _, _, listed = plain.partition("dependencies")
    return _Says(frozenset(_CONDA.findall(listed)), tuple(p for v in _CONDA_PYTHON.findall(plain) for p in _exact(v)))


def _lock(text: str) -> _Says:
    return _Says(frozenset(one or other for one, other in _LOCKED.findall(text)))


def _pipfile_lock(text: str) -> _Says:
    import json  # few projects

    document = json.loads(text)
    return _Says(frozenset(name for part in ("default", "develop") for name in document.get(part, {})))


def _python_version(text: str) -> _Says:
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return _Says(None, _exact(first.removeprefix("python-").removeprefix("cpython-")))


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
