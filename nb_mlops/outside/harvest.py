"""From an executed notebook and the probe's journal to a RunRecord.

Both come from the kernel, which runs other people's code: they are read as data, and what does not fit is left out.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops.core.notebook import ErrorValue, Output, OutputKind
from nb_mlops.core.run import CellRun, FileRead, Metric, ModelRecord
from nb_mlops.outside.environment import shown_path
from nb_mlops.outside.watch import Watch
from nb_mlops.portable.declare import METRIC_MIME, MODEL_MIME

INDEX_KEY = "nb_mlops_index"


# Packages with compiled code that opens no data file by itself, or only through Python's own open.
_OPEN_THROUGH_PYTHON = frozenset(
    {"numpy", "scipy", "pandas", "sklearn", "matplotlib", "mpl_toolkits", "PIL", "kiwisolver", "contourpy", "ft2font"}
    | {"zmq", "tornado", "psutil", "debugpy", "_pydevd_bundle", "_pydevd_frame_eval", "_pydevd_sys_monitoring", "yaml"}
    | {
        "markupsafe",
        "charset_normalizer",
        "msgspec",
        "cryptography",
        "_cffi_backend",
        "cffi",
        "regex",
        "google",
        "_yaml",
    }
    | {"pydantic_core", "rpds", "sqlalchemy", "greenlet", "statsmodels", "patsy", "joblib", "skops", "threadpoolctl"}
)


@dataclass(slots=True)
class Journal:
    """What the probe wrote, sorted by kind."""

    begin: Mapping[str, Any] = field(default_factory=dict)
    cells: list[Mapping[str, Any]] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    final: Mapping[str, Any] = field(default_factory=dict)
    logged: Mapping[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    spawned: bool = False

    @property
    def reaches_past_python(self) -> bool:
        """Whether the run could read files that Python's audit hook does not see: it started other programs, or loaded
        compiled code that is not known to open files through Python alone, or nobody can tell."""
        native = self.final.get("native")
        if self.spawned or self.final.get("children") is True or not isinstance(native, list):
            return True
        # A private name at the top is a part of some library that stands there under its own.
        return any(str(name) not in _OPEN_THROUGH_PYTHON and not str(name).startswith("_") for name in native)


def read_journal(path: Path) -> Journal:
    """The probe's journal; a line that was cut off by a dying kernel is left out."""
    journal = Journal()
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return journal
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            _sort_in(journal, event)
    return journal


def _sort_in(journal: Journal, event: dict[str, Any]) -> None:
    kind = event.get("event")
    if kind == "begin":
        journal.begin = event
    elif kind == "cell":
        journal.cells.append(event)
    elif kind == "final":
        journal.final = event
    elif kind == "mlflow" and isinstance(event.get("metrics"), dict):
        journal.logged = event["metrics"]
    elif kind == "table" and isinstance(event.get("columns"), list):
        journal.tables[str(event.get("name", ""))] = {k: v for k, v in event.items() if k not in ("event", "name")}
    elif kind in {"read", "write"}:
        journal.opened.append((kind, str(event.get("what", ""))))
    elif kind == "spawn":
        journal.spawned = True
    elif kind == "connect":
        journal.connected.append(str(event.get("what", "")))


def cell_runs(ran: Iterable[Any], journal: Journal) -> tuple[CellRun, ...]:
    """One CellRun for each cell of the user's notebook that was run, in order; injected cells are left out."""
    runs = []
    for order, cell in enumerate(ran):
        index = cell.metadata.get(INDEX_KEY)
        if index is None:
            continue
        seen = journal.cells[order] if order < len(journal.cells) else {}
        names, shown = seen.get("names"), seen.get("shown")
        runs.append(
            CellRun(
                index=int(index),
                outputs=joined(outputs_of(cell)),
                seconds=float(seen.get("seconds") or 0.0),
                names=names if isinstance(names, dict) else {},
                shown=tuple(shown) if isinstance(shown, list) else (),
            )
        )
    return tuple(runs)


def outputs_of(cell: Any) -> tuple[Output, ...]:
    """The outputs of an executed nbformat cell as values."""
    return tuple(_output(raw) for raw in cell.get("outputs", ()))


