"""`git`: notebooks cleaned on their way into git, and shown by cells in `git diff`; set up and taken out."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from nb_mlops.commands.clean import clean_bytes
from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.ipynb.read import read
from nb_mlops.outside import discovery, files, git, git_filter, settings_file
from nb_mlops.reporters import cells


def install() -> bool:
    """Set up filter and diff in this clone; whether anything was to be done. Raises UsageError outside of one."""
    return git_filter.install(git.repository(Path.cwd()))


def uninstall() -> bool:
    """Take both out without a trace; whether anything was there. Raises UsageError outside of a clone."""
    return git_filter.uninstall(git.repository(Path.cwd()))


def serve(given: BinaryIO, out: BinaryIO) -> None:
    """Clean what git hands over, by the project's settings; what these exclude passes as it is."""
    settings, _ = settings_file.load_settings(".")

    def clean(path: str, data: bytes) -> bytes:
        if not discovery.is_included(path, settings.lint.exclude):
            return data
        return clean_bytes(data, path, settings).data

    git_filter.serve(given, out, clean)


def textconv(path: str) -> str:
    """The notebook by cells; any other file as it is. Raises UsageError for one that cannot be read."""
    try:
        data = files.read_bytes(path)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {files.unreadable(path, error).detail}") from error
    found = read(data, path)
    return cells.render(found) if isinstance(found, Notebook) else data.decode("utf-8", "replace")
