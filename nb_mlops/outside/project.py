"""Answers what rules ask about the project around a notebook, from the disk and from git's index.

Nothing is looked up before it is asked. What takes long is remembered as long as the files it was read from do not
change, so a server may live for weeks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from nb_mlops.core.project import Answer, Asked, Presence, Project
from nb_mlops.outside import declared
from nb_mlops.outside.files import MARKERS

if TYPE_CHECKING:
    from nb_mlops.outside.index import Index


def around(path: str) -> Project:
    """The project around a notebook that lies, or will lie, at this path."""
    return Project(_Surroundings(path).answer)


def still(path: str, asked: Iterable[Asked]) -> bool:
    """Whether each of these questions would get the answer again that it got."""
    place = _Surroundings(path)
    return all(place.stamp(one.kind, one.about) == one.stamp for one in asked)


class _Surroundings:
    """Where a notebook stands: its folder, the working tree of git, and the project's root."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self._folder = os.path.dirname(self._path)

    @cached_property
    def _top(self) -> str | None:
        return _nearest(self._folder, ".git")

    @cached_property
    def _root(self) -> str | None:
        return self._top or _nearest(self._folder, *(marker for marker in MARKERS if marker != ".git"))

    def answer(self, kind: str, about: str) -> Answer:
        if kind == "declared":
            return self._declared()
        if kind == "presence":
            presence = self._presence(about)
            return Answer(presence, presence.value)
        if kind == "makes":
            return self._makes(about)
        if kind == "private":
            from nb_mlops.outside import private

            return private.rows(self._root or self._folder, about)
        if kind == "known":
            return Answer(self._root is not None, str(self._root is not None))
        found = {"module": self._has_module, "elsewhere": self._elsewhere}[kind](about)
        return Answer(found, str(found))

    def stamp(self, kind: str, about: str) -> str:
        if kind == "declared":
            return declared.stamp(self._way_up())
        if kind == "private":
            from nb_mlops.outside import private

            return private.stamp(self._root or self._folder, about)
        found = self._index() if kind == "makes" else None
        if found is not None and self._top is not None:
            from nb_mlops.outside import makers

            return makers.stamp(makers.code_files(self._top, found.files))
        return self.answer(kind, about).stamp

    def _index(self) -> Index | None:
        """What git has; None where there is no git, or its index cannot be read."""
        from nb_mlops.outside.index import index_of  # most notebooks never ask

        return index_of(self._top) if self._top else None

    def _way_up(self) -> list[str]:
        """The folders from the notebook's own to the root."""
        folders = [self._folder]
        while self._root and folders[-1] != self._root:
            folders.append(os.path.dirname(folders[-1]))
        return folders

    def _declared(self) -> Answer:
        answer = declared.declared(self._way_up(), self._root or self._folder)
        return answer if answer.stamp or self._root else Answer(None)

    def _elsewhere(self, _: str) -> bool:
        found = self._index()
        return found is None or any(declared.is_dependency_file(name.rpartition("/")[2]) for name in found.files)

    def _makes(self, about: str) -> Answer:
        found = self._index()
        if self._top is None or found is None:
            return Answer(True)
        from nb_mlops.outside import makers

        place = os.path.normpath(os.path.join(self._folder, about))
        code = makers.code_files(self._top, found.files)
        made = makers.makes(self._top, code, _within(place, self._top), _within(self._path, self._top))
        return Answer(made, makers.stamp(code))

    def _presence(self, about: str) -> Presence:
        place = os.path.normpath(os.path.join(self._folder, about))
        real = os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place))
        if self._root is None or not _below(place, self._root) or not _below(real, os.path.realpath(self._root)):
            return Presence.UNKNOWN
        there = os.path.lexists(place)
        if self._top is None:
            return Presence.KEPT if there else Presence.MISSING
        found, name = self._index(), _within(place, self._top)
        if found is None or not found.knows(name):
            return Presence.UNKNOWN
        if found.has(name) or _is_dvcs(found, name):
            return Presence.KEPT
        if not there:
            return Presence.MISSING
        return Presence.HERE if _within(self._path, self._top) in found.files else Presence.KEPT

    def _has_module(self, name: str) -> bool:
        """Anywhere in the repository: people add folders to `sys.path`."""
        for folder in {*self._way_up(), *(os.path.join(place, "src") for place in self._way_up())}:
            place = os.path.join(folder, name)
            if os.path.isdir(place) or any(os.path.exists(place + end) for end in (".py", ".ipynb", ".pyx", ".so")):
                return True
        found = self._index()
        return found is not None and any(found.names(name + end) for end in ("", ".py", ".ipynb", ".pyx"))


def _is_dvcs(found: Index, name: str) -> bool:
    """Whether DVC keeps the file, or a folder that it lies in: then a small file beside it is in git."""
    parts = name.split("/")
    return any("/".join(parts[: n + 1]) + ".dvc" in found.files for n in range(len(parts)))


def _nearest(folder: str, *markers: str) -> str | None:
    """The nearest folder upwards, itself included, that holds one of these."""
    place = folder
    while not any(os.path.exists(f"{place}{os.sep}{marker}") for marker in markers):
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above
    return place


def _below(place: str, root: str) -> bool:
    return place == root or place.startswith(root.rstrip(os.sep) + os.sep)


def _within(place: str, top: str) -> str:
    return os.path.relpath(place, top).replace(os.sep, "/")
