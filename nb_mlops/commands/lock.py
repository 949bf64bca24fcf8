"""check --lock and --rebuild: what a notebook ran with, written down, and the same again from nothing but that."""

from __future__ import annotations

from nb_mlops.commands.steps.opened import opened
from nb_mlops.core.errors import UsageError
from nb_mlops.core.run import RunRecord
from nb_mlops.outside import locking
from nb_mlops.outside.kernel import python_of
from nb_mlops.outside.run_one import require
from nb_mlops.outside.writing import write_atomic


def write_lock(path: str, record: RunRecord, kernel: str) -> tuple[str, bool]:
    """Write what the run used, with all that it requires, beside the notebook; (the file, whether it holds hashes).

    Raises UsageError where the kernel is no Python, or the run told nothing.
    """
    python = python_of(kernel, opened(path)[1].metadata)
    if not python or not record.environment.python:
        raise UsageError("Only a Python kernel that was watched can be locked, so nothing was.")
    found = locking.lock(python, record.environment.python, record.environment.packages)
    place = locking.lock_file(path)
    write_atomic(place, found.text.encode())
    return place.as_posix(), found.hashed


def rebuilt(path: str) -> str:
    """The Python of an environment with exactly what the notebook's lock says. Raises UsageError."""
    require("check")
    return locking.rebuild(locking.read_lock(path))
