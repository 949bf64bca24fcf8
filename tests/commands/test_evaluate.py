"""A real model, measured by the real process; where only words are at stake, without one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from helpers_model import saved_model
from helpers_project import Project, edit_notebook, new_project, policy, swap_model
from helpers_schema import fits
from sklearn.datasets import load_iris

from nb_mlops.commands.card import card
from nb_mlops.commands.evaluate import evaluate, report
from nb_mlops.commands.gate import gate
from nb_mlops.commands.monitor import monitor
from nb_mlops.commands.monitor import report as monitor_report
from nb_mlops.commands.register import register
from nb_mlops.core.errors import ExitCode, UsageError
from nb_mlops.core.value import replace
from nb_mlops.outside.evaluator import EvaluationRefusedError
from nb_mlops.outside.registry.client import client_of
from nb_mlops.reporters.evaluate import render_evaluation
from nb_mlops.reporters.monitor import render_monitor

pytestmark = pytest.mark.slow  # needs a model that MLflow saved
SAID = """
[tool.nb-mlops.models.iris]
owner = "Botany"
intended-use = "sorting flowers"
limits = "three kinds only"
holdout = "data/later.csv"
groups = ["garden"]
"""
SCHEMA = {"properties": {"predictions": {"items": {"type": "integer"}}}}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    made = new_project(tmp_path / "work", saved_model())
    rows = load_iris(as_frame=True).frame.rename(columns={"target": "species"})
    rows["garden"] = ["north", "south"] * 75
    rows.drop_duplicates().to_csv(made.root / "data" / "later.csv", index=False)
    (made.root / "answers.json").write_text(json.dumps(SCHEMA))
    made.check("iris")
    yield made


def test_what_was_measured_is_signed_and_opens_the_gate_and_the_next_one_is_held_against_it(project: Project) -> None:
    policy(project, 'require = ["baseline", "champion", "groups", "contract", "security", "card"]' + SAID)
    notebook = str(project.notebook)
    assert {f.code for f in gate(notebook, "iris").findings} == {
        f"GA{n}1" for n in ("06", "07", "08", "10", "11", "12")
    }
    done = evaluate(notebook, "iris", contract="answers.json")
    found = done.predicate
    assert (found.task, found.target, found.classes) == ("classification", "species", ("0", "1", "2"))
    assert found.metric.name == "accuracy" and found.metric.value > 0.9  # the notebook's own metric, measured anew
    assert found.rows.used == found.rows.total == 150 and found.champion is None
    assert done.verdict.passed and gate(notebook, "iris").passed
    text = render_evaluation(fits("evaluate-report", json.dumps(report(done))), notebook)
    assert fits("card-report", json.dumps(card(notebook, "iris")))["gate"]["passed"]
    assert "simple rule" in text and "garden = north" in text and "no version is in service" in text
    # No row travels: the served example and its answer were looked at and left behind.
    signed = (project.root / done.evidence).read_text()
    assert "dataframe_split" not in signed

    entry = register(notebook, "iris").entry
    assert entry is not None
    client_of("", project.root).set_registered_model_alias("iris", "champion", str(entry.version))
    champion = evaluate(notebook, "iris").predicate.champion
    assert champion is not None and (champion.version, champion.problem) == ("1", "")
    assert champion.value == found.metric.value and (champion.gain, champion.low, champion.high) == (0.0, 0.0, 0.0)

    rows = pd.read_csv(project.root / "data" / "later.csv")
    moved = rows.assign(species=rows.species[::-1].to_numpy(), **{"petal length (cm)": rows["petal width (cm)"]})
    moved.drop(columns="sepal width (cm)").to_csv(project.root / "data" / "less.csv", index=False)
    moved.to_csv(project.root / "data" / "moved.csv", index=False)
    alarms = monitor(notebook, "iris", str(project.root / "data" / "moved.csv"))
    assert {"MO005", "MO006", "MO007"} <= {alarm.code for alarm in alarms.findings}
    assert "`petal length (cm)` is spread otherwise" in render_monitor(
        fits("monitor-report", json.dumps(monitor_report(alarms)))
    )
    less = monitor(notebook, "iris", str(project.root / "data" / "less.csv"))
    assert {"MO001", "MO008"} <= {alarm.code for alarm in less.findings}
    fits("monitor-report", json.dumps(monitor_report(less)))

    swap_registered(project)
    with pytest.raises(Exception, match="does not have the files that were registered"):
        evaluate(notebook, "iris")


def swap_registered(project: Project) -> None:
    (place,) = (project.root / ".nb-mlops" / "mlartifacts").rglob("model.skops")
    place.write_bytes(b"something else")


def test_rows_that_the_notebook_read_are_refused(project: Project) -> None:
    rows = pd.read_csv(project.root / "data" / "later.csv")
    rows.head(60).to_csv(project.root / "data" / "train.csv", index=False)
    project.check("iris")
    with pytest.raises(EvaluationRefusedError, match="60 of the 150 rows of the holdout stand, value for value"):
        evaluate(str(project.notebook), "iris", str(project.root / "data" / "later.csv"), target="species")


@pytest.mark.parametrize("copy", [False, True])
def test_the_very_file_that_the_notebook_read_is_refused_under_any_name(project: Project, copy: bool) -> None:
    read = project.root / "data" / "train.csv"
    given = shutil.copy(read, project.root / "fresh.csv") if copy else read
    with pytest.raises(EvaluationRefusedError, match=r"The notebook read `data/train\.csv`") as raised:
        evaluate(str(project.notebook), "iris", str(given))
    assert raised.value.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize(("act", "words"), [(edit_notebook, "was edited after"), (swap_model, "is not the one")])
def test_only_what_was_checked_is_measured(project: Project, act: object, words: str) -> None:
    assert callable(act)
    act(project)
    with pytest.raises(EvaluationRefusedError, match=words) as raised:
        evaluate(str(project.notebook), "iris", str(project.root / "data" / "later.csv"))
    assert "nb-mlops check" in raised.value.remedy


def test_a_holdout_that_is_not_given_or_not_there_is_told(project: Project) -> None:
    with pytest.raises(UsageError, match="no rows to measure"):
        evaluate(str(project.notebook), "iris")
    with pytest.raises(UsageError, match="cannot be read"):
        evaluate(str(project.notebook), "iris", "nowhere.csv")


def test_a_pickle_is_not_loaded(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(saved_model(), folder)
    (folder / "model.skops").write_bytes(b"\x80\x04cposix\nsystem\n.")
    replace(project, model=folder).check("iris")
    with pytest.raises(EvaluationRefusedError, match=r"model\.skops.*pickle.*posix\.system.*not loaded"):
        evaluate(str(project.notebook), "iris", str(project.root / "data" / "later.csv"))
