"""`jupyter nbconvert --to nb_mlops_package`, by the real command."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def notebook(folder: Path, *sources: str) -> Path:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": s, "execution_count": None, "outputs": []}
        for n, s in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "my study.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    return path


def nbconvert(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbconvert", "--to", "nb_mlops_package", path.name, *options]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)


def test_the_package_comes_as_one_zip_file(tmp_path: Path) -> None:
    path = notebook(tmp_path, "x = 1.5", "y = 2 * x")
    done = nbconvert(path, "--PackageExporter.run=False")
    assert done.returncode == 0, done.stderr
    assert "unproven" in done.stderr
    with zipfile.ZipFile(tmp_path / "my study.zip") as archive:
        names = archive.namelist()
        assert {name.partition("/")[0] for name in names} == {"my study_package"}
        assert "my study_package/src/my_study/pipeline.py" in names


@pytest.mark.slow
def test_it_is_proven_as_convert_proves_it(tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("1 2 3")
    path = notebook(tmp_path, "rows = [int(word) for word in open('rows.txt').read().split()]", "total = sum(rows)")
    done = nbconvert(path, "--PackageExporter.name=totals")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "my study.zip") as archive:
        held = json.loads(archive.read("my study_package/nb-mlops.map.json"))
        assert held["verdict"]["proven"]
        assert held["package"] == "totals"
        assert "my study_package/tests/data/rows.txt" in archive.namelist()


def test_a_notebook_that_no_package_can_be_made_of_fails_with_the_reason(tmp_path: Path) -> None:
    path = notebook(tmp_path, "x = 1", "return x")
    done = nbconvert(path, "--PackageExporter.run=False")
    assert done.returncode != 0
    assert "outside function" in done.stderr
    assert not (tmp_path / "my study.zip").exists()
