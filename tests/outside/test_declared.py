from __future__ import annotations

from pathlib import Path

import pytest

from nb_mlops.core.project import Declared
from nb_mlops.outside.declared import declared, stamp


def said_in(folder: Path) -> Declared:
    found: Declared = declared([str(folder)], str(folder)).value
    return found


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
        ("uv.lock", '[[package]]\nname = "numpy"\nversion = "2"\n[[package]]\nname = "tzdata"\n', {"numpy", "tzdata"}),
        ("Pipfile.lock", '{"default": {"Requests": {}}, "develop": {"pytest": {}}}', {"requests", "pytest"}),
        ("pixi.lock", "- conda: https://x/linux-64/scikit-learn-1.5.2-py311.conda\n  name: polars\n",
         {"scikit-learn", "polars"}),
        ("pixi.toml", "[dependencies]\npython = '3.11.*'\nnumpy = '*'\n[feature.gpu.pypi-dependencies]\ntorch = '*'\n",
         {"python", "numpy", "torch"}),
        ("pyproject.toml", "[tool.pixi.dependencies]\nxarray = '*'\n", {"xarray"}),
        ("requirements.txt", "polars @ https://x.org/polars.whl\ngit+https://x.org/a/rates.git@main\n-e git+https://x/y#egg=Fx\n",
         {"polars", "rates", "fx"}),
    ],
)  # fmt: skip
def test_what_a_project_declares_is_read_wherever_it_stands(
    tmp_path: Path, name: str, text: str, expected: set[str]
) -> None:
    (tmp_path / name).write_text(text)
    assert said_in(tmp_path).names == expected


def test_a_project_that_declares_nothing_is_told_from_one_that_declares_little(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert said_in(tmp_path).names is None
    (tmp_path / "requirements.txt").write_text("")
    assert said_in(tmp_path).names == frozenset()


def test_a_file_that_cannot_be_read_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n")
    (tmp_path / "requirements.txt").write_bytes(b"\xff\xfe\x00")
    assert said_in(tmp_path).names is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", "[project]\nname = 'r'\nrequires-python = '>=3.10, <3.13'\n", (">=3.10,<3.13",)),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.10'\n", (">=3.10,<4",)),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = '~3.9'\n", (">=3.9,<3.10",)),
        ("setup.py", "setup(python_requires='>=3.7')", (">=3.7",)),
        ("setup.cfg", "[options]\npython_requires = >=3.8\n", (">=3.8",)),
        (".python-version", "3.11.4\n", ("==3.11.*",)),
        ("runtime.txt", "python-3.8.10\n", ("==3.8.*",)),
        ("Pipfile", "[packages]\n[requires]\npython_version = '3.9'\n", ("==3.9.*",)),
        ("environment.yml", "dependencies:\n  - python=3.7.4\n  - numpy\n", ("==3.7.*",)),
        ("environment.yml", "dependencies:\n  - python>=3.7,<3.9\n", (">=3.7,<3.9",)),
        ("environment.yml", "dependencies:\n  - python\n  - numpy\n", ()),
        ("requirements.txt", "numpy\n", ()),
    ],
)
def test_which_python_a_project_asks_for_is_told_in_one_language(
    tmp_path: Path, name: str, text: str, expected: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text)
    assert said_in(tmp_path).pythons == expected


def test_what_a_requirements_file_includes_counts_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("-r parts/base.list\n-r missing.txt\nnumpy\n")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "base.list").write_text("polars\n")
    assert said_in(tmp_path).names == {"numpy", "polars"}
    before = stamp([str(tmp_path)])
    (tmp_path / "parts" / "base.list").write_text("polars\nduckdb\n")
    assert stamp([str(tmp_path)]) != before


def test_dependencies_that_are_named_elsewhere_are_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'r'\ndynamic = ['dependencies']\n")
    (tmp_path / "setup.py").write_text("setup(install_requires=open('x').read().split())")
    assert said_in(tmp_path).names is None
