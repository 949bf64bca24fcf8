"""Runs with real kernels. Each run costs seconds, so one notebook answers many questions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import venv
from ast import literal_eval
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers_run import processes_in, request_for, wait_for, write_notebook
from nbclient import NotebookClient

from nb_mlops.core.event import Event
from nb_mlops.core.notebook import OutputKind
from nb_mlops.core.run import Probe, RunRecord, RunRequest, RunStatus
from nb_mlops.outside import run_one
from nb_mlops.outside.run_one import run

pytestmark = pytest.mark.slow

RICH = (
    "# A notebook that does a little of everything",
    "rows = 3\nname = 'x'",
    "import sys, os\nimport helper\nstart = open('data.csv').read()",
    "values = [helper.double(i) for i in range(rows)]\nprint(values, name)\nopen('made.txt', 'w').write('new')\n"
    "again = open('made.txt').read()\nvalues",
    "",
    "# between",
    "print(sys.argv[0], sys.path)\nprint(sorted(k for k in os.environ if k.startswith('NB_MLOPS')))\n"
    "print(sorted(n for n in globals() if not n.startswith('_')))",
    "1/0",
    "import nb_mlops\nnb_mlops.metric('accuracy', 0.75, higher_is_better=True)\n"
    "import matplotlib\nprint(matplotlib.get_backend())\nvalues.append(99)",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    (folder / "data.csv").write_text("a,b\n1,2\n")
    (folder / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    return folder


@pytest.fixture(scope="module")
def rich(project: Path) -> RunRecord:
    path = write_notebook(project / "rich.ipynb", *RICH, tags={1: ["parameters"], 7: ["raises-exception"]})
    os.environ["NB_MLOPS_KEY"] = str(project / "nowhere.pem")
    try:
        executed = str(project / "executed.ipynb")
        return run(request_for(path, parameters={"rows": 2}, probe=Probe.CELLS, executed=executed))
    finally:
        del os.environ["NB_MLOPS_KEY"]


def cell_text(record: RunRecord, index: int) -> str:
    cell = next(cell for cell in record.cells if cell.index == index)
    return "".join(output.text for output in cell.outputs)


def test_cells_are_known_by_the_index_they_have_in_the_users_file(rich: RunRecord) -> None:
    assert rich.status is RunStatus.OK, rich.error
    assert [cell.index for cell in rich.cells] == [1, 2, 3, 6, 7, 8]


def test_parameters_replace_the_defaults(rich: RunRecord) -> None:
    assert cell_text(rich, 3) == "[0, 2] x\n"


def test_an_error_that_a_tag_allows_does_not_end_the_run(rich: RunRecord) -> None:
    failed = next(cell for cell in rich.cells if cell.index == 7)
    assert failed.outputs[0].kind is OutputKind.ERROR
    assert failed.outputs[0].error is not None and failed.outputs[0].error.name == "ZeroDivisionError"


def test_the_kernel_is_as_ipykernel_alone_would_have_started_it(rich: RunRecord, project: Path) -> None:
    source = "import sys\nprint(sys.argv[0], sys.path)\nprint(sorted(n for n in globals() if not n.startswith('_')))"
    plain: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(plain, kernel_name="python3", resources={"metadata": {"path": str(project)}}).execute()
    paths, names = "".join(output.text for output in plain.cells[0].outputs).splitlines()
    our_paths, environment, our_names = cell_text(rich, 6).splitlines()
    assert our_paths == paths
    assert environment == "['NB_MLOPS_RUN']", "and no word of where the signing key is"
    own = {"again", "helper", "name", "os", "rows", "start", "values"}
    assert set(literal_eval(our_names)) - own == set(literal_eval(names))


def test_plots_are_drawn_inline(rich: RunRecord) -> None:
    assert "inline" in cell_text(rich, 8)


def test_files_that_were_there_and_read_are_told_with_their_digest(rich: RunRecord) -> None:
    assert [file.path for file in rich.files_read] == ["data.csv", "helper.py"]
    assert rich.files_read[0].size == 8 and len(rich.files_read[0].sha256) == 64


def test_files_that_the_notebook_makes_are_told_as_written(rich: RunRecord) -> None:
    assert rich.files_written == ("made.txt",)


def test_the_kernels_own_sockets_are_no_network(rich: RunRecord) -> None:
    assert rich.network == ()


def test_what_each_cell_bound_or_changed_is_fingerprinted(rich: RunRecord) -> None:
    names = {cell.index: cell.names for cell in rich.cells}
    assert names[1] == {"name": "x", "rows": 3}
    assert set(names[2]) == {"start", "rows"} or set(names[2]) == {"start"}
    assert names[3]["values"]["items"] == [0, 2]
    assert names[8]["values"]["items"] == [0, 2, 99]
    assert rich.names["values"]["items"] == [0, 2, 99]


def test_metrics_are_read_from_the_output(rich: RunRecord) -> None:
    assert [(m.name, m.value, m.higher_is_better, m.cell) for m in rich.metrics] == [("accuracy", 0.75, True, 8)]


def test_the_environment_names_what_was_imported(rich: RunRecord) -> None:
    assert rich.environment.python == ".".join(map(str, sys.version_info[:3]))
    assert "matplotlib" in rich.environment.packages and "pytest" not in rich.environment.packages
    assert rich.environment.variables["PYTHONHASHSEED"] == "0"


def test_the_executed_notebook_names_nobodys_folders(rich: RunRecord, project: Path) -> None:
    text = (project / "executed.ipynb").read_text()
    assert "ZeroDivisionError" in text and "injected-parameters" in text
    assert str(project) not in text and str(Path.home()) not in text and "nb_mlops_index" not in text


def test_a_cell_that_fails_ends_the_run_and_is_named(project: Path) -> None:
    path = write_notebook(project / "fails.ipynb", "# t", "x = 1", "raise ValueError('no such thing')", "y = 2")
    record = run(request_for(path))
    assert record.status is RunStatus.CELL_FAILED and record.error is not None
    assert (record.error.name, record.error.value, record.error.cell) == ("ValueError", "no such thing", 2)
    assert [cell.index for cell in record.cells] == [1, 2]
    assert str(project) not in record.error.traceback


def test_a_kernel_that_dies_is_told_as_such_with_the_last_cell(project: Path) -> None:
    path = write_notebook(project / "dies.ipynb", "x = open('data.csv').read()", "import os; os.kill(os.getpid(), 9)")
    record = run(request_for(path))
    assert record.status is RunStatus.KERNEL_DIED and record.error is not None
    assert record.error.cell == 1 and "memory" in record.error.value
    assert [file.path for file in record.files_read] == ["data.csv"], "what it did before it died is known"


@pytest.mark.parametrize(("limits", "whose"), [({"cell_timeout": 1}, "The cell"), ({"timeout": 2}, "The notebook")])
def test_a_run_that_takes_too_long_is_stopped(project: Path, limits: dict[str, int], whose: str) -> None:
    path = write_notebook(project / "slow.ipynb", "import time", "time.sleep(60)")
    started = time.monotonic()
    record = run(request_for(path, **limits))
    assert time.monotonic() - started < 30
    assert record.status is RunStatus.TIMED_OUT and record.error is not None
    assert record.error.cell == 1 and record.error.value.startswith(whose)


def test_an_unknown_parameter_starts_no_kernel(project: Path) -> None:
    path = write_notebook(project / "named.ipynb", "rows = 1", tags={0: ["parameters"]})
    record = run(request_for(path, parameters={"row": 2}))
    assert record.status is RunStatus.NOT_STARTED and record.error is not None
    assert "did you mean `rows`?" in record.error.value


def test_a_kernel_that_is_not_installed_is_told(project: Path) -> None:
    path = write_notebook(project / "julia.ipynb", "1", kernelspec={"name": "julia-1.9", "language": "julia"})
    record = run(request_for(path))
    assert record.status is RunStatus.NOT_STARTED and record.error is not None
    assert "julia" in record.error.value


@pytest.mark.parametrize("cell", ["text", {"cell_type": "code"}, {"cell_type": "code", "metadata": {}, "source": 5}])
def test_a_notebook_with_a_part_that_is_not_what_it_should_be_starts_no_kernel(project: Path, cell: object) -> None:
    path = project / "odd.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    record = run(request_for(path))
    assert record.status is RunStatus.NOT_STARTED and record.error is not None
    assert "`nb-mlops lint` names the part" in record.error.value


def test_a_missing_python_kernel_is_replaced_and_the_record_says_so(project: Path) -> None:
    path = write_notebook(
        project / "odd.ipynb", "print(1)", kernelspec={"name": "conda-env-mine", "language": "python"}
    )
    record = run(request_for(path))
    assert record.ok and "conda-env-mine" in record.warnings[0]


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
LINGERS = "import subprocess, os\nsubprocess.Popen(['sleep', '600'])\nopen('group.txt', 'w').write(str(os.getpgid(0)))"


@needs_proc
def test_nothing_is_left_running_after_a_run(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "lingers.ipynb", LINGERS)
    assert run(request_for(path)).ok
    assert processes_in(wait_for(tmp_path / "group.txt")) == []


@needs_proc
def test_stopping_all_kills_kernels_and_what_they_started(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "lingers.ipynb", LINGERS, "import time; time.sleep(600)")
    records: list[RunRecord] = []
    thread = threading.Thread(target=lambda: records.append(run(request_for(path))))
    thread.start()
    group = wait_for(tmp_path / "group.txt")
    run_one.stop_all()
    thread.join(20)
    assert not thread.is_alive() and records[0].status is RunStatus.NOT_STARTED
    assert processes_in(group) == []


@needs_proc
def test_a_caller_that_is_killed_takes_its_runs_along(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "lingers.ipynb", LINGERS, "import time; time.sleep(600)")
    script = (
        "from nb_mlops.core.run import RunRequest\nfrom nb_mlops.outside.run_one import run\n"
        f"run(RunRequest('R0', {str(path)!r}, {str(tmp_path)!r}))"
    )
    caller = subprocess.Popen([sys.executable, "-c", script])
    group = wait_for(tmp_path / "group.txt")
    assert len(processes_in(group)) == 3, "the runner, the kernel and what it started"
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    deadline = time.monotonic() + 10
    while processes_in(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_in(group) == []


@pytest.fixture(scope="module")
def bare_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kernel spec of an environment that has ipykernel and not nb_mlops: a folder of links, and no more."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "env", with_pip=False)
    site = next((folder / "env").glob("lib/python*/site-packages"))
    import ipykernel

    for entry in Path(ipykernel.__file__).parent.parent.iterdir():
        if not entry.name.startswith(("nb_mlops", "nb-mlops", "_nb_mlops", "__editable__")) and entry.suffix != ".pth":
            (site / entry.name).symlink_to(entry)
    spec = folder / "jupyter" / "kernels" / "bare"
    spec.mkdir(parents=True)
    python = str(folder / "env" / "bin" / "python")
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Bare", "language": "python"}))
    return folder / "jupyter"


def test_a_kernel_without_nb_mlops_can_declare_a_metric_and_is_watched(project: Path, bare_kernel: Path) -> None:
    find = "import importlib.util, sys\nprint('nb_mlops' in sys.modules, importlib.util.find_spec('nb_mlops').origin)"
    declare = "import nb_mlops\nnb_mlops.metric('f1', 0.5)\ntext = open('data.csv').read()"
    path = write_notebook(project / "bare.ipynb", find, declare)
    environ = {"PYTHONHASHSEED": "0", "JUPYTER_PATH": str(bare_kernel)}
    record = run(request_for(path, kernel="bare", environ=environ, probe=Probe.CELLS))
    assert record.ok, record.error
    assert cell_text(record, 0) == "False None\n", "only the stand-in knows the name"
    assert [metric.name for metric in record.metrics] == ["f1"]
    assert [file.path for file in record.files_read] == ["data.csv"]
    assert record.cells[1].names["text"] == "a,b\n1,2\n"


def test_plain_papermill_knows_the_engine(project: Path) -> None:
    import papermill
    from papermill.engines import papermill_engines

    from nb_mlops.outside.papermill_engine import ENGINE, NbMlopsEngine

    assert papermill_engines.get_engine(ENGINE) is NbMlopsEngine, "by its entry point"
    path = write_notebook(project / "plain.ipynb", "rows = 1", "print(rows + 1)", tags={0: ["parameters"]})
    done = papermill.execute_notebook(
        str(path), None, parameters={"rows": 4}, engine_name=ENGINE, progress_bar=False, cwd=str(project)
    )
    assert done.cells[2].outputs[0].text == "5\n"


@needs_proc
def test_what_leaves_for_a_session_of_its_own_is_ended_too(tmp_path: Path) -> None:
    away = "import subprocess\np = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
    path = write_notebook(tmp_path / "away.ipynb", away + "open('group.txt', 'w').write(str(p.pid))")
    assert run(request_for(path)).ok
    assert processes_in(wait_for(tmp_path / "group.txt")) == []


@needs_proc
def test_a_run_that_uses_more_memory_than_it_may_is_ended_and_told_as_that(tmp_path: Path) -> None:
    hoard = "import time\nheld = []\nwhile True:\n    held.append(bytearray(10_000_000)); time.sleep(0.02)"
    record = run(request_for(write_notebook(tmp_path / "hoard.ipynb", "x = 1", hoard), memory_mb=300))
    assert record.status is RunStatus.OUT_OF_MEMORY and record.error is not None
    assert record.error.cell == 1 and "its limit is 300 MB" in record.error.value and record.peak_mb > 300


NETWORK = (
    "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 5)\nexcept OSError as e:\n    print(e)\n"
    "server = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(server.getsockname())\nprint('here')"
)


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces")
def test_offline_a_run_reaches_itself_and_nothing_else_and_what_it_reached_for_is_told(tmp_path: Path) -> None:
    record = run(request_for(write_notebook(tmp_path / "net.ipynb", NETWORK), offline=True))
    assert record.ok and record.isolation in ("namespace", "hook")
    assert "unreachable" in cell_text(record, 0).lower() or "--offline" in cell_text(record, 0)
    assert cell_text(record, 0).endswith("here\n") and record.network == ("192.0.2.1:80",)


def test_a_python_of_another_environment_can_be_the_kernel_and_must_have_ipykernel(
    project: Path, bare_kernel: Path, tmp_path: Path
) -> None:
    path = write_notebook(project / "other.ipynb", "import sys\nprint(sys.prefix)")
    python = bare_kernel.parent / "env" / "bin" / "python"
    assert cell_text(run(request_for(path, kernel=str(python))), 0).strip() == str(bare_kernel.parent / "env")
    venv.create(tmp_path / "empty", with_pip=False)
    record = run(request_for(path, kernel=str(tmp_path / "empty" / "bin" / "python")))
    assert record.status is RunStatus.NOT_STARTED and record.error is not None
    assert "has no ipykernel" in record.error.value


@needs_proc
def test_what_worker_processes_read_is_seen_although_no_hook_tells_of_them(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "data.csv").write_text("a,b\n")
    pool = "with mp.get_context('spawn').Pool(1) as pool:\n    print(pool.map(Path.read_text, [Path('data.csv')]))"
    path = write_notebook(tmp_path / "pool.ipynb", "import multiprocessing as mp\nfrom pathlib import Path", pool)
    record = run(request_for(path, watched=(str(tmp_path),)))
    assert record.ok, record.error
    assert [(file.path, record.seen_by[file.path]) for file in record.files_read] == [("data.csv", "system")]


def test_each_cell_is_told_as_it_begins_and_ends(project: Path) -> None:
    heard: list[Event] = []
    path = write_notebook(project / "told.ipynb", "# t", "x = 1", "", "y = 2")
    assert run(request_for(path), heard.append).ok
    cells = [(e.kind.value, e.cell, e.done, e.of) for e in heard if e.cell is not None]
    assert cells == [
        ("cell-started", 1, 0, 2),
        ("cell-ended", 1, 1, 2),
        ("cell-started", 3, 1, 2),
        ("cell-ended", 3, 2, 2),
    ]
    assert heard[0].to_json() == {"event": "run-started", "run": "R0"} and heard[-1].status == "ok"


def test_what_a_killed_caller_left_in_the_temporary_folder_is_swept_away(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(tempfile, "tempdir", place)
        dead, alive = Path(place) / f"nbm-run-{gone.pid}-x", Path(place) / f"nbm-run-{os.getpid()}-x"
        dead.mkdir()
        alive.mkdir()
        run_one.sweep()
        assert list(Path(place).iterdir()) == [alive]


def test_no_run_waits_for_a_grammar_that_no_notebook_needs(tmp_path: Path) -> None:
    asked = RunRequest("R", notebook=str(tmp_path / "none.ipynb"), workdir=str(tmp_path))
    program = "import sys; from nb_mlops.outside import run_one; run_one.main(); print(*sys.modules, file=sys.stderr)"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, **pipes) as child:  # type: ignore[call-overload]
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(run_one.encode(asked) + b"\n")
        child.stdin.flush()
        loaded = child.stderr.read().decode().split()
    assert "papermill" in loaded
    assert "lark" not in loaded
