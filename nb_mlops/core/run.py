"""What is asked of one run of a notebook, and what came of it. One run is one process; both travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from nb_mlops.core.notebook import Output


class Probe(str, Enum):
    """How closely the kernel is watched: not at all, user variables at the end, or after every cell."""

    NONE = "none"
    FINAL = "final"
    CELLS = "cells"


class RunStatus(str, Enum):
    """How a run ended."""

    OK = "ok"
    CELL_FAILED = "cell-failed"
    KERNEL_DIED = "kernel-died"
    OUT_OF_MEMORY = "out-of-memory"
    TIMED_OUT = "timed-out"
    STOPPED = "stopped"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One run to make.

    `notebook` and `workdir` are absolute paths; `workdir` is where the kernel stands. `environ` is laid over a
    scrubbed copy of the caller's environment (the signing key never is in it). `model_dir`, when given, is an empty
    folder into which `nb_mlops.model()` saves the model it is handed; without it the call records a fingerprint only.
    `kernel` is a kernel's name or the path of a Python interpreter. `memory_mb` is what the kernel and all it starts
    may use together (0: no limit). `offline` takes the network away. `watched` are folders in which every file that is
    opened is seen, by whomever, beside what the kernel itself opens through Python.
    """

    label: str
    notebook: str
    workdir: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    kernel: str = ""
    timeout: int = 3600
    cell_timeout: int = 1200
    probe: Probe = Probe.NONE
    model_dir: str = ""
    executed: str = ""
    memory_mb: int = 0
    offline: bool = False
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunError:
    """The exception that ended a run; `cell` is its index in the notebook as the user has it."""

    name: str
    value: str
    cell: int | None = None
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class CellRun:
    """What one cell did. `names` maps each user name bound or changed by the cell to its fingerprint (a JSON value
    made by portable.fingerprint), when the probe watched; `shown` are fingerprints of what it showed."""

    index: int
    outputs: tuple[Output, ...] = ()
    seconds: float = 0.0
    names: Mapping[str, Any] = field(default_factory=dict)
    shown: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured number that the notebook declared with `nb_mlops.metric()`."""

    name: str
    value: float
    higher_is_better: bool | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The model that the notebook handed to `nb_mlops.model()`, with the name it gave it ("" for none).

    `fingerprint` is semantic (class, parameters, fitted values, predictions on the example), so that two runs can be
    compared; `path` is the MLflow model folder, empty when this run did not save one.
    """

    kind: str
    fingerprint: Any = None
    path: str = ""
    cell: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that the notebook opened for reading: path relative to the project where possible, sha256 hex, bytes, and
    when it was last written (UTC, "" when nobody looked). A file may be copied anew: it is as old as that at least."""

    path: str
    sha256: str
    size: int
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a run took place: `packages` that were imported with their versions, and by top-level module in `modules`
    the one that brought it."""

    python: str = ""
    implementation: str = ""
    platform: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What came of a run. `factors` names what was perturbed against the base run, e.g. {"PYTHONHASHSEED": "1"}.

    `tables` are profiles (portable.tables) of the tables that cells which read data bound, by name.
    `seen_by` says of each file that was read, and of each that was written, who saw it: `python` (the kernel's own
    audit hook), `system` (the folder was watched) or `both`; nothing where no folder was watched. `isolation` is how
    the network was taken away: `namespace`, `hook` or "" when it was not. `peak_mb` is the most memory that the kernel
    and all it started used, 0 when nobody looked.
    """

    label: str
    status: RunStatus
    cells: tuple[CellRun, ...] = ()
    metrics: tuple[Metric, ...] = ()
    model: ModelRecord | None = None
    files_read: tuple[FileRead, ...] = ()
    files_written: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    environment: Environment = Environment()
    factors: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    error: RunError | None = None
    warnings: tuple[str, ...] = ()
    seen_by: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    isolation: str = ""
    peak_mb: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every cell ran."""
        return self.status is RunStatus.OK
