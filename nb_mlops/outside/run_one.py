"""One run of a notebook = one process: RunRequest in, RunRecord out, nothing left running afterwards.

`run` starts `python -m nb_mlops.outside.run_one` in a session of its own (papermill changes the working directory of
its whole process), and kills everything in that process group at the end, however it ends.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from nb_mlops.core.errors import MissingExtraError
from nb_mlops.core.event import Event, EventKind, Listener, unheard
from nb_mlops.core.run import RunError, RunRecord, RunRequest, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.outside import processes
from nb_mlops.outside.environment import scrubbed
from nb_mlops.outside.isolation import without_network

_GRACE = 90  # seconds beyond the run's own limit: start of the kernel, hashing of what it read
_LOG_TAIL = 2000
_FOLDER = "nbm-run-"
PROGRESS = "progress.jsonl"
_ERROR_LINE = re.compile(r"[A-Za-z_.]*(?:Error|Exception): \S.{0,300}")

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


def require(command: str) -> None:
    """Raise MissingExtraError, naming the extra, when what runs a notebook, or signs what was seen, is missing."""
    for module in ("papermill", "nbclient", "ipykernel", "securesystemslib", "cryptography"):
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(command, "check", module)


def run(request: RunRequest, heard: Listener = unheard) -> RunRecord:
    """Make one run. Whatever goes wrong comes back as the record's status and error, never as an exception.

    `heard` is told of each cell as it begins and ends, in the caller's thread.
    """
    with scratch_folder() as folder:
        heard(Event(EventKind.RUN_STARTED, request.label))
        record = _supervise(request, folder, heard)
        heard(Event(EventKind.RUN_ENDED, request.label, seconds=record.seconds, status=record.status.value))
        return record


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder that `sweep` finds, should this process be killed before it is removed."""
    with tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def empty(folder: Path) -> None:
    """Make a folder empty, as a run wants the one for its model."""
    shutil.rmtree(folder)
    folder.mkdir()


def run_together(
    requests: Sequence[RunRequest],
    workers: int,
    finished: Callable[[RunRecord], RunRecord] = lambda record: record,
    heard: Listener = unheard,
) -> tuple[RunRecord, ...]:
    """Make several runs, `workers` at a time; records in the order of the requests, each passed through `finished`
    (in the caller's thread) as it ends. `heard` is told what goes on, one event at a time, from any thread."""
    lock = threading.Lock()

    def one_at_a_time(event: Event) -> None:
        with lock:
            heard(event)

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = {pool.submit(run, request, one_at_a_time): i for i, request in enumerate(requests)}
        records: dict[int, RunRecord] = {}
        try:
            for future in as_completed(futures):
                records[futures[future]] = finished(future.result())
        except BaseException:
            for future in futures:
                future.cancel()
            stop_all()
            raise
    return tuple(records[i] for i in range(len(requests)))


def sweep() -> None:
    """Remove what runs of a process that was killed have left in the temporary folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def stop_all() -> None:
    """Kill every run that is under way: what Ctrl-C calls."""
    with _lock:
        for process in _running:
            _kill_group(process)


def _supervise(request: RunRequest, scratch: Path, heard: Listener) -> RunRecord:
    environ = scrubbed(os.environ, request.environ)
    with (scratch / "record.json").open("wb") as out, (scratch / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "nb_mlops.outside.run_one"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=log,
            cwd=scratch,
            env=environ,
            start_new_session=True,
        )
        with _lock:
            _running.add(process)
        try:
            _hand_over(process, request)
            ended = _wait(process, request.timeout + _GRACE, _Tail(scratch / PROGRESS, request.label, heard))
        finally:
            _kill_group(process)
            with _lock:
                _running.discard(process)
            process.wait()
    return _explained(_read_record(request, scratch, ended, process.returncode), scratch)


def _hand_over(process: subprocess.Popen[bytes], request: RunRequest) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(encode(request))
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once; its log says why


class _Tail:
    """Tells what the run's process writes down of its progress."""

    def __init__(self, path: Path, label: str, heard: Listener) -> None:
        self._path = path
        self._label = label
        self._heard = heard
        self._at = 0

    def look(self) -> None:
        """Tell what is new; half a line is left for the next time."""
        if self._heard is unheard or not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._at += len(whole + newline)
        for line in whole.splitlines():
            told = json.loads(line)
            self._heard(Event(EventKind(told.pop("event")), self._label, **told))


