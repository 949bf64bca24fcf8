"""The file that holds a project's baseline: where it is, its bytes, and how it calls the project's notebooks."""

from __future__ import annotations

import os
from pathlib import Path

from nb_mlops.core.errors import UsageError
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.outside.files import project_root, read_bytes
from nb_mlops.outside.writing import write_atomic

_DEFAULT = LintSettings().baseline


class BaselineFile(Struct, frozen=True):
    """A baseline on disk; notebooks are called by their path from `root`, wherever a command is run."""

    path: Path
    root: Path

    @property
    def shown(self) -> str:
        """What messages call the file."""
        return _relative(self.path, Path.cwd())

    def exists(self) -> bool:
        """Whether there is one yet."""
        return self.path.is_file()

    def read(self) -> bytes:
        """The whole file. Raises UsageError where it cannot be read."""
        try:
            return read_bytes(self.path)
        except OSError as error:
            raise UsageError(
                f"The baseline `{self.shown}` cannot be read: {(error.strerror or type(error).__name__).lower()}.",
                "Run `nb-mlops baseline write` to make it, or correct its name.",
            ) from error

    def write(self, data: bytes) -> None:
        """Replace the file as one step. Raises UsageError where that fails."""
        write_atomic(self.path, data)

    def name_of(self, path: str) -> str:
        """What the baseline calls a notebook."""
        return _relative(path, self.root)

    def is_missing(self, name: str) -> bool:
        """Whether no file has that name any more."""
        return not os.path.lexists(self.root / name)


def _relative(path: str | Path, start: Path) -> str:
    try:
        return Path(os.path.relpath(path, start)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


def locate(setting: str, named: str | None) -> BaselineFile:
    """The baseline's file: the one that is `named`, else the one of the setting, in the project's root."""
    path = Path(named) if named else project_root(".") / setting
    path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps `..`, Path.resolve follows links
    return BaselineFile(path, project_root(path.parent))


def in_force(setting: str, named: str | None) -> BaselineFile | None:
    """The baseline that lint goes by; None where it is switched off or was never made.

    Only the default one need not exist: whoever names a baseline relies on it.
    """
    if named == "" or (named is None and not setting):
        return None
    file = locate(setting, named)
    return None if named is None and setting == _DEFAULT and not file.exists() else file


def of_project(start: str, setting: str) -> BaselineFile | None:
    """The baseline of the project that the notebook at `start` belongs to; None where there is none.

    For those who do not run in that project's folder."""
    root = project_root(start)
    file = BaselineFile(root / setting, root) if setting else None
    return file if file is not None and file.exists() else None


def new_salt() -> str:
    """A fresh key for the hashes of secrets."""
    return os.urandom(16).hex()
