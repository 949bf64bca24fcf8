"""Notebook files on disk: which there are, their bytes, the project they belong to and its settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nb_mlops.core.errors import SettingsError, UsageError
from nb_mlops.core.notebook import Unreadable
from nb_mlops.core.settings import Settings, settings_from

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SUFFIX = ".ipynb"
MARKERS = ("nb-mlops.toml", "pyproject.toml", ".git")
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
            found.update((_shown(file, here), None) for file in _walk(place, spec, root))
        elif os.path.lexists(place):
            if not strictly or not _excluded(spec, _absolute(path), root):
                found[_shown(path, here)] = None
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
        raise SettingsError(f"`exclude` holds a pattern that .gitignore's language does not know: {error}") from error


def _shown(path: str | os.PathLike[str], here: Path) -> str:
    absolute = _absolute(path)
    try:
        return Path(os.path.relpath(absolute, here)).as_posix()
    except ValueError:  # another drive
        return Path(absolute).as_posix()


def _absolute(path: str | os.PathLike[str]) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`, Path.resolve follows links


def _walk(top: Path, spec: GitIgnoreSpec | None, root: Path) -> Iterator[str]:
    """Notebooks below `top`; links to folders are not followed, so there is no way to walk in circles."""
    start = _absolute(top)
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


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The whole file. Raises OSError."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - of one notebook after another, a Path costs as much
        return file.readall()


def load_data(path: str) -> Any:
    """What a YAML or JSON file holds. Raises UsageError, naming the line, for what cannot be read or understood."""
    import yaml  # comes with what runs notebooks

    try:
        return yaml.safe_load(Path(path).read_text("utf-8-sig"))  # JSON is YAML
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {unreadable(path, error).detail}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise UsageError(f"`{path}` is neither YAML nor JSON{where}.", "Mend the line that is named.") from error


def unreadable(path: str, error: OSError) -> Unreadable:
    """Why the bytes of a file could not be had, in the words that files with wrong bytes are described with."""
    if isinstance(error, FileNotFoundError):
        if Path(path).is_symlink():
            return Unreadable(path, "missing", "This is a link to a file that is not there; restore what it points to.")
        return Unreadable(path, "missing", "The file does not exist.")
    if isinstance(error, PermissionError):
        return Unreadable(path, "no-permission", "You may not read this file; change its permissions (`chmod u+r`).")
    return Unreadable(path, "missing", f"The file cannot be read: {error.strerror or type(error).__name__}.")


def project_root(start: str | os.PathLike[str]) -> Path:
    """The project that `start` (a folder or a file) belongs to: the nearest folder upwards that holds nb-mlops.toml,
    pyproject.toml or a git repository, else the folder itself."""
    folder = _folder(start)
    for place in (folder, *folder.parents):
        if is_project(place):
            return place
    return folder


def is_project(folder: Path) -> bool:
    """Whether something in the folder says that it is a project, not just a place."""
    return any((folder / marker).exists() for marker in MARKERS)


def load_settings(start: str | os.PathLike[str]) -> tuple[Settings, dict[str, str]]:
    """The settings in force for `start`, and for each one that is set (`section.key`) the file that sets it.

    The nearest nb-mlops.toml, or pyproject.toml with a table [tool.nb-mlops], upwards; defaults when there is none.
    Raises SettingsError, naming file and line, for TOML or settings that cannot be understood.
    """
    here = _folder(start)
    for folder in (here, *here.parents):
        for name in ("nb-mlops.toml", "pyproject.toml"):
            file = folder / name
            if not file.is_file():
                continue
            table = _table(file)
            if table is not None:
                shown = _shown(file, Path.cwd())
                return settings_from(table, shown), _origins(table, shown)
    return Settings(), {}


def _folder(start: str | os.PathLike[str]) -> Path:
    place = Path(_absolute(start))
    return place if place.is_dir() else place.parent


def _table(file: Path) -> Mapping[str, Any] | None:
    """The tool's own table, None for a pyproject.toml that has none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    shown = _shown(file, Path.cwd())
    try:
        whole = tomllib.loads(file.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown} is not valid TOML: {error}.", "Mend the line that is named.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown} is not UTF-8 (byte {error.start + 1}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{shown} cannot be read: {error.strerror}.") from error
    if file.name == "nb-mlops.toml":
        return whole
    tool = whole.get("tool")
    table = tool.get("nb-mlops") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise SettingsError(f"{shown}: [tool.nb-mlops] must be a table.")
    return table


def differing_settings(old: bytes | None, new: bytes | None, name: str) -> tuple[str, ...]:
    """Our settings that differ between two texts of the file `name`, as `section.key`; what is no TOML has none."""
    one, other = _flat(old, name), _flat(new, name)
    return tuple(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))


def _flat(text: bytes | None, name: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        whole: Any = tomllib.loads((text or b"").decode("utf-8-sig"))
    except ValueError:
        return {}
    table = whole if name == "nb-mlops.toml" else whole.get("tool", {}).get("nb-mlops", {})
    return {
        f"{section}.{key}": value
        for section, values in table.items()
        if isinstance(values, dict)
        for key, value in values.items()
    }


def _origins(table: Mapping[str, Any], shown: str) -> dict[str, str]:
    return {
        f"{section}.{key.replace('_', '-')}": shown
        for section, values in table.items()
        if isinstance(values, Mapping)
        for key in values
    }
