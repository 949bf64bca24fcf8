from __future__ import annotations

import json
import math
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nb_mlops.portable import declare
from nb_mlops.portable.declare import metric, model


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be displayed in a kernel."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(declare, "_show", lambda mime, payload, line: found.append({**payload, "line": line}))
    return found


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The empty folder of a base run."""
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("NB_MLOPS_RUN", "1")
    monkeypatch.setenv("NB_MLOPS_MODEL_DIR", str(tmp_path / "model"))
    return tmp_path / "model"


def test_outside_a_kernel_a_metric_is_a_printed_line(capsys: pytest.CaptureFixture[str]) -> None:
    metric("accuracy", 0.75, higher_is_better=True)
    assert capsys.readouterr().out == "metric accuracy = 0.75 (higher is better)\n"


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(3), np.array(0.5), Decimal("0.5")])
def test_whatever_is_one_number_is_a_metric(shown: list[dict[str, Any]], value: Any) -> None:
    metric("m", value)
    assert type(shown[0]["value"]) is float and json.dumps(shown[0])


@pytest.mark.parametrize("value", ["0.5", True, None, [0.5, 0.6], np.array([0.5, 0.6]), object()])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="'m'"):
        metric("m", value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_metric_is_finite(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        metric("m", value)


def test_an_example_that_is_one_column_or_one_row_is_refused_before_anything_is_saved(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    for example in (table["a"], table.iloc[0]):
        with pytest.raises(TypeError, match=r"pandas Series.*X\.head\(3\)"):
            model(Estimator(2.0), "churn", example=example)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("name", ["", "  ", 3])
def test_a_metric_has_a_name(name: Any) -> None:
    with pytest.raises(TypeError, match="name"):
        metric(name, 1.0)


class Estimator:
    """Looks like a fitted estimator."""

    def __init__(self, weight: float) -> None:
        self.weight = weight

    def predict(self, rows: list[float]) -> list[float]:
        return [self.weight * row for row in rows]


def test_a_model_is_described_by_its_answers_too(shown: list[dict[str, Any]]) -> None:
    model(Estimator(2.0), "twice", example=[1.0, 2.0])
    assert shown[0]["fingerprint"]["predictions"]["items"] == [2.0, 4.0]
    assert shown[0]["line"] == f"model twice: {__name__}.Estimator" and shown[0]["saved"] is False


def test_outside_a_run_nothing_is_written(
    shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NB_MLOPS_MODEL_DIR", str(tmp_path))
    model(Estimator(2.0))
    assert not list(tmp_path.iterdir())


def test_without_mlflow_the_base_run_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(ImportError, match=r'pip install "nb-mlops\[register\]"'):
        model(Estimator(2.0))


def mlflow_folder(path: Path, weights: bytes = b"w") -> Path:
    path.mkdir()
    (path / "MLmodel").write_text("flavors: {}\n")
    (path / "weights.bin").write_bytes(weights)
    return path


def test_a_folder_that_is_a_model_already_is_copied(shown: list[dict[str, Any]], folder: Path, tmp_path: Path) -> None:
    model(mlflow_folder(tmp_path / "own"), "own")
    assert sorted(path.name for path in folder.iterdir()) == ["MLmodel", "weights.bin"]
    assert list(shown[0]["fingerprint"]) == ["weights.bin"], "MLmodel holds times and ids"


def test_a_second_model_is_refused(shown: list[dict[str, Any]], folder: Path, tmp_path: Path) -> None:
    model(mlflow_folder(tmp_path / "own"))
    with pytest.raises(ValueError, match="called twice"):
        model(mlflow_folder(tmp_path / "other"))


def test_a_folder_without_mlmodel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MLmodel"):
        model(tmp_path)


def test_a_model_that_no_safe_format_is_known_for_is_refused_with_the_ways_out(folder: Path) -> None:
    class Own:
        def predict(self, rows: Any) -> Any:
            return rows

    with pytest.raises(TypeError, match="MLflow model folder"):
        model(Own())
    assert not list(folder.iterdir())


@pytest.mark.parametrize(("library", "file"), [("xgboost", "model.json"), ("lightgbm", "model.lgb")])
def test_boosted_trees_are_saved_in_their_own_text_format(
    library: str, file: str, folder: Path, shown: list[dict[str, Any]]
) -> None:
    found = pytest.importorskip(library)
    rows = np.random.default_rng(0).normal(size=(60, 3))
    kinds = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier"}
    model(getattr(found, kinds[library])(n_estimators=2).fit(rows, rows[:, 0] > 0), example=rows[:3])
    assert (folder / file).is_file() and not [*folder.rglob("*.pkl")]
    assert set(shown[0]["fingerprint"]) == {"model", "predictions", "probabilities"}
