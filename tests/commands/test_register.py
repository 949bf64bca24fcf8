"""Registration against real stores: the project's own sqlite store and a real `mlflow server`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers_model import saved_model
from helpers_project import ACTS, Project, edit_notebook, new_project
from helpers_server import free_port, running

import nb_mlops
from nb_mlops.commands.register import register
from nb_mlops.outside.artefacts import hash_tree
from nb_mlops.outside.registry.quiet import ENVIRONMENT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project that was checked and registered once in its own store."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("own")
        patch.setenv("NB_MLOPS_KEY", str(root / "key.pem"))
        project = new_project(root / "churn", saved_model())
        project.check()
        entry = register(str(project.notebook), "churn").entry
        assert entry is not None and (entry.version, entry.created) == (1, True)
        yield project


def fingerprint(root: Path) -> dict[str, str]:
    drawer = root / ".nb-mlops"
    places = [drawer / "registry.db", *(drawer / "mlartifacts").rglob("*")]
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in places if p.is_file()}


def client(uri: str) -> Any:
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def predictions(uri: str, version: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    import mlflow
    from sklearn.datasets import load_iris

    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", uri)
    rows, _ = load_iris(return_X_y=True, as_frame=True)
    by_flavour = mlflow.sklearn.load_model(f"models:/churn/{version}").predict(rows)
    by_function = mlflow.pyfunc.load_model(f"models:/churn/{version}").predict(rows)
    assert list(by_flavour) == list(by_function)
    return [int(kind) for kind in by_flavour]


def own(project: Project) -> str:
    return f"sqlite:///{project.root}/.nb-mlops/registry.db"


def test_the_version_holds_exactly_the_checked_files_and_says_where_they_come_from(
    registered: Project, tmp_path: Path
) -> None:
    store = client(own(registered))
    version = store.get_model_version("churn", "1")
    assert version.tags["nb_mlops.model.digest"] == registered.stored.name
    assert version.tags["nb_mlops.notebook"] == "nb/train.ipynb"
    run = store.get_run(version.run_id)
    assert (run.info.status, run.data.metrics, run.data.params) == ("FINISHED", {"accuracy": 0.93}, {"depth": "3"})
    assert run.data.tags["nb_mlops.evidence.key"] == version.tags["nb_mlops.evidence.key"]
    kept = store.download_artifacts(version.run_id, "evidence", str(tmp_path))
    (check, lint) = sorted(Path(kept).iterdir())
    assert (check.name, lint.name) == ("check-1.dsse.json", "lint-1.dsse.json")
    assert hashlib.sha256(check.read_bytes()).hexdigest() == run.data.tags["nb_mlops.evidence.digest"]
    assert hash_tree(Path(version.source.removeprefix("file://"))) == hash_tree(registered.model)


def test_the_registered_model_loads_by_name_and_predicts(registered: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(predictions(own(registered), 1, monkeypatch)) == {0, 1, 2}


def test_the_same_files_are_registered_once(registered: Project) -> None:
    again = register(str(registered.notebook), "churn")
    assert again.entry is not None and (again.entry.version, again.entry.created) == (1, False)
    assert len(client(own(registered)).search_model_versions("name = 'churn'")) == 1
    schema = json.loads((files("nb_mlops") / "schemas" / "gate-report.schema.json").read_text())
    jsonschema.validate(again.report, schema)


@pytest.mark.parametrize(("act", "code", "words"), ACTS, ids=[act.__name__ for act, _, _ in ACTS])
def test_a_refused_model_leaves_the_registry_untouched(
    registered: Project, tmp_path: Path, act: Callable[[Project], None], code: str, words: str
) -> None:
    project = Project(tmp_path / "churn", registered.model)
    shutil.copytree(registered.root, project.root)
    before = fingerprint(project.root)
    act(project)
    done = register(str(project.notebook), "fresh name")
    assert done.entry is None and done.report["registered"] is None
    assert {finding.code for finding in done.verdict.findings} == {code}
    assert words in done.verdict.findings[0].message
    assert fingerprint(project.root) == before
    for place in ("registry.db", "mlartifacts"):  # and where there was no registry, none comes to be
        path = project.root / ".nb-mlops" / place
        path.unlink() if path.is_file() else shutil.rmtree(path)
    assert register(str(project.notebook), "fresh name").entry is None
    assert fingerprint(project.root) == {}


def test_a_version_whose_files_were_swapped_in_the_registry_does_not_count_as_holding_the_model(
    registered: Project,
) -> None:
    assert register(str(registered.notebook), "swapped").entry is not None
    version = client(own(registered)).get_model_version("swapped", "1")
    (Path(version.source.removeprefix("file://")) / "model.skops").write_bytes(b"another model")
    again = register(str(registered.notebook), "swapped").entry
    assert again is not None and (again.version, again.created) == (2, True)


@pytest.mark.parametrize("name", ["größe", "a%b", "with space", "a\\b", "--model"])
def test_unusual_names_are_registered_and_found_again(registered: Project, name: str) -> None:
    first = register(str(registered.notebook), name).entry
    again = register(str(registered.notebook), name).entry
    assert first is not None and again is not None
    assert (first.version, first.created, again.version, again.created) == (1, True, 1, False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real tracking server with a database and proxied artefacts."""
    pytest.importorskip("flask", reason="a tracking server needs the full mlflow distribution")
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    place = [f"--backend-store-uri=sqlite:///{folder}/mlflow.db", f"--artifacts-destination={folder}/artifacts"]
    listen = ["--host=127.0.0.1", f"--port={port}", "--workers=1"]
    # Its job runner needs one more package and is of no use here.
    environment = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    url = f"http://127.0.0.1:{port}"
    with running([sys.executable, "-m", "mlflow", "server", *place, *listen], f"{url}/health", folder, environment):
        yield url


def test_a_server_takes_a_proven_model_and_a_refused_one_never_reaches_it(
    registered: Project, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = new_project(tmp_path / "churn", registered.model)
    edit = project.notebook.read_bytes()
    project.check()
    edit_notebook(project)
    assert register(str(project.notebook), "churn", server).entry is None
    assert not client(server).search_registered_models() and not client(server).get_experiment_by_name("churn")
    project.notebook.write_bytes(edit)
    entry = register(str(project.notebook), "churn", server).entry
    assert entry is not None and (entry.version, entry.created, entry.store) == (1, True, server)
    again = register(str(project.notebook), "churn", server).entry
    assert again is not None and (again.version, again.created) == (1, False)
    assert set(predictions(server, 1, monkeypatch)) == {0, 1, 2}
    assert not (project.root / ".nb-mlops" / "registry.db").exists()


def test_the_command_line_says_where_the_model_is_and_nothing_of_mlflow_shows(registered: Project) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(nb_mlops.__file__).parent.parent)}
    command = [sys.executable, "-m", "nb_mlops", "register", "nb/train.ipynb", "--model", "by hand"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=registered.root, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("registered: by hand version 1 in nbgate+sqlite:///.nb-mlops/registry.db\n")
    gone = subprocess.run(
        [*command, "--registry", f"http://127.0.0.1:{free_port()}"],
        capture_output=True,
        text=True,
        cwd=registered.root,
        env=environment,
        check=False,
    )
    assert (gone.returncode, gone.stdout) == (6, "") and "not reachable" in gone.stderr


def test_nothing_of_the_environment_stays_changed(registered: Project) -> None:
    before = dict(os.environ)
    register(str(registered.notebook), "churn")
    assert dict(os.environ) == before
    assert not set(ENVIRONMENT) & set(os.environ)
