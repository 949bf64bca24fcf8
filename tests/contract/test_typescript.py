"""The front end's logic, tested where it runs, on JSON that Python writes."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FRONT_END = ROOT / "labextension"
BUILT = ROOT / "nb_mlops" / "labextension" / "static"


@pytest.mark.skipif(shutil.which("npm") is None, reason="Node is not installed")
@pytest.mark.skipif(not (FRONT_END / "node_modules").is_dir(), reason="`npm ci` was not run in labextension/")
def test_the_front_ends_own_tests_pass() -> None:
    environ = os.environ | {"NB_MLOPS_CONTRACT": str(Path(__file__).parent)}
    run = subprocess.run(["npm", "test"], cwd=FRONT_END, env=environ, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_lock_file_names_no_hosts() -> None:
    """`npm install` writes where packages ask for money; take it out again before it is committed."""
    assert "://" not in (FRONT_END / "package-lock.json").read_text("utf-8")


@pytest.mark.skipif(not BUILT.is_dir(), reason="the front end is not built")
def test_the_front_end_stays_light() -> None:
    """Scripts in bytes; the style sheet travels as a script of its own and is counted beside."""
    scripts = {path.name: path.read_text("utf-8") for path in BUILT.glob("*.js")}
    styles = {name: text for name, text in scripts.items() if ".nbm-Panel{" in text}
    assert len(styles) == 1
    assert sum(len(text.encode()) for name, text in scripts.items() if name not in styles) < 80_000


def test_the_template_for_translators_is_up_to_date() -> None:
    """`python labextension/translations.py` writes it."""
    made = runpy.run_path(str(FRONT_END / "translations.py"))
    text = made["template"]()
    assert (FRONT_END / "nb_mlops.pot").read_text("utf-8") == text
    calls = sum(path.read_text("utf-8").count("trans._") for path in (FRONT_END / "src").glob("*.ts"))
    said = sum(
        len(made[pattern].findall(path.read_text("utf-8")))
        for path in (FRONT_END / "src").glob("*.ts")
        for pattern in ("_ONE", "_MANY")
    )
    assert said == calls, "a text that is put together in code cannot be translated"
