"""Runs of generated packages, several at the same time."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nb_mlops.outside import packages

_ASKS = """
import sys
from pathlib import Path
from nb_mlops.outside import packages
packages.record_variants(Path(sys.argv[1]), "slow", ({}, {}, {}), {}, sys.executable, 600, 2)
"""


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    helper = tmp_path / "tests" / "nbm_golden"
    helper.mkdir(parents=True)
    (tmp_path / "src").mkdir()
    begun = tmp_path / "begun"
    begun.mkdir()
    (helper / "golden.py").write_text(
        f"import os, pathlib, time\n(pathlib.Path({str(begun)!r}) / str(os.getpid())).touch()\ntime.sleep(600)\n"
    )
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="asks by signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_is_asked_to_end_ends_at_once_and_leaves_nothing_running(slow: Path, how: signal.Signals) -> None:
    asked = subprocess.Popen([sys.executable, "-c", _ASKS, str(slow)], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while len(list((slow / "begun").iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        begun = [int(path.name) for path in (slow / "begun").iterdir()]
        assert len(begun) == 2
        asked.send_signal(how)
        assert asked.wait(30) != 0
        assert [pid for pid in begun if Path(f"/proc/{pid}/cmdline").exists()] == []
        assert len(list((slow / "begun").iterdir())) == 2, "another one was begun"
    finally:
        asked.kill()


def test_a_run_that_takes_too_long_is_ended(slow: Path) -> None:
    ran = packages.record(slow, "slow", {}, sys.executable, 1)
    assert ran.found is None
    assert "longer than 1 s" in ran.problem
