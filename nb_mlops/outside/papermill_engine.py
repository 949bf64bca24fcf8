"""Our papermill engine: nbclient with a limit for the whole notebook, no autosave, and a record of what it did.

Registered as `papermill.engine` entry point `nb_mlops`, so that `papermill --engine nb_mlops` works too; there it is
nbclient without the per-cell files that papermill writes while it runs.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from nb_mlops.outside.harvest import INDEX_KEY
from nb_mlops.outside.kernel import RunKernelManager
from nb_mlops.outside.stopping import Stop, StoppedRunError

ENGINE = "nb_mlops"
_FINISH = "__import__('sys').modules['_nb_mlops_portable.probe'].finish()"


@dataclass(slots=True)
class Watch:
    """What one run is told and what it tells. Mutable: the engine fills it while papermill holds the call.

    `ran` and `failed` are the cells themselves, since papermill inserts others when a run fails.
    """

    scratch: Path
    launch_config: Path
    deadline: float
    cell_timeout: int
    interpreter: str = ""
    stop: Stop = field(default_factory=Stop)
    told: Callable[..., None] = lambda **event: None
    nb: Any = None
    ran: list[Any] = field(default_factory=list)
    failed: Any = None
    timed_out: str = ""
    died: bool = False
    exit_code: int | None = None
    trouble: Exception | None = None


class RunClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient for one watched run."""

    def __init__(self, nb_man: Any, watch: Watch, **options: Any) -> None:
        super().__init__(nb_man, timeout_func=self._seconds_left, **options)
        self._watch = watch
        watch.nb = self.nb
        self.on_cell_execute = self._begun
        self.on_cell_executed = self._ended
        self._started = time.monotonic()
        self._cell_started = 0.0

    def create_kernel_manager(self) -> Any:
        """Our manager: same process group, ipc, the probe's launcher."""
        self.km = RunKernelManager(kernel_name=self.kernel_name, config=self.config)
        self.km.prepare(self._watch.scratch, self._watch.launch_config, self._watch.interpreter)
        return self.km

    def _begun(self, cell: Any, cell_index: int) -> None:
        self._watch.stop.begin(getattr(self.km.provisioner, "process", None))
        self._watch.ran.append(cell)
        self._cell_started = time.monotonic()
        self._tell("cell-started", cell, self._cell_started - self._started)

    def _ended(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        self._tell("cell-ended", cell, time.monotonic() - self._cell_started)

    def _tell(self, event: str, cell: Any, seconds: float) -> None:
        """Progress in cells of the user's own; an injected cell is none."""
        index = cell.metadata.get(INDEX_KEY)
        if index is None:
            return
        own = [c for c in self.nb.cells if c.cell_type == "code" and c.source.strip() and INDEX_KEY in c.metadata]
        done = sum(INDEX_KEY in c.metadata for c in self._watch.ran) - (event == "cell-started")
        self._watch.told(event=event, cell=index, done=done, of=len(own), seconds=round(seconds, 3))

    def _seconds_left(self, cell: Any) -> int:
        left = self._watch.deadline - time.monotonic()
        return max(1, int(min(left, self._watch.cell_timeout)))

    def papermill_execute_cells(self) -> None:
        """Run the cells, then let the probe say its last word. What ends a run early is noted on its way out."""
        watch = self._watch
        try:
            super().papermill_execute_cells()
            watch.stop.over()
            failed = [cell for cell in self.nb.cells if cell.metadata.papermill.get("exception") is True]
            watch.failed = failed[0] if failed else None
            self._finish()
        except CellTimeoutError:
            whole = time.monotonic() >= watch.deadline - 1
            watch.timed_out = "notebook" if whole else "cell"
            self.shutdown_kernel = "immediate"
            raise
        except DeadKernelError:
            watch.died = True
            watch.exit_code = self.km.exit_code()
            self.shutdown_kernel = "immediate"
            raise

    def _finish(self) -> None:
        message = self.kc.execute(_FINISH, silent=True, store_history=False)
        try:
            self.wait_for_reply(message)
        except DeadKernelError:
            self.shutdown_kernel = "immediate"


class NbMlopsEngine(NBClientEngine):  # type: ignore[misc]
    """The engine papermill calls."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, watch: Watch | None = None, **options: Any) -> Any:
        """Run the notebook that `nb_man` holds; without a watch, as papermill's own engine does."""
        nb_man.autosave_cell_every = 0
        if watch is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **options)
        client = RunClient(
            nb_man,
            watch,
            kernel_name=kernel_name,
            startup_timeout=options.get("start_timeout", 60),
            record_timing=False,
        )
        with contextlib.suppress(CellTimeoutError, DeadKernelError, StoppedRunError):  # the watch knows
            client.execute()
        return nb_man.nb


def register() -> None:
    """Make the engine known to papermill, whether or not our entry point is installed."""
    papermill_engines.register(ENGINE, NbMlopsEngine)
