"""Walks a package and an entry-point group for members (rules, proofs). The same code twice is an error."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import entry_points
from typing import TypeVar

from nb_mlops.core.errors import NbMlopsError

Member = TypeVar("Member")


def members(package: str, constant: str, kind: type[Member], key: str, group: str = "") -> dict[str, Member]:
    """Every `constant` of type `kind` in the modules below `package`, then in the entry points of `group`.

    Returned by the member's attribute `key`, sorted. Raises NbMlopsError when two claim the same key or a module of
    ours lacks its constant, so that a plug-in can never shadow what is shipped.
    """
    found: dict[str, tuple[Member, str]] = {}
    root = importlib.import_module(package)
    for info in pkgutil.walk_packages(root.__path__, f"{package}."):
        if info.ispkg:
            continue
        value = getattr(importlib.import_module(info.name), constant, None)
        if not isinstance(value, kind):
            raise NbMlopsError(f"{info.name} defines no {constant}.", f"Every module below {package} is one member.")
        _add(found, value, key, info.name)
    for point in entry_points(group=group) if group else ():
        value = point.load()
        if not isinstance(value, kind):
            raise NbMlopsError(f"The plug-in `{point.value}` ({group}) is not a {kind.__name__}.")
        _add(found, value, key, point.value)
    return {name: found[name][0] for name in sorted(found)}


def _add(found: dict[str, tuple[Member, str]], member: Member, key: str, origin: str) -> None:
    name = str(getattr(member, key))
    if name in found:
        raise NbMlopsError(f"{origin} and {found[name][1]} both claim `{name}`.", "Rename or uninstall one of the two.")
    found[name] = (member, origin)
