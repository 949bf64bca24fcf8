"""Commands that outlive whoever started them: each a process of its own, and a folder that says how it went.

The process is `python -m nb_mlops.outside.jobs FOLDER`, which runs the command line in its own session and writes down
how it ended. So a job survives the server that started it, and the next one finds it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import UsageError
from nb_mlops.core.job import Job, JobState
from nb_mlops.outside.alone import one_of

_MOST_LINES = 400
_MOST_OUTPUT = 8_000_000
_KEPT = 50
_GRACE = 8.0
# A process that has just been started is not yet known by its words.
_YOUNG = 3.0
_SPEC, _RESULT, _PID, _OUT, _ERR, _CANCEL = "job.json", "result.json", "pid", "stdout", "stderr", "cancelled"
_PAGE = "report.html"
_RUNNERS = frozenset({"check", "convert", "evaluate"})
_NEVER_RUN = 130  # as a shell has it for what was interrupted


class Jobs:
    """The jobs of one folder of notebooks."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root).resolve()
        self._folder = _home() / hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    def start(
        self,
        verb: str,
        arguments: Sequence[str],
        notebook: str,
        content: str = "",
        folder: str = "",
        page: bool = False,
    ) -> Job:
        """Run `nb-mlops VERB ARGUMENTS` in a folder below the root, with `page` for an HTML report beside the rest.

        Raises UsageError where that cannot be done.
        """
        id = f"{int(time.time() * 1000):013d}-{secrets.token_hex(4)}"
        place = self._folder / id
        words = [*(["--report", f"html={place / _PAGE}"] if page else []), *arguments]
        spec = {"verb": verb, "arguments": words, "notebook": notebook, "content": content}
        try:
            place.mkdir(mode=0o700, parents=True)
            _write(place / _SPEC, {**spec, "folder": str(self.root / folder), "started": time.time()})
            process = subprocess.Popen(
                [sys.executable, "-m", "nb_mlops.outside.jobs", str(place)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self.root,
                start_new_session=True,
            )
        except OSError as error:
            raise UsageError(
                f"The job could not be started: {error.strerror or type(error).__name__}.",
                "Run the same command in a terminal; it says more.",
            ) from error
        _write(place / _PID, {"pid": process.pid})
        _running[id] = process
        self._tidy()
        return self.get(id)

    def get(self, id: str) -> Job:
        """A job as it is now. Raises UsageError for one that there is not."""
        place = self._place(id)
        spec = _read(place / _SPEC)
        if spec is None:
            raise UsageError(f"There is no job `{id}`.", "The newest are kept; this one may have been cleared away.")
        state, result = self._state(id, place)
        return Job(
            id=id,
            verb=spec["verb"],
            notebook=spec["notebook"],
            content=spec["content"],
            started=spec["started"],
            state=state,
            ended=result.get("ended"),
            exit_code=result.get("code"),
            progress=_lines(place / _ERR),
            output=_text(place / _OUT) if state.ended else None,
        )

    def all(self) -> tuple[Job, ...]:
        """The jobs there are, newest first."""
        jobs = []
        for id in self._ids():
            with contextlib.suppress(UsageError):  # another process cleared it away
                jobs.append(self.get(id))
        return tuple(jobs)

    def page(self, id: str) -> str | None:
        """The HTML report of a job, None for one that made none. Raises UsageError for a job that there is not."""
        self.get(id)
        with contextlib.suppress(OSError):
            return (self._place(id) / _PAGE).read_text("utf-8")
        return None

    def cancel(self, id: str) -> Job:
        """Stop a job and all that it started; one that has ended stays as it is."""
        place, job = self._place(id), self.get(id)
        if job.state.ended:
            return job
        (place / _CANCEL).touch()
        pid = (_read(place / _PID) or {}).get("pid")
        if isinstance(pid, int) and _is_ours(pid, place):
            # As Ctrl-C does: the command ends the kernels that it started in sessions of their own.
            for sign, patience in ((signal.SIGINT, _GRACE), (signal.SIGKILL, 2.0)):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, sign)
                if _gone(lambda: self._state(id, place)[0].ended, patience):
                    break
        return self.get(id)

    def _state(self, id: str, place: Path) -> tuple[JobState, dict[str, Any]]:
        process = _running.get(id)
        if process is not None:
            if process.poll() is None:
                return JobState.RUNNING, {}
            _running.pop(id, None)
        result = _read(place / _RESULT)
        if result is None:
            pid = (_read(place / _PID) or {}).get("pid")
            young = time.time() - (_read(place / _SPEC) or {}).get("started", 0) < _YOUNG
            if young or (isinstance(pid, int) and _is_ours(pid, place)):
                return JobState.RUNNING, {}
            result = _read(place / _RESULT)  # it may have ended between the two looks
        if (place / _CANCEL).exists():
            return JobState.CANCELLED, result or {}
        return (JobState.LOST, {}) if result is None else (JobState.DONE, result)

    def _place(self, id: str) -> Path:
        if not id.replace("-", "").isalnum() or not id.isascii():
            raise UsageError("That is not the id of a job.")
        return self._folder / id

    def _ids(self) -> list[str]:
        with contextlib.suppress(OSError):
            return sorted((entry.name for entry in os.scandir(self._folder) if entry.is_dir()), reverse=True)
        return []

    def _tidy(self) -> None:
        for id in self._ids()[_KEPT:]:
            if self._state(id, self._folder / id)[0].ended:
                shutil.rmtree(self._folder / id, ignore_errors=True)


