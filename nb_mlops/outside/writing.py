"""Files that are written: whole or not at all, and with words for who may not write them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nb_mlops.core.errors import UsageError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def write_atomic(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace a file's content as one step: whoever looks sees the old bytes or the new ones, even after a crash.

    Permission bits and owner are kept; a link stays, its target is replaced. Raises UsageError, with nothing changed
    and nothing left behind, where the file cannot be written.
    """
    try:
        target = Path(path).resolve()
        _replace(target, data, _status(target))
    except (OSError, RuntimeError) as error:
        raise _unwritable(os.fspath(path), error) from error


def _status(target: Path) -> os.stat_result | None:
    try:
        before = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return before


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    temporary = target.parent / f".nb-mlops-{os.urandom(8).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if before is not None:
            _keep_owner_and_mode(temporary, before)
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise
    _sync_folder(target.parent)


def _keep_owner_and_mode(temporary: Path, before: os.stat_result) -> None:
    now = temporary.stat()
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        with contextlib.suppress(PermissionError):  # only root can give files away
            os.chown(temporary, before.st_uid, before.st_gid)
    temporary.chmod(stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where folders can be synced at all."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def told_when_unwritable(words: str) -> Iterator[None]:
    """Turns a full or forbidden disk, met on the way, into a UsageError that begins with `words`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise UsageError(f"{words}: the disk is full.", "Free some space, and run it again.") from error
        if error.errno == errno.EFBIG:
            raise UsageError(f"{words}: a file would be too large here.", "Raise the limit (`ulimit -f`).") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            where = Path(os.fsdecode(error.filename)).name if error.filename else "the folder"
            raise UsageError(
                f"{words}: `{where}` may not be written.", "Check the permissions of the project."
            ) from error
        raise


def _unwritable(path: str, error: OSError | RuntimeError) -> UsageError:
    shown = Path(path).as_posix()
    number = error.errno if isinstance(error, OSError) else errno.ELOOP
    if number in _FULL:
        return UsageError(f"`{shown}` was not written and is as it was: the disk is full.", "Free some space.")
    reason = os.strerror(number).lower() if number else type(error).__name__
    return UsageError(
        f"`{shown}` was not written and is as it was: {reason}.", "Check the permissions of the file and of its folder."
    )
