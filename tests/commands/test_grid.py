"""Grids with real kernels: what is known is not run again, whatever ended the one before."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from helpers_run import write_notebook
from referencing import Registry, Resource

import nb_mlops
from nb_mlops.doors.cli import cli

pytestmark = pytest.mark.slow
SCHEMAS = Path(nb_mlops.__file__).parent / "schemas"
COUNTED = (
    "depth = 1\nrate = 0.5",
    "import nb_mlops, os\ntext = open('scale.txt').read()\n"
    "handle = os.open(os.environ['COUNTED'], os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
    "os.write(handle, f'{depth} {rate}\\n'.encode())\nos.close(handle)\n"
    "nb_mlops.metric('score', depth * rate * float(text))",
)


def test_a_killed_grid_goes_on_at_the_missing_points_and_changed_data_are_run_again(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = tmp_path_factory.mktemp("counted") / "runs.txt"
    monkeypatch.setenv("COUNTED", str(counted))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "scale.txt").write_text("2")
    write_notebook(tmp_path / "grid.ipynb", *COUNTED, tags={0: ["parameters"]})
    (tmp_path / "grid.yaml").write_text("parameters: {depth: [1, 2], rate: [0.1, 0.2]}\nbounds: {score: {max: 1}}\n")
    command = [sys.executable, "-m", "nb_mlops", "check", "grid.ipynb", "--grid", "grid.yaml", "--jobs", "1"]
    started = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    kept = tmp_path / ".nb-mlops" / "runs"
    while len(list(kept.glob("*.json")) if kept.exists() else []) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.wait()
    known = len(list(kept.glob("*.json")))
    assert known >= 2
    done = CliRunner().invoke(
        cli, ["check", "grid.ipynb", "--grid", "grid.yaml", "--format", "json"], standalone_mode=False
    )
    assert done.return_value == 0, done.output
    report = json.loads(done.stdout)
    validated(report)
    assert [point["metrics"]["score"] for point in report["points"]] == [0.2, 0.4, 0.4, 0.8]
    assert sum(point["kept"] for point in report["points"]) == known
    lines = counted.read_text().splitlines()
    assert set(lines) == {"1 0.1", "1 0.2", "2 0.1", "2 0.2"} and len(lines) <= 5, "one at most was cut short"
    (tmp_path / "scale.txt").write_text("4")
    (tmp_path / "grid.yaml").write_text("depth: [1]\nrate: [0.1]\n")
    again = CliRunner().invoke(cli, ["check", "grid.ipynb", "--grid", "grid.yaml"], standalone_mode=False)
    assert again.return_value == 0 and "0.4" in again.stdout and "known" not in again.stdout


def validated(report: object) -> None:
    loaded = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*-report.schema.json")}
    registry: Registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in loaded.values())
    jsonschema.Draft202012Validator(loaded["grid-report.schema.json"], registry=registry).validate(report)
