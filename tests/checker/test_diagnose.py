from __future__ import annotations

import pytest
from helpers_run import notebook, record

from nb_mlops.checker.diagnose import Cause, cause, remedy
from nb_mlops.core.notebook import ErrorValue, Notebook, Output, OutputKind, StoredOutputs
from nb_mlops.core.run import FileRead, RunError, RunRecord, RunStatus
from nb_mlops.core.value import replace

LIBRARY = "File ~/env/lib/python3.11/site-packages/pandas/core/frame.py:1"


def failed(name: str, value: str = "", traceback: str = "", **changes: object) -> RunRecord:
    error = RunError(name, value, 0, traceback)
    return replace(record(), status=RunStatus.CELL_FAILED, error=error, **changes)


def ran(source: str = "call()", *outputs: Output) -> Notebook:
    """A notebook whose one cell was run when it was saved, and showed this."""
    found = notebook(source)
    cell = replace(found.cells[0], execution_count=1, stored=StoredOutputs.of(outputs))
    return replace(found, cells=(cell,))


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("ModuleNotFoundError", "No module named 'watermark'", Cause.MISSING_MODULE),
        ("ModuleNotFoundError", "No module named 'sklearn.cross_validation'", Cause.CHANGED_API),
        ("ModuleNotFoundError", "No module named 'google.cloud'", Cause.MISSING_MODULE),
        ("ImportError", "cannot import name 'PCA' from 'matplotlib.mlab'", Cause.CHANGED_API),
        ("ImportError", "`load_boston` has been removed from scikit-learn since version 1.2.", Cause.CHANGED_API),
        (
            "ImportError",
            "Missing optional dependency 'openpyxl'.  Use pip or conda to install it.",
            Cause.MISSING_MODULE,
        ),
        (
            "ImportError",
            "`Import reader` failed.  Use pip, conda, or your preferred tool to install the reader package.",
            Cause.MISSING_MODULE,
        ),
        ("RuntimeError", "Requested MovieWriter (ffmpeg) not available", Cause.MISSING_MODULE),
        ("ExecutableNotFound", "make sure the Graphviz executables are on your systems' PATH", Cause.MISSING_MODULE),
        ("RuntimeError", "generator raised StopIteration", Cause.CHANGED_API),
        ("RuntimeError", "all arrays must be of the same length", Cause.CODE),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'a.csv'", Cause.MISSING_FILE),
        ("Exception", "File `'helpers.ipynb'` not found.", Cause.MISSING_FILE),
        ("OSError", "'seaborn-whitegrid' is not a valid package style, path of style file", Cause.CHANGED_API),
        ("AttributeError", "`np.infty` was removed in the NumPy 2.0 release.", Cause.CHANGED_API),
        ("AttributeError", "module 'matplotlib.cm' has no attribute 'get_cmap'", Cause.CHANGED_API),
        ("NameError", "name 'df' is not defined", Cause.HIDDEN_STATE),
        ("URLError", "<urlopen error [Errno -2] Name or service not known>", Cause.NETWORK),
        ("HTTPError", "HTTP Error 404: Not Found", Cause.NETWORK),
        ("SyntaxError", "Missing parentheses in call to 'print'. Did you mean print(...)?", Cause.PYTHON_2),
        ("StdinNotImplementedError", "raw_input was called", Cause.INPUT),
        ("MemoryError", "", Cause.MEMORY),
        ("ValueError", "wrong", Cause.CODE),
        ("AttributeError", "'DataFrame' object has no attribute 'append'", Cause.CODE),
    ],
)
def test_the_exception_tells_the_cause(name: str, value: str, wanted: Cause) -> None:
    assert cause(notebook("call()"), failed(name, value)) is wanted


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("AttributeError", "'DataFrame' object has no attribute 'append'", Cause.CHANGED_API),
        ("TypeError", "ShuffleSplit.__init__() got an unexpected keyword argument 'n_iter'", Cause.CHANGED_API),
        ("ValueError", "cannot reshape", Cause.LIBRARIES),
    ],
)
def test_what_ran_when_it_was_saved_and_now_fails_in_a_library_is_the_librarys_change(
    name: str, value: str, wanted: Cause
) -> None:
    assert cause(ran(), failed(name, value, LIBRARY)) is wanted


def test_a_table_is_missing_where_the_run_itself_made_the_database() -> None:
    missing = failed("DatabaseError", "no such table: Players", LIBRARY)
    assert cause(ran(), replace(missing, files_written=("players.sqlite",))) is Cause.MISSING_FILE
    empty = FileRead("players.sqlite", "0" * 64, 0)
    assert cause(ran(), replace(missing, files_read=(empty,))) is Cause.MISSING_FILE, "made by an earlier run"
    assert cause(ran(), missing) is Cause.LIBRARIES


def test_an_error_that_the_notebook_was_saved_with_is_one_on_purpose() -> None:
    shown = Output(OutputKind.ERROR, error=ErrorValue("ZeroDivisionError", "division by zero", ()))
    assert cause(ran("1/0", shown), failed("ZeroDivisionError", "division by zero")) is Cause.ON_PURPOSE


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (RunStatus.KERNEL_DIED, Cause.CRASH),
        (RunStatus.OUT_OF_MEMORY, Cause.MEMORY),
        (RunStatus.TIMED_OUT, Cause.TIME),
        (RunStatus.NOT_STARTED, Cause.NO_KERNEL),
    ],
)
def test_a_run_that_ended_from_outside_says_by_what(status: RunStatus, wanted: Cause) -> None:
    assert cause(notebook("x"), replace(record(), status=status, error=RunError("X", ""))) is wanted


def test_a_full_disk_is_told_as_that_however_the_run_ended() -> None:
    full = RunError("OSError", "[Errno 28] No space left on device: 'big.bin'", 0)
    for status in (RunStatus.CELL_FAILED, RunStatus.NOT_STARTED):
        assert cause(notebook("x = 1"), record("R0", status=status, error=full)) is Cause.DISK
    assert "TMPDIR" in remedy(Cause.DISK)
