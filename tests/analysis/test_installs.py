from __future__ import annotations

import pytest

from nb_mlops.analysis.installs import installs
from nb_mlops.analysis.python import read_python
from nb_mlops.core.notebook import Cell, CellKind


def found(source: str) -> list[tuple[int, tuple[str, ...]]]:
    cell = Cell(0, CellKind.CODE, source)
    return [(install.line, install.unpinned) for install in installs(cell, read_python(source))]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("!pip install pandas", ("pandas",)),
        ("%pip install -qU 'pandas>=2' numpy[extra]", ("pandas", "numpy")),
        ("!{sys.executable} -m pip install --upgrade seaborn  # plots", ("seaborn",)),
        ("!pip -q install tqdm", ("tqdm",)),
        ("!sudo pip3.11 install a==1.0 b~=2.0", ("b",)),
        ("!apt-get update && pip install x > /dev/null 2>&1", ("x",)),
        ("!uv pip install polars", ("polars",)),
        ("%uv pip install polars", ("polars",)),
        ("!mamba install -c conda-forge -n env 'xgboost>=2' cudnn", ("xgboost", "cudnn")),
        ("!pip install -i https://host/simple --no-cache-dir x", ("x",)),
        ("!pip install git+https://github.com/ada/rates", ("rates (its repository)",)),
        ("!pip install -e git+https://github.com/ada/rates.git@main#egg=rates", ("rates (its repository)",)),
        ("!pip install 'rates @ git+ssh://git@github.com/ada/rates.git'", ("rates (its repository)",)),
    ],
)
def test_a_requirement_without_a_version_is_named(source: str, names: tuple[str, ...]) -> None:
    assert found(source) == [(1, names)]


@pytest.mark.parametrize(
    "source",
    [
        "!pip install pandas==2.2.3 'numpy===1.26.4' tf==2.1.*",
        "!pip install -r requirements.txt --quiet",
        "!pip install --requirement=requirements.txt",
        "!pip install -c constraints.txt pandas numpy",
        "!pip install . ./pkg ../pkg /opt/x pkg-1.0-py3-none-any.whl -e '.[dev]' ~/x",
        "!pip install https://host/x-1.0.tar.gz",
        "!pip install git+https://github.com/ada/rates@v1.2.3 git+https://github.com/ada/x@0f1e2d3c4b5a",
        "!pip install -U pip setuptools wheel",
        "!pip install {package}=={version} $OTHER",
        "!conda install -y numpy=1.26 python=3.11 conda-forge::polars==1.0",
        "!pip uninstall -y pandas",
        "!pip freeze; pip list; pip show pandas",
        "# !pip install pandas",
        "print('pip install pandas')",
        "!echo pip install pandas",
        "%%bash\ncat > Dockerfile <<EOF\nRUN pip install pandas\nEOF",
        "%%writefile setup.sh\npip install pandas",
    ],
)
def test_what_is_fixed_or_not_installed_is_left_alone(source: str) -> None:
    assert found(source) == []


def test_each_command_is_found_on_its_line() -> None:
    source = "import os\n!pip install a \\\n  b\nif x:\n    !pip install c\ny = !pip install d"
    assert found(source) == [(2, ("a", "b")), (5, ("c",)), (6, ("d",))]


def test_lines_of_a_shell_cell_count_from_the_top_of_the_cell() -> None:
    assert found("%%bash\ncd x\npip install a \\\n  b\npip install c") == [(3, ("a", "b")), (5, ("c",))]
