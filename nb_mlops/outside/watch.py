"""Every file that is opened in some folders while a run goes on, by whomever: Linux's inotify.

The kernel's own audit hook does not see what a library opens in C (parquet, arrow, HDF5) nor what a subprocess reads;
this does, and sees no difference between the notebook and anybody else who opens a file there at the same time.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

_ACCESS, _MODIFY, _MOVED_TO, _CREATE, _OPEN = 0x1, 0x2, 0x80, 0x100, 0x20
_IS_DIR, _OVERFLOW, _ONLY_DIR = 0x40000000, 0x4000, 0x01000000
_MASK = _ACCESS | _MODIFY | _MOVED_TO | _CREATE | _OPEN | _ONLY_DIR
_EVENT = struct.Struct("iIII")
_MOST_FOLDERS = 4000
_SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".nb-mlops",
        "__pycache__",
        "node_modules",
        ".venv",
        "venv",
        ".tox",
        ".nox",
        "site-packages",
    }
    | {".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode", ".ipython"}
)
# Opened by interpreters, editors and indexers; what they hold is either seen otherwise or nobody's data.
_NO_DATA = (".pyc", ".pyo", ".so", ".ipynb", ".swp", "~", ".lock", ".tmp")


class Watch:
    """Watches folders and all below them from `start` to `stop`.

    `read` and `written` are real paths in the order in which they were first seen: a file counts as read only where it
    was there before anybody wrote it. `incomplete` says that something may have been missed.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self.read: dict[str, None] = {}
        self.written: dict[str, None] = {}
        self.incomplete = False
        self._folders = [os.path.realpath(folder) for folder in folders]
        self._places: dict[int, str] = {}
        self._handle = -1
        self._thread: threading.Thread | None = None
        self._pipe = (-1, -1)

    @property
    def running(self) -> bool:
        """Whether anything is being watched."""
        return self._thread is not None

    @property
    def gaps(self) -> tuple[str, ...]:
        """In words for a person that something may have been missed; nothing where all was seen."""
        if not self.incomplete:
            return ()
        return (
            "Not every folder of the project could be watched, so a file that a library or a program opened by itself "
            "may be missing from what was read. Raise the limit (`sysctl fs.inotify.max_user_watches`), or keep the "
            "notebook in a project of fewer folders.",
        )

    def start(self) -> None:
        """Begin to watch; does nothing where the system cannot."""
        if sys.platform != "linux" or not self._folders:
            return
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._handle < 0:
            self.incomplete = True
            return
        for folder in self._folders:
            self._add_tree(folder)
        self._pipe = os.pipe()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take in what has happened up to now, and watch no more."""
        if self._thread is None:
            return
        os.write(self._pipe[1], b".")
        self._thread.join(10)
        for handle in (self._handle, *self._pipe):
            os.close(handle)

    def _add_tree(self, top: str) -> None:
        for folder in _below(top):
            if len(self._places) >= _MOST_FOLDERS:
                self.incomplete = True
                return
            number = self._libc.inotify_add_watch(self._handle, os.fsencode(folder), _MASK)
            if number >= 0:
                self._places[number] = folder
            elif Path(folder).is_dir():
                self.incomplete = True

    def _listen(self) -> None:
        import select

        while True:
            ready = select.select([self._handle, self._pipe[0]], [], [])[0]
            self._take()
            if self._pipe[0] in ready:
                return

    def _take(self) -> None:
        while True:
            try:
                data = os.read(self._handle, 1 << 16)
            except BlockingIOError:
                return
            at = 0
            while at < len(data):
                number, mask, _, length = _EVENT.unpack_from(data, at)
                name = os.fsdecode(data[at + _EVENT.size : at + _EVENT.size + length].rstrip(b"\0"))
                at += _EVENT.size + length
                self._note(number, mask, name)

    def _note(self, number: int, mask: int, name: str) -> None:
        if mask & _OVERFLOW:
            self.incomplete = True
        folder = self._places.get(number)
        if folder is None or not name:
            return
        path = f"{folder}/{name}"
        if mask & _IS_DIR:
            if mask & (_CREATE | _MOVED_TO) and name not in _SKIPPED:
                self._add_tree(path)  # what was made in it before this moment is missed
        elif not name.endswith(_NO_DATA):
            if mask & (_CREATE | _MODIFY | _MOVED_TO):
                self.written.setdefault(path)
            elif mask & (_OPEN | _ACCESS) and path not in self.written:
                self.read.setdefault(path)


def folders_named(words: Iterable[str], workdir: str, besides: str) -> tuple[str, ...]:
    """The folders that are there of those that code names, and those of the files that it names: what lies below
    `besides` is watched anyway, and whole systems are not."""
    found: dict[str, None] = {}
    for word in words:
        place = Path(os.path.realpath(Path(workdir, word).expanduser()))
        folder = place if place.is_dir() else place.parent
        if not place.exists() or folder.is_relative_to(besides) or folder in _TOO_MUCH:
            continue
        if not any(
            folder.is_relative_to(system) for system in ("/proc", "/sys", "/dev", "/usr", "/etc", "/lib", "/bin")
        ):
            found.setdefault(str(folder))
    return tuple(found)


_TOO_MUCH = frozenset({Path("/"), Path("/tmp"), Path("/var"), Path("/home"), Path("/opt"), Path.home()})


def _below(top: str) -> Iterator[str]:
    """The folder and those below it; environments and histories hold nobody's data."""
    for folder, below, names in os.walk(top):
        if "pyvenv.cfg" in names:
            below[:] = []
            continue
        below[:] = [name for name in below if name not in _SKIPPED]
        yield folder
