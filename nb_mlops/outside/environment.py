"""The environment of a run: scrubbed before, recorded after, and written down without anybody's name in it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from nb_mlops.core.run import Environment

# What a caller's shell may hold that would make a run differ for no reason of the notebook's. Everything of ours goes
# too (`NB_MLOPS…`): the signing key's place first of all.
_DROPPED = ("MPLBACKEND", "PYTHONHASHSEED", "PYTHONSTARTUP", "PYTHONINSPECT", "JPY_PARENT_PID")


def scrubbed(environ: Mapping[str, str], overlay: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what is ours, the signing key's place above all, and with `overlay` on top."""
    kept = {name: value for name, value in environ.items() if not name.startswith("NB_MLOPS") and name not in _DROPPED}
    return {**kept, **overlay}


def shown_path(path: str | Path, project: str | Path) -> str:
    """A path as it may be stored: relative to the project where in or beside it, below `~` where at home, posix.

    Anything else is relative too, by way of `..`, so that whoever judges later can find it from the project again.
    """
    real = Path(os.path.realpath(path))
    base = Path(os.path.realpath(project))
    if real.is_relative_to(base):
        return real.relative_to(base).as_posix()
    if real.is_relative_to(base.parent):
        return "../" + real.relative_to(base.parent).as_posix()
    home = Path(os.path.realpath(Path.home()))
    if real.is_relative_to(home):
        return "~/" + real.relative_to(home).as_posix()
    return Path(os.path.relpath(real, base)).as_posix()


def locales() -> tuple[str, ...]:
    """The locales that are installed here, as `locale -a` lists them, and those where LOCPATH says that they are; none
    of the former where there is no such command."""
    own = os.environ.get("LOCPATH", "").split(":")
    found = {place.name for folder in own if folder for place in Path(folder).glob("*/") if _is_locale(place)}
    with contextlib.suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        said = subprocess.run(["locale", "-a"], capture_output=True, text=True, timeout=10, check=False).stdout
        found |= set(said.split())
    return tuple(sorted(found))


def _is_locale(place: Path) -> bool:
    return (place / "LC_COLLATE").is_file()


def describe(begin: Mapping[str, Any], modules: Iterable[str]) -> Environment:
    """The environment from what the kernel told at its start and the modules it had imported at its end."""
    packages, brought = used_packages([str(p) for p in begin.get("path", ())], frozenset(modules))
    return Environment(
        python=str(begin.get("python", "")),
        implementation=str(begin.get("implementation", "")),
        platform=str(begin.get("platform", "")),
        packages=packages,
        modules=brought,
        variables={str(k): str(v) for k, v in dict(begin.get("variables", {})).items()},
    )


def used_packages(path: list[str], modules: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Distributions on `path` that provide one of these top-level modules, with their versions; and by module the one
    that brings it, where only one does."""
    used: dict[str, str] = {}
    brought: dict[str, set[str]] = {}
    for distribution in distributions(path=path):
        name = distribution.name
        if not name or name in used:
            continue
        if given := _top_level(distribution) & modules:
            used[name] = distribution.version
            for module in given:
                brought.setdefault(module, set()).add(name)
    single = {module: next(iter(names)) for module, names in sorted(brought.items()) if len(names) == 1}
    return dict(sorted(used.items(), key=lambda item: item[0].lower())), single


def _top_level(distribution: Distribution) -> frozenset[str]:
    declared = distribution.read_text("top_level.txt")
    if declared:
        return frozenset(declared.split())
    record = distribution.read_text("RECORD") or ""
    heads = (line.split(",", 1)[0].split("/", 1)[0] for line in record.splitlines())
    return frozenset(head[:-3] if head.endswith(".py") else head.partition(".cpython")[0] for head in heads)