_running: dict[str, subprocess.Popen[bytes]] = {}


def _home() -> Path:
    """Where the jobs of this user lie, those of each folder in one of their own."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111 - no home, no error
    return Path(home) / "nb-mlops" / "jobs"


def turns() -> tuple[Path, ...]:
    """One lock for each job that may run notebooks at the same time: a run keeps two processors busy."""
    return tuple(_home() / f"turn-{number}.lock" for number in range(max(1, (os.cpu_count() or 1) // 2)))


def _is_ours(pid: int, place: Path) -> bool:
    """Whether the process is still the one that was started for this job: numbers are used again."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()  # a system that does not tell
    return os.fsencode(place.name) in words  # a zombie has none


def _gone(ended: Any, patience: float) -> bool:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if ended():
            return True
        time.sleep(0.05)
    return False


def _write(file: Path, value: dict[str, Any]) -> None:
    """Write as one step: whoever looks sees all or nothing."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(value), "utf-8")
    new.replace(file)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_MOST_OUTPUT).decode("utf-8", "replace")
    except OSError:
        return ""


def _lines(file: Path) -> tuple[str, ...]:
    lines = [line.strip() for line in _text(file).split("\n") if line.strip()]
    return tuple(lines[-_MOST_LINES:])


def _supervise(place: Path) -> int:
    """Run the job's command when its turn comes, and write down how it ended. An interrupt is for the command alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    spec = _read(place / _SPEC) or {}
    turn = one_of(turns(), lambda: _waits(place)) if _runs_notebooks(spec) else contextlib.nullcontext(True)
    with turn as mine:
        code = _ran(place, spec) if mine else _NEVER_RUN
    _write(place / _RESULT, {"code": code, "ended": time.time()})
    return 0


def _runs_notebooks(spec: dict[str, Any]) -> bool:
    return spec["verb"] in _RUNNERS and "--no-run" not in spec["arguments"]


def _waits(place: Path) -> bool:
    """Whether a job is still to have its turn; what it waits for stands where its progress will."""
    if not (place / _ERR).exists():
        others = len(turns())
        what = "another job that runs a notebook" if others == 1 else f"one of {others} jobs that run notebooks"
        (place / _ERR).write_text(f"Waiting for {what} to end.\n", "utf-8")
    return not (place / _CANCEL).exists()


def _ran(place: Path, spec: dict[str, Any]) -> int:
    command = [sys.executable, "-m", "nb_mlops", spec["verb"], *spec["arguments"]]

    def heeds() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with (place / _OUT).open("wb") as out, (place / _ERR).open("wb") as err:
        environ = {**os.environ, "NO_COLOR": "1"}
        # The child must hear what its parent does not.
        return subprocess.call(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=spec["folder"], env=environ, preexec_fn=heeds
        )


if __name__ == "__main__":
    sys.exit(_supervise(Path(sys.argv[1])))
