"""Walks a package and an entry-point group for members (rules, proofs). The same code twice is an error."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from nb_mlops.core.errors import NbMlopsError

Member = TypeVar("Member")


def members(package: str, constant: str, kind: type[Member], key: str, group: str = "") -> dict[str, Member]:
    """Every `constant` of type `kind` in the modules below `package`, then in the entry points of `group`.

    Returned by the member's attribute `key`, sorted. Raises NbMlopsError when two claim the same key, for a module of
    ours without its constant, and for a plug-in that does not load.
    """
    found: dict[str, tuple[Member, str]] = {}
    root = importlib.import_module(package)
    for name in (name for place in root.__path__ for name in _modules(place, package)):
        value = getattr(importlib.import_module(name), constant, None)
        if not isinstance(value, kind):
            raise NbMlopsError(f"{name} defines no {constant}.", f"Every module below {package} is one member.")
        _add(found, value, key, name)
    return with_plug_ins(found, kind, key, group)


def with_plug_ins(
    ours: Mapping[str, tuple[Member, str]], kind: type[Member], key: str, group: str
) -> dict[str, Member]:
    """Our members, each given with where it is from, and those that the entry points of a group name; sorted.

    Raises NbMlopsError for a plug-in that does not load, and for one that claims a key that is taken: none can shadow
    what is shipped.
    """
    found = dict(ours)
    for point in plug_ins(group) if group else ():
        try:
            value = _load(point)
        except (Exception, SystemExit) as error:
            words = f"{type(error).__name__}: {error}".rstrip(": ")
            raise NbMlopsError(
                f"The plug-in `{point}` ({group}) cannot be loaded ({words}).", "Mend or uninstall it."
            ) from error
        if not isinstance(value, kind):
            raise NbMlopsError(f"The plug-in `{point}` ({group}) is not a {kind.__name__}.", "Mend or uninstall it.")
        _add(found, value, key, point)
    return {name: found[name][0] for name in sorted(found)}


def _modules(place: str, package: str) -> Iterator[str]:
    """The modules of a package and of those below it, by their files: pkgutil would take three times as long."""
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = entry.name.removesuffix(".py")
            if name != entry.name and name != "__init__":
                yield f"{package}.{name}"
            elif name.isidentifier() and os.path.exists(f"{entry.path}{os.sep}__init__.py"):
                yield from _modules(entry.path, f"{package}.{name}")


def _add(found: dict[str, tuple[Member, str]], member: Member, key: str, origin: str) -> None:
    name = str(getattr(member, key))
    if name in found:
        raise NbMlopsError(f"{origin} and {found[name][1]} both claim `{name}`.", "Rename or uninstall one of the two.")
    found[name] = (member, origin)


def plug_ins(group: str) -> tuple[str, ...]:
    """What installed distributions declare in an entry-point group, as `module:name`.

    Read from their `entry_points.txt` where they lie: importlib.metadata would take longer than linting a notebook.
    Like there, of two distributions of one name the first on the path counts.
    """
    return _plug_ins(group, tuple(sys.path))


@lru_cache(maxsize=8)
def _plug_ins(group: str, path: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[str] = set()
    for place in path:
        for folder in _distributions(place or "."):
            name = folder.rpartition(os.sep)[2].partition("-")[0].lower()
            if name in seen:
                continue
            seen.add(name)
            found.update(dict.fromkeys(_declared(folder, group)))
    return tuple(found)


def _distributions(place: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return sorted(entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _declared(folder: str, group: str) -> list[str]:
    try:
        with open(f"{folder}{os.sep}entry_points.txt", "rb", buffering=0) as file:
            text = file.read().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    if group not in text:
        return []
    section, found = "", []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == group and "=" in line and not line.startswith(("#", ";")):
            found.append(line.partition("=")[2].partition("[")[0].strip())
    return found


def _load(point: str) -> object:
    module, _, path = point.partition(":")
    value: object = importlib.import_module(module.strip())
    for name in filter(None, path.strip().split(".")):
        value = getattr(value, name)
    return value


def code_of(group: str) -> tuple[str, ...]:
    """The folders and files that the code of a group's plug-ins stands in."""
    tops = dict.fromkeys(point.partition(":")[0].partition(".")[0].strip() for point in plug_ins(group))
    specs = [spec for spec in map(importlib.util.find_spec, tops) if spec is not None]
    return tuple(place for spec in specs for place in (spec.submodule_search_locations or [spec.origin or ""]))
