"""The whole journey, as a user sees it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nb_mlops.commands.demo import PACKAGE, STORY
from nb_mlops.outside import samples


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo, told once in a folder of its own with a home of its own: the folder and what was printed."""
    place = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "HOME": str(place / "home"), "NO_COLOR": "1"}
    environment.pop("NB_MLOPS_KEY", None)
    (place / "home").mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "nb_mlops", "demo"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return place / "nb-mlops-demo", run.stdout


@pytest.mark.slow
def test_every_command_is_shown_before_its_result(told: tuple[Path, str]) -> None:
    shown = re.findall(r"(?m)^\$ (.+)$", told[1])
    assert shown == ["cd nb-mlops-demo", *(command for step in STORY for command, _ in step.commands)]


@pytest.mark.slow
def test_the_gate_refuses_first_and_passes_later(told: tuple[Path, str]) -> None:
    parts = told[1].split("$ nb-mlops gate churn.ipynb --model churn\n")
    assert "nb-mlops check churn.ipynb" in parts[1].partition("\n$ ")[0]
    assert len(parts) == 3


@pytest.mark.slow
def test_the_model_is_registered_once(told: tuple[Path, str]) -> None:
    assert "version 1" in told[1]
    assert "version 2" not in told[1].rpartition("What to try next")[0]


@pytest.mark.slow
def test_every_place_that_is_named_at_the_end_is_there(told: tuple[Path, str]) -> None:
    places = re.findall(r"(?m)^  nb-mlops-demo/(\S+)  ", told[1].partition("Where to look")[2])
    assert len(places) >= 4
    assert [place for place in places if not (told[0] / place).exists()] == []
    assert (told[0] / PACKAGE / "pyproject.toml").is_file()


@pytest.mark.slow
def test_no_planted_value_is_printed_or_left_in_the_folder(told: tuple[Path, str]) -> None:
    folder, text = told
    assert [value for value in samples.planted().values() if value in text] == []
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert [value for value in samples.planted().values() if value.encode() in kept] == []
