"""What a kernel opens: files for reading or writing, and network destinations, seen through an audit hook.

Sees what goes through Python's own `open`, sqlite3 and sockets; a library that opens files in C, or a subprocess, is
not seen. The hook never raises and never changes what it watches.
"""

from __future__ import annotations

import contextlib
import errno
import os
import site
import sys
import sysconfig
from collections.abc import Callable
from typing import Any

_SYSTEM = (
    "/proc",
    "/sys",
    "/dev",
    "/usr",
    "/etc",
    "/lib",
    "/lib64",
    "/bin",
    "/run",
    "/var/lib",
    "/opt/homebrew",
    "/System",
)
_CACHES = (".ipython", ".jupyter", ".local/share/jupyter", ".config/matplotlib", ".cache/matplotlib", ".matplotlib")
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def excluded_prefixes(workdir: str, extra: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Folders whose files are the environment's, not the notebook's: interpreter, packages, system, caches.

    A folder that contains the working directory is never excluded, so that a project below /usr is still seen.
    """
    home = os.path.expanduser("~")
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values(), *_SYSTEM, *extra}
    found.update(os.path.join(home, cache) for cache in _CACHES)
    with contextlib.suppress(AttributeError):  # an old virtualenv's site module has neither
        found.update([*site.getsitepackages(), site.getusersitepackages()])
    for variable in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        if os.environ.get(variable):
            found.add(os.environ[variable])
    here = os.path.realpath(workdir)
    prefixes = {os.path.realpath(path).rstrip(os.sep) for path in found if path}
    return tuple(sorted(p for p in prefixes if p and not _inside(here, p)))


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def is_environment(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a real path belongs to the environment rather than to the notebook."""
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts or "__pycache__" in parts:
        return True
    return any(_inside(path, prefix) for prefix in prefixes)


class _OfflineError(OSError):
    """What the user's code gets to see of a network that it must not use."""


class Audit:
    """Tells `told(kind, what)` once per thing: kind is `read`, `write`, `connect` or `spawn`.

    For a file the first of `read` and `write` says whether it was there before the notebook made it. With `offline`,
    reaching for the network raises OSError, as if there were none.
    """

    def __init__(self, told: Callable[[str, str], None], prefixes: tuple[str, ...], offline: bool = False) -> None:
        self._told = told
        self._prefixes = prefixes
        self._quick = tuple(prefix + os.sep for prefix in prefixes)
        self._offline = offline
        self._seen: set[tuple[str, str]] = set()

    def install(self) -> None:
        """Start listening; a hook cannot be removed again."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        handler = _HANDLERS.get(event)
        if handler is None:
            return
        try:
            handler(self, args)
        except _OfflineError:
            raise
        except Exception:
            return

    def _open(self, args: tuple[Any, ...]) -> None:
        path, mode, flags = args[0], args[1], args[2]
        if isinstance(path, int) or (isinstance(path, str) and path.startswith(self._quick)):
            return
        self._file(path, *_intent(mode, flags))

    def _database(self, args: tuple[Any, ...]) -> None:
        path = os.fsdecode(args[0])
        if path and path != ":memory:" and not path.startswith("file:"):
            self._file(path, True, not os.path.isfile(path))  # one that is not there will be made

    def _file(self, path: Any, reads: bool, writes: bool) -> None:
        real = os.path.realpath(os.path.abspath(os.fsdecode(path)))
        if is_environment(real, self._prefixes):
            return
        # A file that is not there cannot be read; opening it for both makes it.
        if reads and os.path.isfile(real):
            self._tell("read", real)
        if writes:
            self._tell("write", real)

    def _spawn(self, args: tuple[Any, ...]) -> None:
        self._tell("spawn", "process")  # what it was is nobody's business: a command line may hold a password

    def _connect(self, args: tuple[Any, ...]) -> None:
        address = args[1]
        if isinstance(address, tuple) and len(address) >= 2:
            self._destination(str(address[0]), address[1])

    def _resolve(self, args: tuple[Any, ...]) -> None:
        host = args[0]
        if host:
            self._destination(os.fsdecode(host) if isinstance(host, bytes) else str(host), args[1])

    def _destination(self, host: str, port: Any) -> None:
        if not host.startswith(_LOOPBACK):
            self._tell("connect", f"{host}:{port}" if port else host)
            if self._offline:
                raise _OfflineError(errno.ENETUNREACH, "the network was taken away from this run (--offline)")

    def _tell(self, kind: str, what: str) -> None:
        if (kind, what) not in self._seen:
            self._seen.add((kind, what))
            self._told(kind, what)


def _intent(mode: Any, flags: Any) -> tuple[bool, bool]:
    """(reads, writes) of an open, from its mode where it has one, else from the flags of os.open."""
    if isinstance(mode, str):
        writes = any(letter in mode for letter in "wax+")
        return ("r" in mode or "+" in mode) and "w" not in mode and "x" not in mode, writes
    access = int(flags or 0) & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR)
    truncates = bool(int(flags or 0) & os.O_TRUNC)
    return access in (os.O_RDONLY, os.O_RDWR) and not truncates, access in (os.O_WRONLY, os.O_RDWR)


_HANDLERS: dict[str, Callable[[Audit, tuple[Any, ...]], None]] = {
    "open": Audit._open,
    "sqlite3.connect": Audit._database,
    "subprocess.Popen": Audit._spawn,
    "os.system": Audit._spawn,
    "os.posix_spawn": Audit._spawn,
    "os.exec": Audit._spawn,
    "os.fork": Audit._spawn,
    "os.forkpty": Audit._spawn,
    "pty.spawn": Audit._spawn,
    "socket.connect": Audit._connect,
    "socket.getaddrinfo": Audit._resolve,
    "socket.gethostbyname": lambda audit, args: audit._resolve((args[0], None)),
}
