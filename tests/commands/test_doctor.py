from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from helpers_project import Project, notebook_bytes, policy, with_a_key

from nb_mlops.commands import keys
from nb_mlops.commands.doctor import doctor, report
from nb_mlops.core.premises import Premises, Server
from nb_mlops.core.settings import PRESETS
from nb_mlops.core.value import replace
from nb_mlops.gatekeeper.premises import Level, diagnose
from nb_mlops.reporters.doctor import render_doctor

SCHEMA = json.loads((files("nb_mlops") / "schemas" / "doctor-report.schema.json").read_text())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A checked project of one person, outside of any service."""
    made = with_a_key(tmp_path, monkeypatch)
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(made.root)
    made.check()
    return made


def holes(project: Project) -> dict[str, str]:
    diagnosis, seen = doctor(str(project.root))
    values = report(diagnosis, seen)
    jsonschema.validate(values, SCHEMA)
    assert str(project.root) not in json.dumps(values)
    text = render_doctor(values)
    assert all(hole.code in text and hole.data["remedy"] for hole in diagnosis.holes)
    return {hole.code: hole.message for hole in diagnosis.holes}


def test_one_persons_project_is_local_and_says_what_its_own_key_is_worth(project: Project) -> None:
    assert doctor()[0].level is Level.LOCAL
    assert set(holes(project)) == {"DR004"}
    (project.root / ".nb-mlops" / "registry.db").touch()
    assert "`.nb-mlops/registry.db` opened by its plain `sqlite://` URI" in holes(project)["DR002"]


def test_a_plain_registry_is_advisory_whoever_names_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlruns.db")
    assert holes(project)["DR001"].startswith("$MLFLOW_TRACKING_URI names a registry by its plain URI (sqlite)")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "nbgate+sqlite:///mlruns.db")
    assert "DR001" not in holes(project)
    policy(project, 'registry = "postgresql://ann:word@db/mlflow"')
    assert doctor()[0].level is Level.ADVISORY and "word@" not in json.dumps(report(*doctor()))
    assert "DR001" in holes(project)


def test_what_others_may_write_is_named_with_its_cure(project: Project) -> None:
    (project.root / ".nb-mlops" / "models").chmod(0o777)
    said = holes(project)["DR003"]
    assert "may be written by its group and everybody" in said and "chmod -R go-w .nb-mlops/models" in said


def test_a_key_in_the_project_and_a_key_of_ci_at_hand_are_errors(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.trust_key("", "CI", ("evidence",), "ci", "")
    assert "only ci holds the key" in holes(project)["DR006"]
    monkeypatch.setenv("CI", "true")
    assert "DR006" not in holes(project)
    monkeypatch.setenv("NB_MLOPS_KEY", str(project.root / "nb" / "key.pem"))
    keys.new()
    assert "inside the project (`nb/key.pem`)" in holes(project)["DR005"]


def test_a_team_without_keys_and_keys_without_git_are_told(project: Project) -> None:
    policy(project, 'preset = "team"')
    assert "nothing can pass the gate" in holes(project)["DR009"] and "DR004" not in holes(project)
    subprocess.run(["git", "init", "-q"], check=True)
    keys.trust_key("", "CI", ("evidence",), "ci", "")
    assert "not in git" in holes(project)["DR012"]
    subprocess.run(["git", "add", ".nb-mlops"], check=True)
    assert "DR012" not in holes(project)


def test_calls_that_swallow_refusals_and_open_servers_are_found_in_their_files(project: Project) -> None:
    call = "import mlflow\nmlflow.sklearn.autolog(registered_model_name='churn')"
    (project.root / "nb" / "other.ipynb").write_bytes(notebook_bytes("x = 1", call))
    (project.root / "train.py").write_text(call)
    (project.root / "compose.yml").write_text("services:\n  mlflow:\n    image: mlflow\n    ports: ['5000:5000']\n")
    (project.root / "chart.yaml").write_text("name: {{ .Values.name }}\n")
    diagnosis, seen = doctor()
    found = [(hole.code, hole.path) for hole in diagnosis.holes if hole.code in ("DR007", "DR008")]
    assert found == [("DR007", "nb/other.ipynb"), ("DR007", "train.py"), ("DR008", "compose.yml")]
    assert "(cell 2)" in next(hole.message for hole in diagnosis.holes if hole.path == "nb/other.ipynb")
    assert seen.unread == ("chart.yaml",) and "not looked at: chart.yaml" in render_doctor(report(diagnosis, seen))


def test_a_server_that_does_not_answer_lifts_nothing(project: Project) -> None:
    policy(project, 'registry = "http://127.0.0.1:9"')
    assert doctor()[0].level is Level.ADVISORY and "did not answer" in holes(project)["DR010"]


def test_the_levels_need_a_gated_server_then_ci_then_an_isolated_runner() -> None:
    team, regulated = (replace(PRESETS[name], registry="https://mlflow.example") for name in ("team", "regulated"))
    gated = Premises(server=Server(True, True, True), levels=("ci",), approvers=1)
    assert diagnose(gated, replace(team, own_key=True)).level is Level.LOCAL
    assert diagnose(replace(gated, levels=("self",)), team).level is Level.LOCAL
    assert diagnose(gated, team).level is Level.SERVER
    assert diagnose(gated, regulated).level is Level.SERVER
    assert diagnose(replace(gated, levels=("isolated",)), regulated).level is Level.ISOLATED
    for server in (Server(True, False, True), Server(True, None, True), Server(False)):
        assert diagnose(replace(gated, server=server), regulated).level is Level.ADVISORY
    assert not diagnose(replace(gated, levels=("isolated",)), regulated).holes
