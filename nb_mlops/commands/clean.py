"""`clean`: take out of notebooks what must not travel with them, by safe fixes alone. Made for hooks and git filters.

Only outputs and metadata are touched, never what the notebook computes; cleaning what is clean changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Unreadable
from nb_mlops.core.settings import Settings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write_checked
from nb_mlops.linter.engine import narrowed
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair
from nb_mlops.outside import discovery, files, settings_file
from nb_mlops.outside.writing import write_atomic


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """What was taken out of one file, or would be; `data` is the file afterwards, `skipped` why it was left alone."""

    path: str
    data: bytes
    removed: tuple[Finding, ...] = ()
    skipped: str = ""


def clean(
    paths: Sequence[str] | str = (".",), settings: Settings | None = None, dry: bool = False
) -> tuple[CleanedFile, ...]:
    """Clean the notebooks that `paths` name; with `dry` nothing is written.

    A file is replaced as one step, and only when the cleaned bytes read back as a notebook.
    """
    known = settings or settings_file.load_settings(".")[0]
    found = discovery.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    return tuple(_clean_file(path, known, dry) for path in found)


def clean_bytes(data: bytes, path: str, settings: Settings) -> CleanedFile:
    """The cleaned bytes of a notebook; `path` is its name in findings. What is no notebook is left as it is."""
    notebook = read(data, path)
    if isinstance(notebook, Unreadable):
        return CleanedFile(path, data, skipped=f"not a notebook ({notebook.reason})")
    rules, lint = narrowed(load_rules(), settings.lint, settings.clean.rules)
    done = repair(notebook, rules, lint)
    if not done.fixed:
        return CleanedFile(path, data)
    try:
        return CleanedFile(path, write_checked(done.notebook), done.fixed)
    except NbMlopsError as error:
        return CleanedFile(path, data, skipped=str(error))


def _clean_file(path: str, settings: Settings, dry: bool) -> CleanedFile:
    try:
        before = files.read_bytes(path)
    except OSError as error:
        return CleanedFile(path, b"", skipped=files.unreadable(path, error).detail)
    cleaned = clean_bytes(before, path, settings)
    if dry or cleaned.data == before:
        return cleaned
    try:
        write_atomic(path, cleaned.data)
    except NbMlopsError as error:
        return CleanedFile(path, before, skipped=str(error))
    return cleaned
