"""The inside of a run's process: papermill injects the parameters, our engine runs the cells, the record is made."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from papermill.inspection import _infer_parameters
from papermill.iorw import load_notebook_node

from nb_mlops.core.run import RunError, RunRecord, RunRequest, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.outside import harvest, processes
from nb_mlops.outside.environment import describe
from nb_mlops.outside.files import project_root
from nb_mlops.outside.kernel import (
    NoKernelError,
    choose_kernel,
    death,
    interpreter_of,
    settle_event_loop,
    write_launch_config,
)
from nb_mlops.outside.papermill_engine import ENGINE, Watch, register
from nb_mlops.outside.stopping import Stop
from nb_mlops.outside.watch import Watch as FileWatch

PROGRESS = "progress.jsonl"  # what the process that asked for the run reads while it goes on
_nbformat: Any = nbformat  # ships types for half of its functions
_PACKAGE = str(Path(__file__).resolve().parent.parent)


def execute(request: RunRequest, scratch: Path, isolation: str, stop: Stop) -> RunRecord:
    """Run the request in this process; `scratch` is an empty folder of its own, `isolation` how the network was taken
    away, and `stop` is called when it shall end."""
    started = time.monotonic()
    settle_event_loop()
    try:
        nb = _load(request.notebook)
        kernel, warning = choose_kernel(request.kernel, nb.metadata)
        interpreter = interpreter_of(request.kernel)
        _refuse_unknown(nb, kernel, request.parameters)
    except (LookupError, OSError, ValueError) as error:
        return _not_started(request, error)
    journal = scratch / "journal.jsonl"
    config = scratch / "launch.json"
    write_launch_config(config, journal, request.probe.value, (_PACKAGE, str(scratch)), isolation == "hook")
    _dress(request, scratch)
    watch = Watch(scratch, config, started + request.timeout, request.cell_timeout, interpreter, stop)
    with (scratch / PROGRESS).open("a", encoding="utf-8", buffering=1) as progress, Guarded(request) as guard:
        watch.told = lambda **event: print(json.dumps(event), file=progress)
        try:
            _run(request, nb, kernel, watch)
        except Exception as error:
            if watch.nb is None or not watch.ran:
                return _not_started(request, error)
            watch.trouble = error
    record = _record(request, watch, harvest.read_journal(journal), guard)
    if request.executed:
        _keep(watch.nb, request)
    warnings = (*record.warnings, warning) if warning else record.warnings
    return replace(record, warnings=warnings, seconds=round(time.monotonic() - started, 3))


class Guarded:
    """What is watched around a run, from outside the kernel: memory, and why it died if it did."""

    def __init__(self, request: RunRequest) -> None:
        self._memory = processes.MemoryGuard(request.memory_mb * 1_000_000)
        self.watch = FileWatch(request.watched)
        self._killed = processes.killed_for_memory()
        self.limit = request.memory_mb

    def __enter__(self) -> Guarded:
        self._memory.start()
        self.watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.stop()
        self.watch.stop()

    @property
    def peak_mb(self) -> float:
        """The most memory that was in use, in megabytes."""
        return round(self._memory.peak / 1e6, 1)

    def starved(self, exit_code: int | None) -> str:
        """Why a dead kernel died for want of memory, "" when it did not."""
        used = f"{self.peak_mb:,.0f} MB"
        if self._memory.exceeded:
            return f"The kernel was stopped: it used {used}, and its limit is {self.limit:,} MB."
        if exit_code != -int(signal.SIGKILL):
            return ""
        if processes.killed_for_memory() > self._killed:
            return f"The system ended the kernel because memory ran out (it was seen using {used})."
        machine = processes.machine_memory()
        if machine and self._memory.peak > 0.7 * machine:
            return f"The kernel was killed while it used {used} of the machine's {machine / 1e6:,.0f} MB."
        return ""


def _not_started(request: RunRequest, error: Exception) -> RunRecord:
    words = str(error.args[0]) if error.args else str(error)
    if isinstance(error, NoKernelError):
        words += f" {error.remedy}"
    value = harvest.without_private_paths(words, request.workdir)
    return RunRecord(request.label, RunStatus.NOT_STARTED, error=RunError(type(error).__name__, value))


class MalformedNotebookError(ValueError):
    """No Jupyter tool can take the notebook."""


def _load(path: str) -> Any:
    """The notebook as papermill takes it, each cell marked with the index the user knows it by."""
    text = Path(path).read_text(encoding="utf-8-sig")
    try:
        nb: Any = _nbformat.reads(text, as_version=4)
        for index, cell in enumerate(nb.cells):
            cell.metadata[harvest.INDEX_KEY] = index
            cell.source.strip()
        return load_notebook_node(nb)
    except Exception as error:  # nbformat raises whatever comes of a part that is not what it should be
        raise MalformedNotebookError(
            "A part of the notebook is not what its format says that it is, so that nothing can run it. "
            "`nb-mlops lint` names the part, `nb-mlops fix` adds what is only missing."
        ) from error


def _refuse_unknown(nb: Any, kernel: str, parameters: Mapping[str, Any]) -> None:
    """papermill only warns; a misspelt parameter would check a run nobody asked for."""
    if not parameters:
        return
    known = [parameter.name for parameter in _infer_parameters(nb, name=kernel, language="python")]
    for name in parameters:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known) or 'none'}"
            raise LookupError(f"The notebook has no parameter `{name}` ({hint}).")


def _dress(request: RunRequest, scratch: Path) -> None:
    """The environment that the kernel inherits from this process."""
    os.environ["NB_MLOPS_RUN"] = "1"
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # we bring MLflow in, so it must not call home for us
    # What a notebook logs without saying where is for this run alone; several runs would fill the project with it.
    if not any((Path(request.workdir) / store).exists() for store in ("mlflow.db", "mlruns")):
        os.environ.setdefault("MLFLOW_TRACKING_URI", f"sqlite:///{scratch / 'mlflow.db'}")
    if request.model_dir:
        os.environ["NB_MLOPS_MODEL_DIR"] = request.model_dir
    # A profile of one's own (start-up files, extensions) is not part of the notebook.
    os.environ["IPYTHONDIR"] = str(scratch / "ipython")


def _run(request: RunRequest, nb: Any, kernel: str, watch: Watch) -> None:
    register()
    # The watch knows which cell failed; papermill also raises for errors that a cell's tag allows.
    with contextlib.suppress(PapermillExecutionError):
        execute_notebook(
            nb,
            None,
            parameters=dict(request.parameters),
            engine_name=ENGINE,
            kernel_name=kernel,
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=request.workdir,
            watch=watch,
        )


def _record(request: RunRequest, watch: Watch, journal: harvest.Journal, guard: Guarded) -> RunRecord:
    project = project_root(Path(request.workdir))
    cells = harvest.cell_runs(watch.ran, journal)
    files = harvest.files_of(journal, project, guard.watch)
    status, error = _ending(watch, request, guard)
    names = journal.final.get("names")
    return RunRecord(
        label=request.label,
        status=status,
        cells=cells,
        metrics=harvest.metrics_of(cells, journal),
        model=harvest.model_of(cells, request.model_dir),
        files_read=files.read,
        files_written=files.written,
        seen_by=files.seen_by,
        tables=journal.tables,
        network=tuple(sorted(set(journal.connected))),
        environment=describe(journal.begin, journal.final.get("modules", ())),
        names=names if isinstance(names, dict) else {},
        error=error,
        warnings=guard.watch.gaps,
        peak_mb=guard.peak_mb,
    )


def _ending(watch: Watch, request: RunRequest, guard: Guarded) -> tuple[RunStatus, RunError | None]:
    """How the run ended, and the error with the cell in which it did."""
    last = watch.failed or (watch.ran[-1] if watch.ran else None)
    cell = None if last is None else last.metadata.get(harvest.INDEX_KEY)
    if watch.stop.asked:
        return RunStatus.STOPPED, RunError("Interrupted", "The run was stopped.", cell)
    if watch.died and (starved := guard.starved(watch.exit_code)):
        return RunStatus.OUT_OF_MEMORY, RunError("OutOfMemory", starved, cell)
    if watch.died:
        return RunStatus.KERNEL_DIED, RunError("DeadKernelError", f"The kernel died: {death(watch.exit_code)}.", cell)
    if watch.timed_out:
        limit = request.timeout if watch.timed_out == "notebook" else request.cell_timeout
        whose = "The notebook" if watch.timed_out == "notebook" else "The cell"
        return RunStatus.TIMED_OUT, RunError("TimeoutError", f"{whose} ran longer than {limit} s.", cell)
    if watch.trouble is not None:
        value = harvest.without_private_paths(str(watch.trouble), request.workdir)
        return RunStatus.CELL_FAILED, RunError(type(watch.trouble).__name__, value, cell)
    if watch.failed is None:
        return RunStatus.OK, None
    return RunStatus.CELL_FAILED, _raised(watch.failed, cell, request.workdir)


def _raised(cell: Any, index: int | None, workdir: str) -> RunError:
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            trace = harvest.without_private_paths("\n".join(output.get("traceback", ())), workdir)
            value = harvest.without_private_paths(str(output.get("evalue", "")), workdir)
            return RunError(str(output.get("ename", "")), value, index, trace)
    return RunError("CellExecutionError", "", index)


def _keep(nb: Any, request: RunRequest) -> None:
    """Write the executed notebook, without the marks of this run and without private paths."""
    nb.metadata.pop("papermill", None)
    for cell in nb.cells:
        cell.metadata.pop(harvest.INDEX_KEY, None)
        cell.metadata.pop("papermill", None)
        if "outputs" in cell:
            text = harvest.without_private_paths(json.dumps(cell.outputs), request.workdir)
            cell.outputs = [_nbformat.from_dict(output) for output in json.loads(text)]
    Path(request.executed).write_text(_nbformat.writes(nb) + "\n", encoding="utf-8")
