from __future__ import annotations

from pathlib import Path

import pytest

from nb_mlops.outside.declared import declared_packages

PYPROJECT = """
[project]
name = "Rates"
dependencies = ["numpy>=1.26", "scikit_learn[x]==1.5 ; python_version > '3.9'"]
[project.optional-dependencies]
plot = ["matplotlib"]
[dependency-groups]
dev = ["pytest", {include-group = "plot"}]
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", PYPROJECT, {"rates", "numpy", "scikit-learn", "matplotlib", "pytest"}),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.10'\nPandas = '^2'\n", {"python", "pandas"}),
        ("requirements.txt", "# all\n-r other.txt\nnumpy==1.26\nPyYAML  # why\nplotly ; python_version>'3'\n",
         {"numpy", "pyyaml", "plotly"}),
        ("requirements-dev.in", "torch>=2\n", {"torch"}),
        ("train.lock.txt", "numpy==1.26.0 --hash=sha256:00\n", {"numpy"}),
        ("environment.yml", "name: r\ndependencies:\n  - python=3\n  - x::xgboost=2\n  - pip:\n    - polars==1\n",
         {"python", "xgboost", "pip", "polars"}),
        ("Pipfile", "[packages]\nrequests = '*'\n", {"requests"}),
        ("setup.py", "setup(name='r', install_requires=['numpy>=1', 'lightgbm'])", {"r", "numpy", "lightgbm"}),
    ],
)  # fmt: skip
def test_what_a_project_declares_is_read_wherever_it_stands(
    tmp_path: Path, name: str, text: str, expected: set[str]
) -> None:
    (tmp_path / name).write_text(text)
    assert declared_packages(tmp_path) == expected


def test_a_project_that_declares_nothing_is_told_from_one_that_declares_little(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert declared_packages(tmp_path) is None
    (tmp_path / "requirements.txt").write_text("")
    assert declared_packages(tmp_path) == frozenset()


def test_a_file_that_cannot_be_read_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\x00")
    assert declared_packages(tmp_path) is None
