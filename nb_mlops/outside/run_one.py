"""One run of a notebook = one process: RunRequest in, RunRecord out, nothing left running afterwards.

`run` starts `python -m nb_mlops.outside.run_one` in a session of its own (papermill changes the working directory of
its whole process), and kills everything in that process group at the end, however it ends. The child's standard input
stays open: a word on it asks for a graceful end, and its end says that whoever asked for the run is gone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import contextmanager
from pathlib import Path

import msgspec

from nb_mlops.core.errors import MissingExtraError
from nb_mlops.core.event import Event, EventKind, Listener, unheard
from nb_mlops.core.run import RunError, RunRecord, RunRequest, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.outside import processes
from nb_mlops.outside.environment import scrubbed
from nb_mlops.outside.isolation import without_network
from nb_mlops.outside.run_child import STOP, Child
from nb_mlops.outside.stopping import Stop

_GRACE = 90  # seconds beyond the run's own limit: start of the kernel, hashing of what it read
_LOG_TAIL = 2000
_LITTLE = 200_000  # bytes with which no run gets far
_FOLDER = "nbm-run-"
PROGRESS = "progress.jsonl"
_ERROR_LINE = re.compile(r"[A-Za-z_.]*(?:Error|Exception): \S.{0,300}")

_STOPPING = "Stopping: the cells under way are interrupted. Ctrl-C again ends them at once."

_running: set[Child] = set()
_lock = threading.Lock()


def require(command: str, kernel: str = "") -> None:
    """Raise MissingExtraError, naming the extra, when what runs a notebook, or signs what was seen, is missing, and
    NoKernelError (a UsageError) when a kernel was named that is not here."""
    for module in ("papermill", "nbclient", "ipykernel", "securesystemslib", "cryptography"):
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError(command, "check", module)
    if kernel:
        from nb_mlops.outside.kernel import refuse_unknown

        refuse_unknown(kernel)


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
    (in the caller's thread) as it ends. `heard` is told what goes on, one event at a time, from any thread.

    On Ctrl-C (or SIGTERM) the cells under way are interrupted, what the runs came to goes through `finished`, and
    KeyboardInterrupt is raised; on a second one everything is killed.
    """
    lock = threading.Lock()

    def one_at_a_time(event: Event) -> None:
        with lock:
            heard(event)

    with processes.heeding_terminate(), ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures: dict[Future[RunRecord], int] = {}
        records: dict[int, RunRecord] = {}
        try:
            for i, request in enumerate(requests):
                futures[pool.submit(run, request, one_at_a_time)] = i
            for future in as_completed(futures):
                records[futures[future]] = finished(future.result())
        except KeyboardInterrupt:
            try:
                one_at_a_time(Event(EventKind.NOTE, status=_STOPPING))
                _wind_down([future for future, i in futures.items() if i not in records], finished)
            finally:
                _give_up(futures)
            raise
        except BaseException:
            _give_up(futures)
            raise
    return tuple(records[i] for i in range(len(requests)))


def _wind_down(futures: Sequence[Future[RunRecord]], finished: Callable[[RunRecord], RunRecord]) -> None:
    """Let the runs under way end by themselves, and take what they came to."""
    left = {future for future in futures if not future.cancel()}
    while left:
        with _lock:
            for child in _running:
                child.ask_to_stop()  # one that had not been started a moment ago too
        done, left = wait(left, timeout=0.1)
        for future in done:
            finished(future.result())


def _give_up(futures: Iterable[Future[RunRecord]]) -> None:
    """Kill what is under way, and wait for it to be gone."""
    left = {future for future in futures if not future.cancel()}
    while left:
        stop_all()
        left = wait(left, timeout=0.1)[1]


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
    """Kill every run that is under way."""
    with _lock:
        for child in _running:
            child.kill()


def _supervise(request: RunRequest, scratch: Path, heard: Listener) -> RunRecord:
    began, tail = time.monotonic(), _Tail(scratch / PROGRESS, request.label, heard)
    child = Child(scratch, scrubbed(os.environ, request.environ))
    with _lock:
        _running.add(child)
    try:
        child.say(encode(request) + b"\n")
        ended = child.wait(request.timeout + _GRACE, tail.look)
    finally:
        child.kill()
        with _lock:
            _running.remove(child)
        code = child.reap()
    record = _read_record(request, scratch, ended, code)
    if child.asked_to_stop and record.status in (RunStatus.NOT_STARTED, RunStatus.TIMED_OUT):
        error = RunError("Interrupted", "The run was stopped.", tail.cell)  # too early, or it did not heed in time
        return RunRecord(request.label, RunStatus.STOPPED, seconds=time.monotonic() - began, error=error)
    return _explained(record, scratch)


class _Tail:
    """Tells what the run's process writes down of its progress, and knows in which `cell` it is."""

    def __init__(self, path: Path, label: str, heard: Listener) -> None:
        self._path = path
        self._label = label
        self._heard = heard
        self._at = 0
        self.cell: int | None = None

    def look(self) -> None:
        """Tell what is new; half a line is left for the next time."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._at += len(whole + newline)
        for line in whole.splitlines():
            told = json.loads(line)
            self.cell = told.get("cell", self.cell)
            self._heard(Event(EventKind(told.pop("event")), self._label, **told))


def _read_record(request: RunRequest, scratch: Path, ended: bool, code: int) -> RunRecord:
    if not ended:
        words = f"The run was stopped after {request.timeout} s."
        return RunRecord(request.label, RunStatus.TIMED_OUT, error=RunError("TimeoutError", words))
    try:
        return decode((scratch / "record.json").read_bytes())
    except (OSError, ValueError):
        log = (scratch / "log.txt").read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
        words = f"The process that runs the notebook ended without a result (exit code {code})."
        if shutil.disk_usage(scratch).free < _LITTLE:
            words = "The disk is full where temporary files are kept."
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


def _listen(stop: Callable[[], None]) -> None:
    """Hear what whoever asked for this run has to say; when they are gone, end everything that was started here."""
    while word := sys.stdin.buffer.readline():
        if word == STOP:
            stop()
    processes.kill(processes.descendants(os.getpid()))
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def main() -> int:
    """Read a RunRequest on stdin, run it, write its RunRecord on stdout."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library or a kernel prints goes to the log, not into the record
    processes.adopt_orphans()
    request = msgspec.convert(json.loads(sys.stdin.buffer.readline()), RunRequest)
    isolation = ""
    if request.offline:  # before there are threads
        isolation = "namespace" if without_network() else "hook"
    stop = Stop()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    # Read by jsonschema where it is installed (JupyterLab brings it): a grammar of addresses in other scripts, which no
    # notebook's schema asks for and which takes a second of every run to build.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # "cannot be imported"
    from nb_mlops.outside.execute import execute

    record = replace(execute(request, Path.cwd(), isolation, stop), isolation=isolation)
    processes.kill(processes.descendants(os.getpid()))  # what left the group for a session of its own is ours no more
    out.write(encode(record))
    out.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
