"""What an installation brings: the front end where Jupyter looks for it, or, where it is left out, the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nb_mlops import __version__

pytest.importorskip("hatchling")

ROOT = Path(__file__).resolve().parent.parent
WHEEL = f"nb_mlops-{__version__}.data/data/"
EXTENSION = f"{WHEEL}share/jupyter/labextensions/nb-mlops/"
SERVER = f"{WHEEL}etc/jupyter/jupyter_server_config.d/nb-mlops.json"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files with a front end that looks as if it had just been built."""
    place = tmp_path_factory.mktemp("wheel") / "repo"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    built = place / "nb_mlops" / "labextension"
    for name in (
        "package.json",
        "build_log.json",
        "static/main.js",
        "static/main.js.map",
        "schemas/nb-mlops/panel.json",
    ):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_text("{}", "utf-8")
    return place


def names(checkout: Path, **environ: str) -> set[str]:
    shutil.rmtree(checkout / "dist", ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    run = subprocess.run(command, cwd=checkout, env=kept | environ, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.slow
def test_the_wheel_holds_both_halves_and_no_leavings(checkout: Path) -> None:
    found = names(checkout)
    ours = {name.removeprefix(EXTENSION) for name in found if name.startswith(EXTENSION)}
    assert ours == {"install.json", "package.json", "static/main.js", "schemas/nb-mlops/panel.json"}
    assert SERVER in found
    assert "nb_mlops/doors/lab/job-event.yaml" in found
    assert not any(name.startswith("nb_mlops/labextension") for name in found), "once, and where Jupyter looks"


@pytest.mark.slow
@pytest.mark.parametrize("environ", [{"NB_MLOPS_SKIP_FRONTEND": "1"}, {"VIRTUAL_ENV": "/somewhere/py_env-python3"}])
def test_the_command_line_is_installed_alone_when_asked_and_for_hooks(checkout: Path, environ: dict[str, str]) -> None:
    found = names(checkout, **environ)
    assert not any(name.startswith(WHEEL) for name in found)
    assert "nb_mlops/doors/cli/lint.py" in found


def test_the_lock_file_names_no_host() -> None:
    text = (ROOT / "labextension" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text


def test_the_front_end_is_small() -> None:
    """Everybody who opens JupyterLab loads its scripts; the style sheet is one of them, and counts apart."""
    built = [path.read_bytes() for path in (ROOT / "nb_mlops" / "labextension" / "static").glob("*.js")]
    if not built:
        pytest.skip("the front end is not built")
    assert sum(len(text) for text in built if b"--nbm-small:" not in text) <= 80_000
    assert sum(len(text) for text in built) <= 110_000
