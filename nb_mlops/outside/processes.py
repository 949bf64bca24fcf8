"""Processes of a run: who descends from whom, what they use together, and their end. From /proc; elsewhere silent."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


@contextlib.contextmanager
def heeding_terminate() -> Iterator[None]:
    """SIGTERM, with which a machine ends what a person would end with Ctrl-C, means the same."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def descendants(root: int) -> tuple[int, ...]:
    """All processes that descend from this one; parents before children."""
    found: list[int] = []
    todo = [root]
    while todo:
        children = _children(todo.pop())
        found.extend(children)
        todo.extend(children)
    return tuple(found)


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                children += map(int, (task / "children").read_bytes().split())
    return children


def kill(pids: Iterable[int]) -> None:
    """End these processes at once."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


class Strays:
    """What descends from a process and has left for a session of its own. It is remembered: when that process is killed
    the system gives its children to another, and nobody could tell any more whose they were."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._known: dict[int, str] = {}

    def look(self) -> None:
        """Take in who is there now."""
        for pid in descendants(self._root):
            with contextlib.suppress(OSError):
                if pid not in self._known and os.getsid(pid) != self._root:
                    self._known[pid] = _began(pid)

    def kill(self) -> None:
        """End them at once; numbers that were given to others since are left alone."""
        kill(pid for pid, began in tuple(self._known.items()) if began and _began(pid) == began)


def _began(pid: int) -> str:
    """When a process began, as the system counts; "" for one that is not there."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def adopt_orphans() -> None:
    """Make this process the parent of whatever its descendants leave behind, so that nothing escapes it."""
    with contextlib.suppress(Exception):
        import ctypes

        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def memory(pids: Iterable[int]) -> int:
    """Bytes that these processes use together; what they share counts once."""
    own = shared = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{pid}/statm").read_bytes().split()
            own += (int(fields[1]) - int(fields[2])) * _PAGE
            shared = max(shared, int(fields[2]) * _PAGE)
    return own + shared


def machine_memory() -> int:
    """Bytes of memory there are for this process: the machine's, or what its control group may use; 0 if unknown."""
    found = []
    with contextlib.suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * _PAGE)
    for limit in ("memory.max", "memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            found.append(int((_group() / limit).read_text()))
    return min(found, default=0)


def killed_for_memory() -> int:
    """How often the system has ended a process of this control group because memory ran out."""
    for name in ("memory.events", "memory.oom_control"):
        with contextlib.suppress(OSError, ValueError):
            for line in (_group() / name).read_text().splitlines():
                if line.startswith("oom_kill "):
                    return int(line.split()[1])
    return 0


def _group() -> Path:
    """The folder of this process's memory control group."""
    top = Path("/sys/fs/cgroup")
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            group = top / "memory" / path.lstrip("/")
            return group if group.is_dir() else top / "memory"
        if not controllers:
            group = top / path.lstrip("/")
            if (group / "memory.events").exists() or not (top / "memory").is_dir():
                return group
    return top


class MemoryGuard(threading.Thread):
    """Watches what the descendants of this process use, and ends them when it is more than `limit` bytes (0: any).

    `peak` is the most that was seen, `exceeded` whether the limit was.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(daemon=True)
        self.limit = limit
        self.peak = 0
        self.exceeded = False
        self._over = threading.Event()

    def run(self) -> None:
        """Look until told to stop: often where there is a limit to be kept."""
        while not self._over.wait(0.05 if self.limit else 0.25):
            family = descendants(os.getpid())
            used = memory(family)
            self.peak = max(self.peak, used)
            if self.limit and used > self.limit:
                self.exceeded = True
                kill(family)

    def stop(self) -> None:
        """No longer look."""
        self._over.set()
        self.join(5)
