"""Why a run failed: what the exception says, read beside what the notebook says it showed when it was saved."""

from __future__ import annotations

import re
from enum import Enum

from nb_mlops.analysis.view import View
from nb_mlops.checker import findings as say
from nb_mlops.core.notebook import Notebook, OutputKind
from nb_mlops.core.run import RunError, RunRecord, RunStatus


class Cause(str, Enum):
    """Why a notebook fails, or shows something else than it did when it was saved."""

    MISSING_MODULE = "missing-module"
    MISSING_FILE = "missing-file"
    CHANGED_API = "changed-api"
    HIDDEN_STATE = "hidden-state"
    ON_PURPOSE = "error-on-purpose"
    NETWORK = "network"
    PYTHON_2 = "python-2"
    INPUT = "asks-for-input"
    MEMORY = "memory"
    DISK = "disk-full"
    CRASH = "kernel-crash"
    TIME = "time-limit"
    NO_KERNEL = "no-kernel"
    DATA = "data"
    LIBRARIES = "libraries"
    CHANCE = "chance"
    CODE = "code"


_REMEDIES = {
    Cause.MISSING_MODULE: "Install it in the kernel's environment, and declare it for others.",
    Cause.MISSING_FILE: "Runs start in the notebook's own folder: is the file there, and by that path?",
    Cause.CHANGED_API: "The installed library no longer has it: change the call, or pin the version that the notebook "
    "was written for.",
    Cause.HIDDEN_STATE: "No cell above it defines that name any more; `nb-mlops lint` shows what a new kernel does not "
    "know.",
    Cause.ON_PURPOSE: "The notebook was saved with this error. If it is meant, tag the cell `raises-exception`, and "
    "the run goes on.",
    Cause.NETWORK: "It needs the network, which it did not get: keep a copy of the data with its checksum.",
    Cause.PYTHON_2: "It is written for Python 2: convert it (`2to3`).",
    Cause.INPUT: "It waits for somebody to type: make it a parameter.",
    Cause.MEMORY: "Give it less data, or more memory (`memory-mb` in [tool.nb-mlops.check]).",
    Cause.DISK: "Free some space there, or put temporary files elsewhere (`TMPDIR`).",
    Cause.CRASH: "Run the cell alone with `python -X faulthandler`, and look at the library that it calls.",
    Cause.TIME: "Raise `timeout` or `cell-timeout` in [tool.nb-mlops.check], or let it do less.",
    Cause.NO_KERNEL: "Nothing was run.",
    Cause.DATA: "The data are not what the code expects: compare them with those it was written for.",
    Cause.LIBRARIES: "It ran when it was saved, and the error comes from inside a library: pin the versions it was "
    "written for, or change the call.",
    Cause.CODE: "Mend it, or tag the cell `raises-exception` if it is meant.",
}

_STATUS = {
    RunStatus.KERNEL_DIED: Cause.CRASH,
    RunStatus.OUT_OF_MEMORY: Cause.MEMORY,
    RunStatus.TIMED_OUT: Cause.TIME,
    RunStatus.NOT_STARTED: Cause.NO_KERNEL,
}
_NETWORK = re.compile(
    r"(?:URL|HTTP|Connection|ProxyError|gaierror|SSL|NewConnection|MaxRetry|ConnectTimeout|ReadTimeout|RemoteDisconnected|"
    r"ClientConnector|herror)\w*"
)
_UNREACHED = re.compile(
    r"urlopen error|getaddrinfo|name resolution|Max retries|network was taken away|unreachable", re.I
)
_GONE = re.compile(
    r"cannot import name|has no attribute|was removed|unexpected keyword argument|got an unexpected keyword|"
    r"no longer|is not a valid package style|has been removed|deprecated|positional arguments? but|"
    r"not supported between|got multiple values for|takes (?:no|\d+) (?:keyword|positional)|missing \d+ required|"
    r"not a valid value for|No axis named|does not support|unsupported operand|is not supported|not found in axis",
    re.I,
)
# A library or a program that another one asks for when it is used; in words, since the exceptions are anything.
_ABSENT = re.compile(
    r"Missing optional dependency|MovieWriter \(\w+\) not available|(?:is|are) not installed|"
    r"executables? (?:was |were )?not found|make sure .{1,60}executables? are on your|command not found|"
    r"\b(?:pip|conda|apt(?:-get)?|brew) install |\bto install the .{1,60} (?:package|library)|"
    r"requires? .{1,60} to be installed",
    re.I,
)
_REMOVED = re.compile(r"\b(?:was|were|has been|have been) removed\b|no longer (?:available|supported|exists)", re.I)
_FULL = re.compile(r"No space left on device|Disk quota exceeded|disk is full|File too large")
_NO_TABLE = re.compile(r"no such table|relation .+ does not exist", re.I)
_MODULE = re.compile(r"No module named '([\w.]+)'")
_RUN_FILE = re.compile(r"File `.+` not found")  # what %run and %load raise, as a plain Exception
_PRINT = re.compile(r"Missing parentheses in call to '(?:print|exec)'")
# Names that many distributions share: what is missing below them is a distribution, not a part of one.
_NAMESPACES = frozenset(
    {"google", "azure", "snowflake", "databricks", "opentelemetry", "ibm", "oci", "zope", "ruamel", "jaraco"}
    | {"backports", "sphinxcontrib", "mpl_toolkits", "nvidia", "aws", "airflow", "langchain", "llama_index", "dagster"}
)
_OF_LIBRARIES = frozenset(
    {"ImportError", "AttributeError", "RuntimeError", "OSError", "ExecutableNotFound", "TypeError"}
)
_LIBRARY = ("site-packages", "dist-packages")


