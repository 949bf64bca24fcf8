"""The process of one run, as whoever asked for the run has it: talked to, waited for, and ended with all it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from nb_mlops.outside.processes import Strays

STOP = b"stop\n"
_PATIENCE = 6.0  # seconds that a run has to end by itself once it was asked to
_LOOK = 0.5  # seconds between two looks for what leaves the process's session


class Child:
    """`python -m nb_mlops.outside.run_one` in a session of its own; its record goes to `record.json` in `scratch`, and
    all else that anybody there says to `log.txt`."""

    def __init__(self, scratch: Path, environ: Mapping[str, str]) -> None:
        with (scratch / "record.json").open("wb") as out, (scratch / "log.txt").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "nb_mlops.outside.run_one"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=log,
                cwd=scratch,
                env=dict(environ),
                start_new_session=True,
            )
        self._strays = Strays(self._process.pid)
        self._asked = 0.0
        self._lock = threading.Lock()

    @property
    def asked_to_stop(self) -> bool:
        """Whether somebody wanted it to end before its time."""
        return self._asked > 0

    def say(self, words: bytes) -> None:
        """Write a line to it."""
        assert self._process.stdin is not None
        with self._lock, suppress(BrokenPipeError, ValueError):  # it died, and its log says why; it was ended meanwhile
            self._process.stdin.write(words)
            self._process.stdin.flush()

    def ask_to_stop(self) -> None:
        """Have its cell interrupted; once is enough."""
        if not self._asked:
            self._asked = time.monotonic()
            self.say(STOP)

    def wait(self, timeout: float, meanwhile: Callable[[], None]) -> bool:
        """Whether it ended in time. It is not reaped yet, so that its group's number cannot be reused."""
        deadline, looked = time.monotonic() + timeout, 0.0
        while (now := time.monotonic()) < deadline and not (self._asked and now > self._asked + _PATIENCE):
            meanwhile()
            if now > looked + _LOOK:
                self._strays.look()
                looked = now
            if hasattr(os, "waitid"):
                if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                    return True
            elif self._process.poll() is not None:
                return True
            time.sleep(0.02)
        return False

    def kill(self) -> None:
        """End its process group, and what left that for a session of its own."""
        self._strays.look()
        with suppress(ProcessLookupError, PermissionError):  # the latter is what macOS says of a group of zombies
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._strays.kill()

    def reap(self) -> int:
        """Its exit code, once it was killed."""
        assert self._process.stdin is not None
        with self._lock, suppress(BrokenPipeError):
            self._process.stdin.close()
        return self._process.wait()