def _wait(process: subprocess.Popen[bytes], timeout: float, tail: _Tail) -> bool:
    """Whether the process ended in time. It is not reaped yet, so that its group's number cannot be reused."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        tail.look()
        if hasattr(os, "waitid"):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return True
        elif process.poll() is not None:
            return True
        time.sleep(0.02)
    return False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the run's process group, and what left it for a session of its own."""
    strays = processes.descendants(process.pid)
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass  # PermissionError is what macOS says of a group of zombies
    processes.kill(strays)


def _read_record(request: RunRequest, scratch: Path, ended: bool, code: int | None) -> RunRecord:
    if not ended:
        words = f"The run was stopped after {request.timeout} s."
        return RunRecord(request.label, RunStatus.TIMED_OUT, error=RunError("TimeoutError", words))
    try:
        return decode((scratch / "record.json").read_bytes())
    except (OSError, ValueError):
        log = (scratch / "log.txt").read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
        words = f"The process that runs the notebook ended without a result (exit code {code})."
        return RunRecord(request.label, RunStatus.NOT_STARTED, error=RunError("RunnerDied", words, traceback=log))


def _explained(record: RunRecord, scratch: Path) -> RunRecord:
    """A run that never began, with what its kernel said last: no ipykernel there, a library that does not load."""
    error = record.error
    if record.status is not RunStatus.NOT_STARTED or error is None or error.name != "RuntimeError":
        return record
    log = (scratch / "log.txt").read_text(encoding="utf-8", errors="replace")
    said = [line for line in log.splitlines() if _ERROR_LINE.fullmatch(line.strip())]
    words = f"The kernel died before it could run anything: {said[-1].strip()}" if said else error.value
    return replace(record, error=replace(error, value=words))


def encode(value: RunRequest | RunRecord) -> bytes:
    """As JSON. NaN and infinity stay what they are: metrics may not be, but fingerprints of data may."""
    return json.dumps(msgspec.to_builtins(value)).encode()


def decode(data: bytes) -> RunRecord:
    """A record from its JSON; ValueError when it is not one."""
    return msgspec.convert(json.loads(data), RunRecord)


def _die_with_parent() -> None:
    """When whoever asked is killed, take everything along that was started here."""
    processes.adopt_orphans()

    def stop(*_: Any) -> None:
        processes.kill(processes.descendants(os.getpid()))
        os.killpg(0, signal.SIGKILL)

    if os.name != "posix" or os.getpgrp() != os.getpid():
        return
    signal.signal(signal.SIGTERM, stop)
    if sys.platform == "linux":
        import ctypes

        parent = os.getppid()
        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM), 0, 0, 0)
        if parent != os.getppid():
            stop()


def main() -> int:
    """Read a RunRequest on stdin, run it, write its RunRecord on stdout."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library or a kernel prints goes to the log, not into the record
    _die_with_parent()
    request = msgspec.convert(json.loads(sys.stdin.buffer.read()), RunRequest)
    isolation = ""
    if request.offline:
        isolation = "namespace" if without_network() else "hook"
        _die_with_parent()  # a new user namespace forgets it
    from nb_mlops.outside.execute import execute

    record = replace(execute(request, Path.cwd(), isolation), isolation=isolation)
    processes.kill(processes.descendants(os.getpid()))  # what left the group for a session of its own is ours no more
    out.write(encode(record))
    out.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
