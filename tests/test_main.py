"""The process that is `nb-mlops`: it leaves at once, and nothing is lost by that."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "sample_notebooks"


def _program(before: str, *args: str) -> subprocess.CompletedProcess[str]:
    code = f"{before}\nimport sys\nsys.argv = ['nb-mlops', *{args!r}]\nfrom nb_mlops.__main__ import main\nmain()"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_a_long_report_arrives_whole_and_the_exit_code_stays() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nb_mlops", "lint", str(SAMPLES), "--format", "json", "--no-cache"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["findings"]) > 20
    assert len(done.stdout) > 8192  # more than a buffer


def test_what_was_registered_for_the_end_is_done() -> None:
    done = _program("import atexit; atexit.register(print, 'put away')", "rules", "EX001")
    assert done.returncode == 0
    assert done.stdout.endswith("put away\n")


def test_a_thread_at_work_is_waited_for() -> None:
    late = (
        "import threading\nend = threading.main_thread().join\n"
        "threading.Thread(target=lambda: (end(), print('written'))).start()"
    )
    done = _program(late, "rules", "EX001")
    assert done.returncode == 0
    assert done.stdout.endswith("written\n")


def test_a_reader_that_went_away_brings_no_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "nb_mlops", "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert "Traceback" not in program.stderr.read()


def test_a_fault_of_ours_has_its_own_exit_code_and_does_not_show_what_it_was_about() -> None:
    broken = (
        "import nb_mlops.commands.rules as rules\n"
        "def page(name):\n    raise KeyError('value ' + 'of a notebook')\nrules.page = page"
    )
    done = _program(broken, "rules", "EX001")
    assert done.returncode == 70
    assert "fault of nb-mlops" in done.stderr and "KeyError" in done.stderr and "in page" in done.stderr
    assert "of a notebook'" not in done.stderr
    asked = _program(f"import os\nos.environ['NB_MLOPS_DEBUG'] = '1'\n{broken}", "rules", "EX001")
    assert "value of a notebook" in asked.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of POSIX")
def test_a_disk_that_takes_nothing_more_is_told_as_that_wherever_it_is_met(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "churn_clean.ipynb", tmp_path / "churn.ipynb")
    out = shlex.quote(str(tmp_path / "package"))
    line = f"ulimit -f 1; exec {shlex.quote(sys.executable)} -m nb_mlops convert --no-run churn.ipynb --out {out}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert "too large here" in done.stderr and "→" in done.stderr
