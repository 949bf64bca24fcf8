"""Notebooks written to disk for tests that run them, and records made by hand for tests that judge them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind
from nb_mlops.core.run import CellRun, Environment, RunRecord, RunRequest, RunStatus

PYTHON = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


def write_notebook(path: Path, *sources: str, tags: dict[int, list[str]] | None = None, **metadata: Any) -> Path:
    """A notebook of code cells; a source that begins with `# ` alone on one line is markdown."""
    cells = []
    for i, source in enumerate(sources):
        cell: dict[str, Any] = {"cell_type": "code", "source": source, "id": f"c{i}", "metadata": {}}
        if source.startswith("# ") and "\n" not in source:
            cell["cell_type"] = "markdown"
        else:
            cell.update(outputs=[], execution_count=None)
        if tags and i in tags:
            cell["metadata"]["tags"] = tags[i]
        cells.append(cell)
    content = {"cells": cells, "metadata": {**PYTHON, **metadata}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


def request_for(path: Path, **changes: Any) -> RunRequest:
    """A run of the notebook in its own folder."""
    changes = {"environ": {"PYTHONHASHSEED": "0"}, "timeout": 120, **changes}
    return RunRequest("R0", str(path), str(path.parent), **changes)


def notebook(*sources: str) -> Notebook:
    """A notebook in memory."""
    cells = tuple(Cell(i, CellKind.CODE, source, f"c{i}") for i, source in enumerate(sources))
    return Notebook("train.ipynb", cells)


def printed(text: str, stream: str = "stdout") -> Output:
    """What a cell wrote to a stream."""
    return Output(OutputKind.STREAM, text=text, stream=stream)


def displayed(**data: Any) -> Output:
    """What a cell displayed; `text_html=...` for text/html."""
    return Output(OutputKind.DISPLAY_DATA, data={mime.replace("_", "/", 1): value for mime, value in data.items()})


def record(label: str = "R0", *outputs: tuple[Output, ...], **changes: Any) -> RunRecord:
    """A run that reached its end, one cell for each tuple of outputs."""
    cells = tuple(CellRun(i, shown) for i, shown in enumerate(outputs))
    known = {"status": RunStatus.OK, "cells": cells, "environment": Environment(python="3.11.7")}
    return RunRecord(label, **{**known, **changes})


def processes_in(group: int) -> list[int]:
    """Live processes of a process group, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for(path: Path, seconds: float = 60) -> int:
    """The number that a notebook writes into this file, once it is there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never came")
