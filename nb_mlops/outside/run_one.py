"""One run of a notebook = one process: RunRequest in, RunRecord out, nothing left running afterwards.

`run` starts `python -m nb_mlops.outside.run_one` in a session of its own (papermill changes the working directory of
its whole process), and kills everything in that process group at the end, however it ends.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import msgspec

from nb_mlops.core.errors import MissingExtraError
from nb_mlops.core.run import RunError, RunRecord, RunRequest, RunStatus
from nb_mlops.outside.environment import scrubbed

_GRACE = 90  # seconds beyond the run's own limit: start of the kernel, hashing of what it read
_LOG_TAIL = 2000

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


def require(command: str) -> None:
    """Raise MissingExtraError, naming the extra, when what runs a notebook, or signs what was seen, is missing."""
    for module in ("papermill", "nbclient", "ipykernel", "securesystemslib", "cryptography"):
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(command, "check", module)


def run(request: RunRequest) -> RunRecord:
    """Make one run. Whatever goes wrong comes back as the record's status and error, never as an exception."""
    with tempfile.TemporaryDirectory(prefix="nbm-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        return _supervise(request, scratch)


def run_together(
    requests: Sequence[RunRequest], workers: int, finished: Callable[[RunRecord], RunRecord] = lambda record: record
) -> tuple[RunRecord, ...]:
    """Make several runs, `workers` at a time; records in the order of the requests, each passed through `finished`
    (in the caller's thread) as it ends."""
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = {pool.submit(run, request): i for i, request in enumerate(requests)}
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


def stop_all() -> None:
    """Kill every run that is under way: what Ctrl-C calls."""
    with _lock:
        for process in _running:
            _kill_group(process)


def _supervise(request: RunRequest, scratch: Path) -> RunRecord:
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
            ended = _wait(process, request.timeout + _GRACE)
        finally:
            _kill_group(process)
            with _lock:
                _running.discard(process)
            process.wait()
    return _read_record(request, scratch, ended, process.returncode)


def _hand_over(process: subprocess.Popen[bytes], request: RunRequest) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(encode(request))
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once; its log says why


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether the process ended in time. It is not reaped yet, so that its group's number cannot be reused."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if hasattr(os, "waitid"):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                return True
        elif process.poll() is not None:
            return True
        time.sleep(0.02)
    return False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):
        pass  # PermissionError is what macOS says of a group of zombies


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


def encode(value: RunRequest | RunRecord) -> bytes:
    """As JSON. NaN and infinity stay what they are: metrics may not be, but fingerprints of data may."""
    return json.dumps(msgspec.to_builtins(value)).encode()


def decode(data: bytes) -> RunRecord:
    """A record from its JSON; ValueError when it is not one."""
    return msgspec.convert(json.loads(data), RunRecord)


def _die_with_parent() -> None:
    """When whoever asked is killed, take the whole group along."""

    def stop(*_: Any) -> None:
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
    from nb_mlops.outside.execute import execute

    record = execute(request, Path.cwd())
    out.write(encode(record))
    out.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