def cause(notebook: Notebook, record: RunRecord) -> Cause:
    """Why this run failed."""
    error = record.error
    if error is not None and _FULL.search(error.value):
        return Cause.DISK
    if error is None or record.status is not RunStatus.CELL_FAILED:
        return _STATUS.get(record.status, Cause.CODE)
    named = _by_name(error)
    if named is not None:
        return named
    if _NO_TABLE.search(error.value) and (record.files_written or any(not file.size for file in record.files_read)):
        return Cause.MISSING_FILE  # opening a database that is not there makes an empty one
    if _was_saved_with(notebook, error):
        return Cause.ON_PURPOSE
    if error.name == "NameError":
        return Cause.HIDDEN_STATE
    ran = _ran_when_saved(notebook, error)
    if _is_library_change(error) or (ran and _GONE.search(error.value)):
        return Cause.CHANGED_API
    if ran and any(mark in error.traceback for mark in _LIBRARY):
        return Cause.DATA if record.files_read and error.name == "KeyError" else Cause.LIBRARIES
    if ran and error.cell is not None and error.cell in doubtful(notebook):
        return Cause.HIDDEN_STATE
    return Cause.CODE


def doubtful(notebook: Notebook) -> frozenset[int]:
    """The cells whose saved results come from a state that a run from top to bottom does not make, or may."""
    if not notebook.is_python:
        return frozenset()
    return frozenset(affected.cell for found in View(notebook).causes for affected in found.affected)


def remedy(why: Cause) -> str:
    """The way out."""
    return _REMEDIES.get(why, "")


def _by_name(error: RunError) -> Cause | None:
    """What the exception alone tells."""
    if error.name == "ModuleNotFoundError":
        found = _MODULE.search(error.value)
        part = bool(found and "." in found[1] and found[1].partition(".")[0] not in _NAMESPACES)
        return Cause.CHANGED_API if part else Cause.MISSING_MODULE
    if error.name in {"FileNotFoundError", "NotADirectoryError"} or _RUN_FILE.match(error.value):
        return Cause.MISSING_FILE
    if error.name == "SyntaxError" and _PRINT.search(error.value):
        return Cause.PYTHON_2
    if error.name == "StdinNotImplementedError":
        return Cause.INPUT
    if error.name == "MemoryError":
        return Cause.MEMORY
    if error.name in _OF_LIBRARIES and _ABSENT.search(error.value) and not _REMOVED.search(error.value):
        return Cause.MISSING_MODULE
    if _NETWORK.fullmatch(error.name) or (_UNREACHED.search(error.value) and error.name != "NameError"):
        return Cause.NETWORK
    return None


def _was_saved_with(notebook: Notebook, error: RunError) -> bool:
    outputs = notebook.cells[error.cell].outputs if error.cell is not None else ()
    return any(output.error is not None and output.error.name == error.name for output in outputs)


def _ran_when_saved(notebook: Notebook, error: RunError) -> bool:
    """Whether the file says that the cell came to its end once."""
    if error.cell is None:
        return False
    cell = notebook.cells[error.cell]
    return cell.execution_count is not None and not any(o.kind is OutputKind.ERROR for o in cell.outputs)


def _is_library_change(error: RunError) -> bool:
    """What says by itself that a library has changed, whether or not the cell is known to have run."""
    if error.name == "ImportError" and "cannot import name" in error.value:
        return True
    if error.name == "AttributeError" and re.search(r"module '[\w.]+' has no attribute", error.value):
        return True
    if error.name in _OF_LIBRARIES and _REMOVED.search(error.value):
        return True
    if error.name == "RuntimeError" and error.value == "generator raised StopIteration":
        return True  # Python itself, since 3.7
    return "is not a valid package style" in error.value


def told(record: RunRecord) -> str:
    """How the run ended, and what is below it, for a person; the way out comes after it."""
    error = record.error
    if error is None:
        return f"The run ended as `{record.status.value}`."
    if record.status is RunStatus.CELL_FAILED:
        message = say.safe(error.value)
        return f"This cell raised `{error.name}`" + (f" ({message.rstrip('.')})." if message else ".")
    return say.safe(error.value)
