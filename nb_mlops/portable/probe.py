"""Watches a kernel from inside: what each cell bound or changed, how long it took, what was opened.

Everything goes to one file as JSON lines, written at once, so that a kernel that dies has told what it did so far.
Nothing here may raise into the user's code or leave a name in the user's namespace.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import time
import types
from typing import Any

from . import audit, tables

_SLOW = 0.05  # seconds; a value that takes longer is looked at again only when a cell mentions its name, and while
# there is time for it:
_ALLOWANCE = 2.0  # seconds that looking may take in any case
_SHARE = 0.05  # and beyond that, of the time that the cells take
_VARIABLES = ("PYTHONHASHSEED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TZ", "LANG", "LC_ALL")


class Journal:
    """An append-only file of JSON lines."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.reads = 0  # files that the kernel was seen to read so far

    def write(self, **event: Any) -> None:
        """Append one line; what cannot be written is dropped."""
        self.reads += event.get("event") == "read"
        try:
            os.write(self._fd, (json.dumps(event) + "\n").encode("utf-8", "backslashreplace"))
        except Exception:
            return


class Probe:
    """Listens to a shell's cells. `level` is `none`, `final` or `cells`."""

    def __init__(self, shell: Any, journal: Journal, level: str, prefixes: tuple[str, ...]) -> None:
        self._shell = shell
        self._journal = journal
        self._level = level
        self._prefixes = prefixes
        self._depth = 0
        self._started = 0.0
        self._reads = 0
        self._worked = 0.0
        self._spent = 0.0
        # Of each name: the value's id, how long it took to look at it, and what was seen.
        self._prints: dict[str, tuple[int, float, Any]] = {}
        self._shown: Any = None

    def install(self) -> None:
        """Register with the shell's events."""
        self._shell.events.register("pre_run_cell", self._before)
        self._shell.events.register("post_run_cell", self._after)
        if self._level == "cells":
            with contextlib.suppress(Exception):
                from .shown import Shown

                self._shown = Shown(self._shell)

    def _before(self, info: Any) -> None:
        self._depth += 1
        if self._depth == 1:  # a cell that runs cells (%run of a notebook) is one cell
            self._reads = self._journal.reads
            self._started = time.perf_counter()

    def _after(self, result: Any) -> None:
        if self._depth == 0:  # of an empty cell IPython tells the end and not the beginning
            return
        self._depth -= 1
        if self._depth:
            return
        seconds = time.perf_counter() - self._started
        source = getattr(getattr(result, "info", None), "raw_cell", "") or ""
        self._worked += seconds
        names = {}
        if self._level == "cells":
            with contextlib.suppress(Exception):  # a value may do anything when it is looked at
                names = self._changed(source)
        shown = self._shown.taken() if self._shown is not None else []
        self._journal.write(event="cell", seconds=round(seconds, 6), names=names, shown=shown)
        if names and (self._journal.reads > self._reads or "read_" in source) and not self._over_budget():
            started = time.perf_counter()
            with contextlib.suppress(Exception):
                for name, table in tables.tables_among(names, self._shell.user_ns).items():
                    self._journal.write(event="table", name=name, **table)
            self._spent += time.perf_counter() - started

    def _changed(self, source: str) -> dict[str, Any]:
        """Fingerprints of the user names that this cell bound or changed; a deleted name maps to None."""
        current = self._user_names()
        changed: dict[str, Any] = {name: None for name in self._prints if name not in current}
        for name in changed:
            del self._prints[name]
        for name, value in current.items():
            before = self._prints.get(name)
            slow = bool(before and before[1] > _SLOW)
            if before and slow and before[0] == id(value) and name not in source:
                continue
            started = time.perf_counter()
            print_ = _unread(value) if slow and self._over_budget() else _fingerprint(value)
            spent = time.perf_counter() - started
            self._spent += spent
            self._prints[name] = (id(value), max(spent, _SLOW * 2) if slow else spent, print_)
            if before is None or _text(before[2]) != _text(print_):
                changed[name] = print_
        return changed

    def _over_budget(self) -> bool:
        """Whether looking at large values has taken more than a small share of what the cells themselves took."""
        return self._spent > _ALLOWANCE + _SHARE * self._worked

    def _user_names(self) -> dict[str, Any]:
        hidden = self._shell.user_ns_hidden
        absent = object()
        return {
            name: value
            for name, value in list(self._shell.user_ns.items())
            if not name.startswith("_")
            and hidden.get(name, absent) is not value
            and not issubclass(type(value), types.ModuleType)
        }

    def final(self) -> None:
        """Tell the last of it: the user's names, the modules in use, the interpreter."""
        try:
            names = {} if self._level == "none" else {n: _fingerprint(v) for n, v in self._user_names().items()}
            self._journal.write(event="mlflow", metrics=_logged())
            told = {"modules": _modules(), "native": _native(), "local": self._local_modules()}
            self._journal.write(event="final", names=names, children=_had_children(), **told)
        except Exception as error:
            self._journal.write(event="trouble", what=type(error).__name__)

    def _local_modules(self) -> list[str]:
        """Files of imported modules that are the project's own: part of what the notebook read."""
        found = set()
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and os.path.isfile(path):
                real = os.path.realpath(path)
                if not audit.is_environment(real, self._prefixes):
                    found.add(real)
        return sorted(found)


