"""The front end's logic, tested where it runs, on JSON that Python writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FRONT_END = Path(__file__).resolve().parent.parent.parent / "labextension"


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed")
@pytest.mark.skipif(not (FRONT_END / "node_modules").is_dir(), reason="`npm ci` was not run in labextension/")
def test_the_front_ends_own_tests_pass() -> None:
    environ = os.environ | {"NB_MLOPS_CONTRACT": str(Path(__file__).parent)}
    run = subprocess.run(["npm", "test"], cwd=FRONT_END, env=environ, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_lock_file_names_no_hosts() -> None:
    """`npm install` writes where packages ask for money; take it out again before it is committed."""
    assert "://" not in (FRONT_END / "package-lock.json").read_text("utf-8")
