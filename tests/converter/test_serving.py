"""The way in for an application: which value is the model, and that rows it was not made for are refused."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from helpers_convert import SURROUNDINGS, code, executed, importable, notebook, planned, text

from nb_mlops.converter.package import Draft, draft, package_files
from nb_mlops.converter.serving import Served
from nb_mlops.core.run import RunRecord, RunStatus
from nb_mlops.core.value import replace
from nb_mlops.outside.packages import write_tree

TRAIN = """
import numpy as np, pandas as pd
from sklearn.linear_model import LinearRegression
X = pd.DataFrame({'age': [1.0, 2.0, 3.0], 'visits': [3, 1, 2]})
y = np.array([1.0, 2.0, 3.0])
"""
ASK = "model = LinearRegression().fit({X}, y)\nanswers = model.predict({X})"


def made(last: str, runs: int = 2) -> Draft:
    cells = (TRAIN, last)
    seen = RunRecord("R0", RunStatus.OK, names=executed(cells))
    book = notebook(
        text("## Load data"),
        code(TRAIN),
        text("## Train"),
        code(last),
        text("## Look"),
        code("answers"),
        path="way.ipynb",
    )
    found = draft(planned(book), replace(SURROUNDINGS, records=(seen,) * runs))
    assert isinstance(found, Draft)
    return found


def test_rows_of_a_table_are_checked_ordered_and_answered(tmp_path: Path) -> None:
    package = made(ASK.replace("{X}", "X"))
    assert package.served == Served("model", columns=(("age", "float64"), ("visits", "int64")))
    write_tree(tmp_path, package_files(package, SURROUNDINGS, None, None, 1e-6))
    import pandas as pd

    with importable(tmp_path / "src", "way"):
        serve = importlib.import_module("way.serve")
        rows = pd.DataFrame({"visits": [2], "more": ["x"], "age": [2.0]})
        assert serve.predict(serve.train(), rows).shape == (1,)
        with pytest.raises(ValueError, match="missing: age"):
            serve.checked(rows.drop(columns="age"))
        with pytest.raises(ValueError, match="another type: visits"):
            serve.checked(rows.assign(visits="many"))


def test_rows_of_an_array_are_held_to_their_width(tmp_path: Path) -> None:
    package = made("A = X.to_numpy(dtype=float)\n" + ASK.replace("{X}", "A"))
    assert package.served == Served("model", width=2, dtype="float64")
    write_tree(tmp_path, package_files(package, SURROUNDINGS, None, None, 1e-6))
    with importable(tmp_path / "src", "way"):
        serve = importlib.import_module("way.serve")
        assert serve.predict(serve.train(), [[1, 2], [2, 1]]).shape == (2,)
        with pytest.raises(ValueError, match="rows of 2 values"):
            serve.checked([[1, 2, 3]])


def test_without_a_run_or_a_model_there_is_no_way_in() -> None:
    assert made(ASK.replace("{X}", "X"), runs=0).served is None
    assert made("answers = X.sum()").served is None


def skeleton(table: bool) -> Draft:
    book = notebook(text("## Load data"), code(TRAIN), text("## Look"), code("X.describe()"), path="way.ipynb")
    seen = RunRecord("R0", RunStatus.OK, names=executed((TRAIN,)), tables={"X": {}})
    found = draft(planned(book), replace(SURROUNDINGS, records=(seen,) if table else ()), skeleton=True)
    assert isinstance(found, Draft)
    return found


@pytest.mark.parametrize("table", [True, False])
def test_before_there_is_a_model_a_stand_in_answers(table: bool, tmp_path: Path) -> None:
    package = skeleton(table)
    assert package.served is not None
    write_tree(tmp_path, package_files(package, SURROUNDINGS, None, None, 1e-6))
    import pandas as pd

    with importable(tmp_path / "src", "way"):
        serve = importlib.import_module("way.serve")
        assert serve.predict(serve.train(), pd.DataFrame({"visits": [2, 1], "age": [2.0, 1.0]})) == [0.0, 0.0]
        if table:
            with pytest.raises(ValueError, match="missing: age"):
                serve.predict(serve.train(), pd.DataFrame({"visits": [2]}))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_serve.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_stand_in_does_not_ask_for_the_target() -> None:
    source = TRAIN + "data = X.assign(left=y)\ntarget = data['left']\nX_ = data.drop(columns=['visits'])\n"
    book = notebook(code(source), path="way.ipynb")
    seen = RunRecord("R0", RunStatus.OK, names=executed((source.replace("X", "x"),)), tables={"data": {}})
    found = draft(planned(book), replace(SURROUNDINGS, records=(seen,)), skeleton=True)
    assert isinstance(found, Draft)
    assert found.served == Served("", columns=(("age", "float64"),))