def begin(journal: Journal) -> None:
    """Tell where this kernel runs."""
    journal.write(
        event="begin",
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        platform=f"{platform.system()}-{platform.machine()}",
        path=[os.path.abspath(entry) for entry in sys.path if entry],
        variables={name: os.environ[name] for name in _VARIABLES if name in os.environ},
    )


def _logged() -> dict[str, float]:
    """The metrics of the MLflow run that this notebook made last, by name; none where it made none."""
    mlflow = sys.modules.get("mlflow")
    found: dict[str, float] = {}
    with contextlib.suppress(Exception):
        run = mlflow and (mlflow.active_run() or mlflow.last_active_run())
        if run:
            for name, value in mlflow.get_run(run.info.run_id).data.metrics.items():  # type: ignore[union-attr]
                found[str(name)] = float(value)
    return found


def _modules() -> list[str]:
    """Top-level names of the modules in use, without what Python itself brings."""
    own = set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)
    return sorted({name.partition(".")[0] for name in list(sys.modules)} - own - {"__main__"})


def _native() -> list[str]:
    """Top-level names of the packages that brought compiled code: it may open files past Python's eyes."""
    files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    compiled = {name.partition(".")[0] for name, path in files.items() if str(path).endswith((".so", ".pyd", ".dylib"))}
    return sorted(compiled & set(_modules()))


def _had_children() -> bool:
    """Whether this process has started others, in whatever way: joblib and multiprocessing tell no audit hook. Those
    that are over left their traces in what the system counts, the others are there."""
    with contextlib.suppress(Exception):
        import resource

        if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss:
            return True
    with contextlib.suppress(OSError):
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                if file.read().strip():
                    return True
    return False


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _fingerprint(value: Any) -> Any:
    try:
        from .fingerprint import fingerprint

        return fingerprint(value)
    except Exception as error:
        return {"type": type(value).__name__, "unread": type(error).__name__}


def _unread(value: Any) -> dict[str, Any]:
    """What is said of a value that nobody had the time to look at: its type."""
    return {"type": type(value).__name__, "only": True, "problem": "budget"}


_probe: Probe | None = None


def start(shell: Any, journal: Journal, level: str, prefixes: tuple[str, ...]) -> None:
    """Install the one probe of this kernel."""
    global _probe
    _probe = Probe(shell, journal, level, prefixes)
    _probe.install()


def finish() -> None:
    """What the runner calls, silently, after the last cell."""
    if _probe is not None:
        _probe.final()
