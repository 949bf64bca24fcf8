"""Which notebooks there are: the files that are named, and those in the folders that are named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nb_mlops.core.errors import SettingsError
from nb_mlops.outside.files import absolute, as_shown, project_root

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SUFFIX = ".ipynb"
_TOOL_FOLDERS = {
    *(".git", ".hg", ".svn", ".bzr", ".nb-mlops", ".ipynb_checkpoints", ".virtual_documents", ".jupyter_cache"),
    *("__pycache__", "__pypackages__", "site-packages", "node_modules", ".eggs", ".tox", ".nox", ".pixi", ".conda"),
    *(".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".vscode", ".idea", ".Trash"),
}


def discover(paths: Sequence[str], exclude: tuple[str, ...] = (), strictly: bool = False) -> tuple[str, ...]:
    """The notebook files that `paths` name, as posix paths relative to the current folder, each once.

    A file is kept whatever it is called, `strictly` only if `exclude` does not match it. A folder is walked: its
    notebooks in alphabetical order, then its subfolders; without the folders of tools, virtual environments, what git
    ignores and what `exclude` matches (.gitignore's pattern language, relative to the project). Raises UsageError for
    a path that does not exist.
    """
    here = Path.cwd()
    spec = _spec(exclude)
    root = project_root(here) if spec else here
    found: dict[str, None] = {}
    for path in paths:
        place = Path(path)
        if place.is_dir():
            found.update((as_shown(file, here), None) for file in _walk(place, spec, root))
        elif os.path.lexists(place):
            if not strictly or not _excluded(spec, absolute(path), root):
                found[as_shown(path, here)] = None
        else:
            from nb_mlops.outside.named import missing  # most paths exist

            raise missing(path, "Name a notebook or a folder that holds notebooks.")
    return tuple(found)


def is_included(path: str, exclude: tuple[str, ...]) -> bool:
    """Whether the project's `exclude` leaves this path, from its root, alone."""
    spec = _spec(exclude)
    return spec is None or not spec.match_file(path)


def _spec(exclude: tuple[str, ...]) -> GitIgnoreSpec | None:
    if not exclude:
        return None
    from pathspec import GitIgnoreSpec  # most runs exclude nothing

    try:
        return GitIgnoreSpec.from_lines(exclude)
    except ValueError as error:
        raise SettingsError(
            f"`exclude` holds a pattern that .gitignore's language does not know: {error}",
            "Mend it in the section [lint].",
        ) from error


def _walk(top: Path, spec: GitIgnoreSpec | None, root: Path) -> Iterator[str]:
    """Notebooks below `top`; links to folders are not followed, so there is no way to walk in circles."""
    start = absolute(top)
    from nb_mlops.outside import git  # hooks name their files

    repository = git.top(Path(start))
    ignored = _ignored(start) if repository else frozenset()
    todo = [(start, ignored)]
    while todo:
        folder, ignored = todo.pop()
        files, folders = _entries(folder)
        if folder != start:
            if "pyvenv.cfg" in files:
                continue
            if ".git" in folders or ".git" in files:  # a repository in the repository ignores for itself
                ignored = _ignored(folder)
        for name in sorted(files):
            path = f"{folder}{os.sep}{name}"
            if name.lower().endswith(_SUFFIX) and path not in ignored and not _excluded(spec, path, root):
                yield path
        for name in sorted(folders - _TOOL_FOLDERS, reverse=True):
            path = f"{folder}{os.sep}{name}"
            if path + os.sep not in ignored and not _excluded(spec, path + "/", root):
                todo.append((path, ignored))


def _entries(folder: str) -> tuple[set[str], set[str]]:
    """Names of the files and of the real folders in a folder. A dangling link counts as a file: it is named like one,
    and reading it will say that it is missing."""
    files, folders = set(), set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif entry.is_symlink():
                    if not Path(entry.path).is_dir():
                        files.add(entry.name)
                elif entry.is_file():
                    files.add(entry.name)
    except OSError as error:
        import logging  # most folders can

        logging.getLogger(__name__).warning("%s cannot be looked into: %s", folder, error.strerror)
    return files, folders


def _ignored(folder: str) -> frozenset[str]:
    from nb_mlops.outside import git

    return frozenset(f"{folder}{os.sep}{name.replace('/', os.sep)}" for name in git.ignored(Path(folder)))


def _excluded(spec: GitIgnoreSpec | None, path: str, root: Path) -> bool:
    if spec is None:
        return False
    relative = os.path.relpath(path, root).replace(os.sep, "/") + ("/" if path.endswith("/") else "")
    return not relative.startswith("../") and spec.match_file(relative)
