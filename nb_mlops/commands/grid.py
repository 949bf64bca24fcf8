"""check --grid: a notebook with many parameters, each combination once; what is known from before is not run again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb_mlops.checker.grid import Bound, Grid, Row, bounds_json, grid_findings, grid_json, read_grid
from nb_mlops.commands.steps.opened import opened, watched
from nb_mlops.core.errors import StoppedError
from nb_mlops.core.event import Event, EventKind, Listener, unheard
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import Probe, RunRecord, RunRequest, RunStatus
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.outside import run_one
from nb_mlops.outside.files import load_data, project_root
from nb_mlops.outside.run_cache import RunCache, environment_digest
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters.json import finding_json

Told = Callable[[Row], None]


@dataclass(frozen=True, slots=True)
class GridResult:
    """What came of a grid, point by point in the grid's order."""

    notebook: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    bounds: tuple[Bound, ...] = ()


def grid(
    path: str,
    grid_file: str,
    settings: Settings | None = None,
    told: Told = lambda row: None,
    heard: Listener = unheard,
    jobs: int = 0,
) -> GridResult:
    """Run a notebook once with each point of a grid, `jobs` at a time (0: as many as there are processors).

    Each record is kept as it comes, so what is stopped or killed goes on at the missing points; `told` hears of every
    point, known or new. Raises UsageError for what is no grid.
    """
    settings = settings or load_settings(path)[0]
    run_one.require("check", settings.check.kernel)
    data, notebook = opened(path)
    wanted = read_grid(notebook, load_data(grid_file))
    run_one.sweep()
    with run_one.scratch_folder() as folder:
        requests = _requests(notebook, data, wanted, settings, folder)
        environment = environment_digest(settings.check.kernel, notebook.metadata)
        cache = RunCache(project_root(path), notebook_digest(notebook), environment)
        rows = _run(wanted, requests, cache, told, heard, jobs or os.cpu_count() or 1)
    return GridResult(notebook.path, rows, tuple(grid_findings(notebook, wanted, rows)), wanted.bounds)


def _requests(
    notebook: Notebook, data: bytes, wanted: Grid, settings: Settings, folder: Path
) -> tuple[RunRequest, ...]:
    copy, own = folder / "notebook.ipynb", settings.check
    copy.write_bytes(data)
    base = RunRequest(
        label="",
        notebook=str(copy),
        workdir=str(Path(notebook.path).resolve().parent),
        environ={"PYTHONHASHSEED": "0"},
        kernel=own.kernel,
        timeout=own.timeout,
        cell_timeout=own.cell_timeout,
        probe=Probe.NONE,
        memory_mb=own.memory_mb,
        offline=own.offline,
        watched=watched(notebook),
    )
    return tuple(replace(base, label=f"P{i}", parameters=point.parameters) for i, point in enumerate(wanted.points))


def _run(
    wanted: Grid, requests: Sequence[RunRequest], cache: RunCache, told: Told, heard: Listener, jobs: int
) -> tuple[Row, ...]:
    """What is known; then the first of the others alone, for it may write files that the rest would meet."""
    points = {request.label: point for request, point in zip(requests, wanted.points, strict=True)}
    rows: dict[str, Row] = {}
    for request in requests:
        known = cache.get(request)
        if known is not None:
            rows[request.label] = Row(points[request.label], replace(known, label=request.label), True)
            told(rows[request.label])
    heard(Event(EventKind.PLAN, done=len(rows), of=len(requests)))
    missing = [request for request in requests if request.label not in rows]
    by_label = {request.label: request for request in missing}

    def finished(record: RunRecord) -> RunRecord:
        cache.put(by_label[record.label], record)
        rows[record.label] = Row(points[record.label], record)
        told(rows[record.label])
        return record

    try:
        run_one.run_together(missing[:1], 1, finished, heard)
        alone = any(row.record.files_written for row in rows.values())
        if alone and jobs > 1 and missing[1:]:
            words = "The points are run one at a time: they write files which they could meet half done."
            heard(Event(EventKind.NOTE, status=words))
        run_one.run_together(missing[1:], 1 if alone else jobs, finished, heard)
    except KeyboardInterrupt:
        there = sum(row.record.status is not RunStatus.STOPPED for row in rows.values())
        words = f"{there} of {len(requests)} points are known; the same command goes on with the others."
        raise StoppedError(words) from None
    return tuple(rows[request.label] for request in requests)


def grid_report(result: GridResult) -> Mapping[str, Any]:
    """The result as JSON values; see schemas/grid-report.schema.json."""
    return {
        "version": 1,
        "verdict": "failed" if result.findings else "passed",
        "points": grid_json(result.rows),
        "bounds": bounds_json(result.bounds),
        "findings": [finding_json(finding) for finding in result.findings],
    }
