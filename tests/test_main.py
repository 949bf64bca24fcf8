"""The process that is `nb-mlops`: it leaves at once, and nothing is lost by that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
    late = "import threading, time\nthreading.Thread(target=lambda: (time.sleep(1), print('written'))).start()"
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
