"""The dependency files of a project: where they stand, and what they say together.

Finding them and telling whether they changed is all that most runs need; only what has to be understood is parsed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from nb_mlops.core.hashing import blake2b
from nb_mlops.core.project import Answer, Declared

_NAMES = frozenset(
    (
        *("pyproject.toml", "pixi.toml", "pipfile", "setup.py", "setup.cfg", "uv.lock", "poetry.lock", "pdm.lock"),
        *("pixi.lock", "pipfile.lock", ".python-version", "runtime.txt", "reqs.txt", "req.txt", "deps.txt"),
        "dependencies.txt",
    )
)
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


def is_dependency_file(name: str) -> bool:
    """Whether a file of this name is one that people declare dependencies in."""
    name = name.lower()
    if name.endswith((".txt", ".in")):
        return "requirement" in name or name in _NAMES or name.startswith("constraints") or name.endswith(".lock.txt")
    if name.endswith((".yml", ".yaml")):
        return "env" in name or "conda" in name
    return name in _NAMES


def declared(folders: Sequence[str], root: str) -> Answer:
    """What is declared in these folders and in those beside them that are made for it; the stamp is of the files'
    content. `root` is what the files' names are told from."""
    digests = _digests(folders)
    if not digests:
        return Answer(Declared())
    from nb_mlops.outside import dependencies  # many notebooks have none around them

    said = [(file, dependencies.parsed(file, digest)) for file, digest in digests.items()]
    names = [one.names for _, one in said if one.names is not None]
    value = Declared(
        frozenset(map(dependencies.normal, frozenset().union(*names))) if names else None,
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
            if file.endswith((".txt", ".in")):
                from nb_mlops.outside import dependencies

                todo.extend(dependencies.included(file, digest))
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
    return tuple(sorted(name for name in os.listdir(folder) if name in _ASIDE or is_dependency_file(name)))


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
