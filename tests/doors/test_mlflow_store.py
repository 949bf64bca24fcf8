"""The gated store attacked as people would, in this process and behind a real `mlflow server`: it lets through what is
proven, refuses the rest, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from helpers_model import free_port, saved_model
from helpers_project import Project, new_project

from nb_mlops.commands.register import register

pytestmark = pytest.mark.slow


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

    def names(self) -> set[str]:
        return {model.name for model in self.client.search_registered_models()}


@contextlib.contextmanager
def serving(folder: Path, project: Project) -> Iterator[str]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host=127.0.0.1", f"--port={port}", "--workers=1"),
        *(f"--backend-store-uri=sqlite:///{folder}/mlflow.db", f"--artifacts-destination={folder}/artifacts"),
        f"--registry-store-uri=nbgate+sqlite:///{folder}/mlflow.db",
    ]
    settings = {"NB_MLOPS_GATE_ROOT": str(project.root), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, cwd=folder, env={**os.environ, **settings}
        )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@pytest.fixture(scope="module", params=["in this process", "behind a server"])
def registry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    root = tmp_path_factory.mktemp("gated")
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.setenv("NB_MLOPS_KEY", str(root / "key.pem"))
        patch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
        patch.chdir(root)
        project = new_project(root / "churn", saved_model())
        project.check()
        if request.param == "behind a server":
            tracking = uri = stack.enter_context(serving(root, project))
            artefacts = root / "artifacts"
        else:
            tracking, artefacts = f"sqlite:///{project.root}/.nb-mlops/registry.db", root / "mlruns"
            uri = f"nbgate+{tracking}"
            (project.root / ".nb-mlops").mkdir(exist_ok=True)
        patch.setenv("MLFLOW_TRACKING_URI", tracking)
        patch.setenv("MLFLOW_REGISTRY_URI", uri)
        yield Registry(tracking, uri, project, artefacts)


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


def by_register_model_of_a_run(registry: Registry) -> None:
    import mlflow

    run, _ = registry.run_with(saved_model())
    mlflow.register_model(f"runs:/{run}/model", "taken")


def by_register_model_of_a_folder(registry: Registry) -> None:
    import mlflow

    mlflow.register_model(registry.run_with(saved_model())[1], "taken")


def by_the_client(registry: Registry) -> None:
    run, place = registry.run_with(saved_model())
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", place, run)


def by_log_model(registry: Registry) -> None:
    import mlflow

    with mlflow.start_run():
        mlflow.sklearn.log_model(estimator(), name="model", registered_model_name="taken")


def by_a_logged_model(registry: Registry) -> None:
    import mlflow

    with mlflow.start_run():
        info = mlflow.sklearn.log_model(estimator(), name="model")
    mlflow.register_model(f"models:/{info.model_id}", "taken")


def with_evidence_of_another_model(registry: Registry) -> None:
    evidence = registry.project.evidence[0].parent
    changed = registry.project.root.parent / f"changed-{time.monotonic_ns()}"
    shutil.copytree(saved_model(), changed)
    (changed / "more.txt").write_text("more")
    run, place = registry.run_with(changed, evidence)
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", place, run)


def with_edited_evidence(registry: Registry) -> None:
    edited = registry.project.root.parent / f"edited-{time.monotonic_ns()}"
    shutil.copytree(registry.project.evidence[0].parent, edited)
    for path in edited.iterdir():
        envelope = json.loads(path.read_bytes())
        envelope["payload"] = envelope["payload"][:-8] + "AAAA" + envelope["payload"][-4:]
        path.write_text(json.dumps(envelope))
    run, place = registry.run_with(saved_model(), edited)
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", place, run)


def as_a_prompt(registry: Registry) -> None:
    from mlflow.entities.model_registry import ModelVersionTag

    run, place = registry.run_with(saved_model())
    registry.client.create_registered_model("taken")
    store = registry.client._get_registry_client().store
    store.create_model_version("taken", place, run, [ModelVersionTag("mlflow.prompt.is_prompt", "true")])


def claiming_to_be_proven(registry: Registry) -> None:
    version = registry.enter("proven")
    run, place = registry.run_with(saved_model())
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", place, run, tags=dict(version.tags))


WAYS = [
    by_register_model_of_a_run,
    by_register_model_of_a_folder,
    by_the_client,
    by_log_model,
    by_a_logged_model,
    with_evidence_of_another_model,
    with_edited_evidence,
    claiming_to_be_proven,
]


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_no_model_without_proof_gets_in_and_no_empty_one_is_left(
    registry: Registry, way: Callable[[Registry], None]
) -> None:
    if way is by_register_model_of_a_folder and registry.uri.startswith("http"):
        pytest.skip("MLflow's server takes no folder without its run, before the store is asked")
    with refused():
        way(registry)
    assert "taken" not in registry.names()


def test_a_model_cannot_pass_for_a_prompt(registry: Registry) -> None:
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException, match=r"refuses|prompt source"):  # a server looks at the source first
        as_a_prompt(registry)
    with contextlib.suppress(MlflowException):
        registry.client.delete_registered_model("taken")


@pytest.mark.parametrize("route", ["api", "ajax-api"])
def test_the_rest_routes_answer_403(registry: Registry, route: str) -> None:
    if not registry.uri.startswith("http"):
        pytest.skip("there are no routes without a server")

    def post(what: str, **body: Any) -> int:
        request = urllib.request.Request(
            f"{registry.uri}/{route}/2.0/mlflow/{what}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    run, place = registry.run_with(saved_model())
    assert post("registered-models/create", name="taken") == 200
    assert post("model-versions/create", name="taken", source=place, run_id=run) == 403
    assert "taken" not in registry.names()


def test_what_is_proven_gets_in_by_every_normal_way(registry: Registry) -> None:
    import mlflow

    version = registry.enter("proven")
    assert mlflow.pyfunc.load_model(f"models:/proven/{version.version}") is not None
    run, place = registry.run_with(saved_model(), registry.project.evidence[0].parent)
    again = registry.client.create_model_version("proven", place, run)
    assert again.tags["nb_mlops.model.digest"] == registry.project.stored.name
    copied = registry.client.copy_model_version(f"models:/proven/{version.version}", "copied")
    assert copied.tags["nb_mlops.assurance"] == "self"
    registry.client.set_registered_model_alias("proven", "champion", version.version)
    assert mlflow.pyfunc.load_model("models:/proven@champion") is not None


def test_a_version_whose_files_were_swapped_is_not_put_to_work(registry: Registry) -> None:
    version = registry.enter("swapped")
    (place,) = registry.artefacts.rglob(f"{version.run_id}/artifacts/model/model.skops")
    kept = place.read_bytes()
    place.write_bytes(b"another model")
    with refused("not the one that was checked"):
        registry.client.set_registered_model_alias("swapped", "champion", version.version)
    with refused("not the one that was checked"):
        registry.client.transition_model_version_stage("swapped", version.version, "Production")
    with refused("not the one that was checked"):
        registry.client.copy_model_version(f"models:/swapped/{version.version}", "copied elsewhere")
    assert "copied elsewhere" not in registry.names()
    place.write_bytes(kept)
    registry.client.set_registered_model_alias("swapped", "champion", version.version)
    registry.client.transition_model_version_stage("swapped", version.version, "Archived")


def test_what_the_gate_says_of_a_version_cannot_be_written_over(registry: Registry) -> None:
    version = registry.enter("tagged")
    with refused("set by the gate alone"):
        registry.client.set_model_version_tag("tagged", version.version, "nb_mlops.assurance", "isolated")
    with refused("set by the gate alone"):
        registry.client.delete_model_version_tag("tagged", version.version, "nb_mlops.evidence.digest")
    with refused("does not become a prompt"):
        registry.client.set_registered_model_tag("tagged", "mlflow.prompt.is_prompt", "true")
    registry.client.set_model_version_tag("tagged", version.version, "team", "rates")
    found = registry.client.get_model_version("tagged", version.version).tags
    assert (found["team"], found["nb_mlops.assurance"]) == ("rates", "self")


def test_history_is_neither_renamed_nor_deleted_unless_the_policy_allows_it(registry: Registry) -> None:
    version = registry.enter("kept")
    with refused("speaks for them under this name"):
        registry.client.rename_registered_model("kept", "other")
    with refused("nobody can tell any more"):
        registry.client.delete_model_version("kept", version.version)
    with refused("nobody can tell any more"):
        registry.client.delete_registered_model("kept")
    settings = registry.project.root / "pyproject.toml"
    before = settings.read_text()
    settings.write_text(before + "[tool.nb-mlops.gate]\nallow-delete = true\n")
    registry.client.delete_registered_model("kept")
    settings.write_text(before)
    assert "kept" not in registry.names()
    registry.client.create_registered_model("empty")
    registry.client.delete_registered_model("empty")


def test_prompts_keep_working_and_cannot_hide_a_model(registry: Registry) -> None:
    import mlflow

    prompt = mlflow.genai.register_prompt("greeting", "Hello {{name}}")
    mlflow.genai.register_prompt("greeting", "Good day {{name}}")
    mlflow.genai.set_prompt_alias("greeting", "current", 2)
    assert mlflow.genai.load_prompt("prompts:/greeting@current").format(name="Ada") == "Good day Ada"
    assert prompt.version == 1
    run, place = registry.run_with(saved_model(), registry.project.evidence[0].parent)
    with refused("is a prompt"):
        registry.client.create_model_version("greeting", place, run)
    registry.enter("visible")
    with contextlib.suppress(Exception):
        mlflow.genai.register_prompt("visible", "Hello")
    assert registry.client.search_model_versions("name = 'visible'")


def test_evidence_that_the_policy_calls_too_old_or_a_stranger_signed_is_refused(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    evidence = registry.project.evidence[0].parent
    run, place = registry.run_with(saved_model(), evidence)
    settings = registry.project.root / "pyproject.toml"
    before = settings.read_text()
    registry.client.create_registered_model("judged")
    for policy, words in (("max-age-days = 0", "GA009"), (f'trusted-keys = ["{"0" * 64}"]', "GA003")):
        settings.write_text(f"{before}[tool.nb-mlops.gate]\n{policy}\n")
        with refused(words):
            registry.client.create_model_version("judged", place, run)
        assert "judged" not in registry.names()
        registry.client.create_registered_model("judged")
    settings.write_text(before)
    assert registry.client.create_model_version("judged", place, run).version in (1, "1")
