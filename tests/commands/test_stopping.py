"""What is left of a check that was stopped, killed or met a full disk: nothing running, nothing half written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers_run import processes_in, wait_for, write_notebook

from nb_mlops.commands import check as check_command
from nb_mlops.core.errors import UsageError
from nb_mlops.outside import artefacts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc"),
]

GROUP = "import os, time\nopen('group.txt', 'w').write(str(os.getpgid(0)))\n"
TIDY = GROUP + "try:\n    time.sleep(600)\nfinally:\n    open('tidied.txt', 'w').write('x')"
# A loop that may be broken off: without a word the run would look as if it had come to its end.
CONTENT = GROUP + "try:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    print('enough')"
DEAF = (
    "import signal, subprocess\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n"
    "away = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
    "open('away.txt', 'w').write(str(away.pid))\n" + GROUP + "time.sleep(600)"
)
MODEL = (
    "import numpy as np\nfrom sklearn.linear_model import Ridge\nX = np.arange(20.).reshape(10, 2)\n"
    "import nb_mlops\nnb_mlops.model(Ridge().fit(X, X.sum(1)), 'sums', example=X[:2])"
)


def heeds_ctrl_c() -> None:
    """What is started in the background of a shell ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def started(folder: Path, source: str, *words: str) -> tuple[subprocess.Popen[str], int]:
    """A check of a notebook of one cell, once that cell runs, and the process group in which it does."""
    (folder / "pyproject.toml").touch()
    (folder / "temporary").mkdir()
    write_notebook(folder / "n.ipynb", "rows = 1", source, tags={0: ["parameters"]})
    command = [sys.executable, "-m", "nb_mlops", "check", "n.ipynb", *words]
    environ = {**os.environ, "TMPDIR": str(folder / "temporary")}
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stderr=subprocess.PIPE, text=True, preexec_fn=heeds_ctrl_c
    )
    return process, wait_for(folder / "group.txt")


def gone(group: int, seconds: float = 10) -> bool:
    """Whether nothing of the group is left, soon."""
    until = time.monotonic() + seconds
    while processes_in(group) and time.monotonic() < until:
        time.sleep(0.05)
    return not processes_in(group)


def test_one_ctrl_c_interrupts_the_cell_and_tells_how_far_it_came(tmp_path: Path) -> None:
    check, group = started(tmp_path, TIDY)
    check.send_signal(signal.SIGINT)
    said = check.communicate(timeout=60)[1]
    assert check.returncode == 130 and "Traceback" not in said
    assert "R0  the first run: stopped in cell 2" in said and "Nothing was signed" in said
    assert (tmp_path / "tidied.txt").exists(), "the cell could put away what it had begun"
    assert gone(group, 0) and list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / ".nb-mlops" / "evidence").exists()


def test_a_second_ctrl_c_ends_at_once_what_does_not_heed_the_first(tmp_path: Path) -> None:
    check, group = started(tmp_path, DEAF)
    check.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert check.poll() is None and processes_in(group), "the cell is given time"
    again = time.monotonic()
    check.send_signal(signal.SIGINT)
    said = check.communicate(timeout=60)[1]
    assert check.returncode == 130 and time.monotonic() - again < 4 and "Traceback" not in said
    assert gone(group, 0)


def test_a_grid_that_is_terminated_says_how_to_go_on_and_keeps_no_point_that_was_cut_short(tmp_path: Path) -> None:
    (tmp_path / "grid.json").write_text('{"rows": [1, 2]}')
    check, group = started(tmp_path, CONTENT, "--grid", "grid.json", "--jobs", "1")
    check.send_signal(signal.SIGTERM)
    said = check.communicate(timeout=60)[1]
    assert check.returncode == 130 and "0 of 2 points are known; the same command goes on" in said
    assert gone(group, 0) and not list(tmp_path.glob(".nb-mlops/runs/*"))


def kernel_of(runner: int) -> int:
    children = Path(f"/proc/{runner}/task/{runner}/children").read_text().split()
    return next(int(pid) for pid in children if b"launch.py" in Path(f"/proc/{pid}/cmdline").read_bytes())


@pytest.mark.parametrize(("whose", "status"), [("runner", "not-started"), ("kernel", "kernel-died")])
def test_a_worker_or_a_kernel_that_is_killed_leaves_nothing_running_and_the_check_says_so(
    tmp_path: Path, whose: str, status: str
) -> None:
    check, group = started(tmp_path, DEAF)
    kernel, away = kernel_of(group), wait_for(tmp_path / "away.txt")  # the runner leads its group
    time.sleep(0.6)
    assert processes_in(away)
    os.kill(group if whose == "runner" else kernel, signal.SIGKILL)
    said = check.communicate(timeout=60)[1]
    assert check.returncode == 4 and f"R0  the first run: {status}" in said
    assert gone(group, 0) and gone(away, 0)


def in_a_child(action: Callable[[], Any]) -> int:
    """How a copy of this process ends that does this and no more; 77 for a UsageError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads that have ended do no harm
        child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        except UsageError:
            code = 77
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(moment: int, below: Path, action: Callable[[], Any]) -> Callable[[], Any]:
    """The action, by a process that is killed at the nth time that it changes something below a folder."""

    def dies() -> None:
        count = 0

        def hook(event: str, words: tuple[Any, ...]) -> None:
            nonlocal count
            changes = event in ("os.rename", "os.link", "os.mkdir") or (event == "open" and int(words[2] or 0) & 3)
            if changes and isinstance(words[0], (str, bytes)) and os.fsdecode(words[0]).startswith(str(below)):
                count += 1
                if count == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        action()

    return dies


def test_killed_at_any_moment_of_signing_or_on_a_full_disk_the_evidence_is_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    write_notebook(tmp_path / "n.ipynb", MODEL)
    sign, moments = check_command._sign, []

    def filed() -> list[str]:
        found = artefacts.current_evidence(tmp_path, "n.ipynb")
        for envelope in found.envelopes if found else ():
            assert json.loads(envelope.data)["signatures"], "whole"
        return [envelope.kind for envelope in found.envelopes] if found else []

    def narrow(*words: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1200, 1200))
        with check_command.told_when_unwritable("Nothing was signed"):
            sign(*words)

    def tried(*words: Any) -> Any:
        for before in ([], ["check", "lint"]):
            assert in_a_child(lambda: narrow(*words)) == 77 and filed() == before
            moment = 1
            while in_a_child(killed_at(moment, tmp_path, lambda: sign(*words))):
                assert filed() in ((before, ["check", "lint"]) if before else (before,)), moment
                moment += 1
            moments.append(moment)
            assert filed() == ["check", "lint"]
        return sign(*words)

    monkeypatch.setattr(check_command, "_sign", tried)
    assert check_command.check(str(tmp_path / "n.ipynb"), repeat=2).evidence
    assert min(moments) > 4, "there are that many moments"
