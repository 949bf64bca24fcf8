"""Asking a run to end: its cell is interrupted, and no further one begins."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading

from nb_mlops.outside import processes


class StoppedRunError(Exception):
    """No further cell of this run may begin."""


class Stop:
    """Called, from any thread, when the run shall end. Once its cells are `over`, that changes nothing any more.

    `asked` means that what the cells gave is not to be relied on: a cell may catch its interruption and go on.
    """

    def __init__(self) -> None:
        self.asked = False
        self._over = False
        self._kernel: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """End the run."""
        with self._lock:
            self.asked = self.asked or not self._over
            if self.asked and os.name == "posix" and self._kernel is not None:
                # Those that work for it too, as Ctrl-C in a terminal does; a kernel with nothing to do does not mind.
                for pid in (*processes.descendants(self._kernel.pid), self._kernel.pid):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(pid, signal.SIGINT)

    def begin(self, kernel: subprocess.Popen[bytes] | None) -> None:
        """A cell begins in this kernel (None: one that is elsewhere, and will only be asked between its cells). Raises
        StoppedRunError where none may."""
        with self._lock:
            self._kernel = kernel
            if self.asked:
                raise StoppedRunError

    def over(self) -> None:
        """The last cell has ended."""
        with self._lock:
            self._over = True
