"""A gated registry, in this process or behind a real `mlflow server`, and a project whose model is proven."""

from __future__ import annotations

import base64
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from helpers_model import saved_model
from helpers_project import Project, new_project
from helpers_server import free_port, running

from nb_mlops.commands.register import register


@dataclass(frozen=True)
class Registry:
    """A gated registry, the database or server of its runs, and the project whose policy and keys count."""

    tracking: str
    uri: str
    project: Project
    artefacts: Path

    @property
    def client(self) -> Any:
        from mlflow import MlflowClient

        return MlflowClient(self.tracking, self.uri)

    def enter(self, name: str) -> Any:
        """Register the proven model under a name; returns the version."""
        entry = register(str(self.project.notebook), name, self.uri).entry
        assert entry is not None
        return self.client.get_model_version(name, str(entry.version))

    def run_with(self, model: Path, evidence: Path | None = None) -> tuple[str, str]:
        """A run that logged a model and whatever evidence somebody puts beside it: its id and the model's place."""
        run = self.client.create_run("0")
        self.client.log_artifacts(run.info.run_id, str(model), "model")
        if evidence is not None:
            self.client.log_artifacts(run.info.run_id, str(evidence), "evidence")
        return run.info.run_id, f"{run.info.artifact_uri}/model"

    def versions(self) -> set[tuple[str, str]]:
        return {(version.name, str(version.version)) for version in self.client.search_model_versions()}

    def names(self) -> set[str]:
        return {model.name for model in self.client.search_registered_models()}


@contextlib.contextmanager
def serving(folder: Path, project: Project, database: str) -> Iterator[str]:
    database = database or f"sqlite:///{folder}/mlflow.db"
    port = free_port()
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host=127.0.0.1", f"--port={port}", "--workers=1"),
        *(f"--backend-store-uri={database}", f"--artifacts-destination={folder}/artifacts"),
        f"--registry-store-uri=nbgate+{database}",
    ]
    settings = {"NB_MLOPS_GATE_ROOT": str(project.root), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", **HOOKS}
    settings |= {"NB_MLOPS_KEY": str(folder / "key.pem"), "MLFLOW_DISABLE_TELEMETRY": "true"}
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/health", folder, settings):
        yield url


# Webhooks go to https and to public addresses alone, unless a server is told otherwise.
HOOKS = {
    "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http",
    "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
    "MLFLOW_WEBHOOK_CACHE_TTL": "0",
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
}


@contextlib.contextmanager
def behind_a_server(root: Path, database: str = "") -> Iterator[Registry]:
    """A registry behind a server of its own."""
    project = proven_project(root)
    with serving(root, project, database) as uri:
        yield Registry(uri, uri, project, root / "artifacts")


def in_this_process(root: Path) -> Registry:
    """The own registry of a project."""
    project = proven_project(root)
    tracking = f"sqlite:///{project.root}/.nb-mlops/registry.db"
    (project.root / ".nb-mlops").mkdir(exist_ok=True)
    return Registry(tracking, f"nbgate+{tracking}", project, root / "mlruns")


def proven_project(root: Path) -> Project:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(root / "key.pem"))
        project = new_project(root / "churn", saved_model())
        project.check()
    return project


@contextlib.contextmanager
def used(registry: Registry) -> Iterator[Registry]:
    """The same, by somebody who holds the key and whose MLflow is set to it."""
    root = registry.project.root.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(root / "key.pem"))
        patch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
        patch.setenv("MLFLOW_TRACKING_URI", registry.tracking)
        patch.setenv("MLFLOW_REGISTRY_URI", registry.uri)
        patch.chdir(root)
        yield registry


@contextlib.contextmanager
def refused(words: str = "") -> Iterator[None]:
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException) as caught:
        yield
    # MLflow wraps a refused copy into an error of its own.
    assert caught.value.error_code == "PERMISSION_DENIED" or "model version copy" in str(caught.value), caught.value
    assert "nb-mlops refuses." in str(caught.value) and words in str(caught.value)


def estimator() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit([[0.0], [1.0]], [0, 1])
