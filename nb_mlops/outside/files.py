"""Files on disk: their bytes, or why they cannot be had, and the project that they belong to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Unreadable

MARKERS = ("nb-mlops.toml", "pyproject.toml", ".git")


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
    folder = folder_of(start)
    for place in (folder, *folder.parents):
        if is_project(place):
            return place
    return folder


def is_project(folder: Path) -> bool:
    """Whether something in the folder says that it is a project, not just a place."""
    return any((folder / marker).exists() for marker in MARKERS)


def folder_of(start: str | os.PathLike[str]) -> Path:
    """The folder itself, or the one that a file is in."""
    place = Path(absolute(start))
    return place if place.is_dir() else place.parent


def as_shown(path: str | os.PathLike[str], here: Path) -> str:
    """The path as people read it: posix, relative to `here`."""
    whole = absolute(path)
    try:
        return Path(os.path.relpath(whole, here)).as_posix()
    except ValueError:  # another drive
        return Path(whole).as_posix()


def absolute(path: str | os.PathLike[str]) -> str:
    """The path from the root, `..` resolved and links not followed."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`, Path.resolve follows links