def _output(raw: Mapping[str, Any]) -> Output:
    kind = raw.get("output_type", "")
    size = len(json.dumps(raw, default=str))
    if kind == "stream":
        return Output(OutputKind.STREAM, text=_text(raw.get("text", "")), stream=str(raw.get("name", "")), size=size)
    if kind == "error":
        lines = tuple(str(line) for line in raw.get("traceback", ()))
        error = ErrorValue(str(raw.get("ename", "")), str(raw.get("evalue", "")), lines)
        return Output(OutputKind.ERROR, error=error, size=size)
    kinds = {"display_data": OutputKind.DISPLAY_DATA, "execute_result": OutputKind.EXECUTE_RESULT}
    data = {str(mime): value for mime, value in dict(raw.get("data", {})).items()}
    count = raw.get("execution_count")
    return Output(kinds.get(kind, OutputKind.UNKNOWN), data=data, execution_count=count, size=size)


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def joined(outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    """Neighbouring pieces of one stream as one output: where a stream is cut is a matter of timing."""
    result: list[Output] = []
    for output in outputs:
        last = result[-1] if result else None
        if (
            last
            and output.kind is OutputKind.STREAM
            and last.kind is OutputKind.STREAM
            and last.stream == output.stream
        ):
            text = last.text + output.text
            result[-1] = Output(OutputKind.STREAM, text=text, stream=output.stream, size=last.size + output.size)
        else:
            result.append(output)
    return tuple(result)


_SCRAP = "application/scrapbook.scrap.json+json"
_PAPERMILL_RECORD = "application/papermill.record+json"


def metrics_of(cells: Iterable[CellRun], journal: Journal) -> tuple[Metric, ...]:
    """The metrics that the notebook declared, in order: with `nb_mlops.metric`, or glued with scrapbook; after them the
    metrics of its MLflow run that are not declared as well."""
    found = [metric for cell in cells for metric in _declared(cell)]
    named = {metric.name for metric in found}
    for name, value in journal.logged.items():
        if name not in named and _is_number(value):
            found.append(Metric(str(name), float(value)))
    return tuple(found)


def _declared(cell: CellRun) -> Iterator[Metric]:
    for output in cell.outputs:
        for mime in (METRIC_MIME, _SCRAP, _PAPERMILL_RECORD):
            payload = output.data.get(mime)
            if not isinstance(payload, Mapping):
                continue
            if mime == METRIC_MIME:
                value, better = payload.get("value"), payload.get("higher_is_better")
                if isinstance(value, (int, float)) and _is_number(value):
                    flag = better if isinstance(better, bool) else None
                    yield Metric(str(payload.get("name", "")), float(value), flag, cell.index)
            elif mime == _SCRAP and _is_number(payload.get("data")):
                yield Metric(str(payload.get("name", "")), float(payload["data"]), None, cell.index)
            elif mime == _PAPERMILL_RECORD:
                yield from (Metric(str(k), float(v), None, cell.index) for k, v in payload.items() if _is_number(v))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def model_of(cells: Iterable[CellRun], model_dir: str) -> ModelRecord | None:
    """The model that the notebook declared last; its path only where a model folder is really there."""
    found = None
    for cell in cells:
        for payload in _payloads(cell, MODEL_MIME):
            saved = bool(payload.get("saved")) and model_dir and (Path(model_dir) / "MLmodel").is_file()
            found = ModelRecord(
                kind=str(payload.get("kind", "")),
                fingerprint=payload.get("fingerprint"),
                path=model_dir if saved else "",
                cell=cell.index,
                name=str(payload.get("name", "")),
            )
    return found


def _payloads(cell: CellRun, mime: str) -> list[Mapping[str, Any]]:
    return [o.data[mime] for o in cell.outputs if isinstance(o.data.get(mime), Mapping)]


def files_of(journal: Journal, project: Path, watch: Watch) -> Files:
    """What was read of what was there before, and what was written, by all that anybody saw.

    A file counts as read when its first opening was for reading; modules of the project that were imported count too.
    Digests are taken now, after the run, so a file that was read and then written is told by being in both. What the
    kernel says of a file goes before what was seen from outside, which cannot tell appending from reading.
    """
    first: dict[str, str] = {}
    written: dict[str, None] = {}
    for kind, path in journal.opened:
        first.setdefault(path, kind)
        if kind == "write" and not _passing(path, project):
            written[path] = None
    for path in journal.final.get("local", ()):
        first.setdefault(str(path), "read")
    inside = frozenset(first)
    past = journal.reaches_past_python  # else whatever else was opened here, others did
    for path in watch.written if past else ():
        if path not in inside:
            first.setdefault(path, "write")
            if not _passing(path, project):
                written[path] = None
    for path in watch.read if past else ():
        first.setdefault(path, "read")
    outside = watch.read.keys() | watch.written.keys()
    reads = tuple(_file_read(path, project) for path, kind in first.items() if kind == "read" and Path(path).is_file())
    seen_by = {
        shown_path(path, project): "both"
        if path in inside and path in outside
        else "python"
        if path in inside
        else "system"
        for path in first
        if path in written or first[path] == "read"
    }
    return Files(
        tuple(sorted(reads, key=lambda f: f.path)),
        tuple(sorted(shown_path(path, project) for path in written)),
        seen_by if watch.running else {},
    )


def _file_read(path: str, project: Path) -> FileRead:
    stat = Path(path).stat()
    modified = datetime.fromtimestamp(stat.st_mtime, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return FileRead(shown_path(path, project), sha256_of(path), stat.st_size, modified)


@dataclass(frozen=True, slots=True)
class Files:
    """Files that were read, paths that were written, and who saw each of them (nothing where nobody watched)."""

    read: tuple[FileRead, ...]
    written: tuple[str, ...]
    seen_by: Mapping[str, str]


def _passing(path: str, project: Path) -> bool:
    """Whether a written file is nobody's: a temporary file that another run cannot meet again."""
    temporary = os.path.realpath(tempfile.gettempdir())
    return path.startswith(temporary + os.sep) and not Path(path).is_relative_to(os.path.realpath(project))


def sha256_of(path: str) -> str:
    """The digest of a file's bytes, hex."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def without_private_paths(text: str, workdir: str) -> str:
    """The text without colours and with the run's own folder, the temporary folder and the home folder made short."""
    text = _ANSI.sub("", text)
    hidden = ((os.path.realpath(workdir), "."), (workdir, "."), (str(Path.home()), "~"))
    for folder, shown in hidden:
        if len(folder) > 1:
            text = text.replace(folder, shown)
    return text
