"""The gated store attacked as people would, in this process and behind a real `mlflow server`: it lets through what is
proven, refuses the rest, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers_model import saved_model
from helpers_registry import Registry, in_this_process, refused, used

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["in this process", "behind a server"])
def registry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    if request.param == "behind a server":
        found = request.getfixturevalue("gated_server")
    else:
        found = in_this_process(tmp_path_factory.mktemp("gated"))
    with used(found):
        yield found


def by_register_model_of_a_run(registry: Registry) -> None:
    import mlflow

    run, _ = registry.run_with(saved_model())
    mlflow.register_model(f"runs:/{run}/model", "taken")


def by_register_model_of_a_folder(registry: Registry) -> None:
    import mlflow

    mlflow.register_model(registry.run_with(saved_model())[1], "taken")


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


WAYS = [
    by_register_model_of_a_run,
    by_register_model_of_a_folder,
    with_edited_evidence,
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
