"""Every way round the gate that could be thought of, tried on a real `mlflow server`: refused, and nothing is left."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from helpers_model import saved_model
from helpers_project import Project, new_project, notebook_bytes
from helpers_registry import Registry, estimator, refused, used

from nb_mlops.commands import ledger, models, promotion
from nb_mlops.commands.orders import sign_order
from nb_mlops.core.errors import RegistryRefusedError
from nb_mlops.core.premises import Server
from nb_mlops.evidence.ledger import Act
from nb_mlops.evidence.order import Order
from nb_mlops.evidence.statement import timestamp
from nb_mlops.outside import artefacts, premises, signing
from nb_mlops.outside.registry import shelf

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def registry(gated_server: Registry) -> Iterator[Registry]:
    with used(gated_server):
        yield gated_server


def create(registry: Registry, model: Path, evidence: Path | None = None, name: str = "taken", **more: Any) -> None:
    """The plainest way in: a run with files and whatever evidence, a registered model, a version."""
    run, place = registry.run_with(model, evidence)
    registry.client.create_registered_model(name)
    registry.client.create_model_version(name, more.pop("source", place), run, **more)


def variant(registry: Registry, model: Path | None = None, **changes: Any) -> Path:
    """Evidence of another check, signed by the same key."""
    project = new_project(registry.artefacts.parent / f"variant-{time.monotonic_ns()}", model or saved_model())
    project.check(**changes)
    return project.evidence[0].parent


def copy_of_the_model(registry: Registry) -> Path:
    target = registry.artefacts.parent / f"copy-{time.monotonic_ns()}"
    shutil.copytree(saved_model(), target)
    return target


def proven(registry: Registry) -> Path:
    return registry.project.evidence[0].parent


def ago(**time: float) -> str:
    return timestamp(datetime.now(timezone.utc) - timedelta(**time))


# --- ways to make a version of what is not proven


def without_evidence(registry: Registry) -> None:
    create(registry, saved_model())


def by_register_model(registry: Registry) -> None:
    import mlflow

    run, _ = registry.run_with(saved_model())
    mlflow.register_model(f"runs:/{run}/model", "taken")


def by_log_model(registry: Registry) -> None:
    import mlflow

    with mlflow.start_run():
        mlflow.sklearn.log_model(estimator(), name="model", pip_requirements=[], registered_model_name="taken")


def by_a_logged_model(registry: Registry) -> None:
    import mlflow

    with mlflow.start_run():
        info = mlflow.sklearn.log_model(estimator(), name="model", pip_requirements=[])
    mlflow.register_model(f"models:/{info.model_id}", "taken")


def with_the_tags_of_a_proven_version(registry: Registry) -> None:
    create(registry, saved_model(), tags=dict(registry.enter("proven").tags))


def asking_for_the_version_that_is_there_already(registry: Registry) -> None:
    create(registry, saved_model(), tags={"nb_mlops.once": "true"})


def with_evidence_of_another_model(registry: Registry) -> None:
    model = copy_of_the_model(registry)
    (model / "more.txt").write_text("more")
    create(registry, model, proven(registry))


def with_a_file_taken_out(registry: Registry) -> None:
    model = copy_of_the_model(registry)
    (model / "requirements.txt").unlink()
    create(registry, model, proven(registry))


def with_a_swapped_model_file(registry: Registry) -> None:
    model = copy_of_the_model(registry)
    (model / "model.skops").write_bytes(b"another model")
    create(registry, model, proven(registry))


def with_a_file_in_another_case(registry: Registry) -> None:
    model = copy_of_the_model(registry)
    (model / "model.skops").rename(model / "Model.skops")
    create(registry, model, proven(registry))


def with_a_marker_file_of_mlflow_itself(registry: Registry) -> None:
    """MLflow's own note beside a model is let pass, a folder of that name is not."""
    model = copy_of_the_model(registry)
    (model / "registered_model_meta").mkdir()
    (model / "registered_model_meta" / "hook.py").write_text("print('hello')\n")
    create(registry, model, proven(registry))


def with_edited_evidence(registry: Registry) -> None:
    evidence = registry.artefacts.parent / f"edited-{time.monotonic_ns()}"
    shutil.copytree(proven(registry), evidence)
    for path in evidence.iterdir():
        envelope = json.loads(path.read_bytes())
        envelope["payload"] = envelope["payload"][:-8] + "AAAA" + envelope["payload"][-4:]
        path.write_text(json.dumps(envelope))
    create(registry, saved_model(), evidence)


def signed_by_a_stranger(registry: Registry) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(registry.artefacts.parent / "stranger.pem"))
        evidence = variant(registry)
    create(registry, saved_model(), evidence)


def signed_by_a_stranger_under_the_trusted_id(registry: Registry) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(registry.artefacts.parent / "stranger.pem"))
        evidence = variant(registry)
    trusted = signing.load_or_create_key().keyid
    for path in evidence.iterdir():
        envelope = json.loads(path.read_bytes())
        envelope["signatures"][0]["keyid"] = trusted
        path.write_text(json.dumps(envelope))
    create(registry, saved_model(), evidence)


def with_expired_evidence(registry: Registry) -> None:
    create(registry, saved_model(), variant(registry, issued=ago(days=31)))


def with_evidence_from_tomorrow(registry: Registry) -> None:
    create(registry, saved_model(), variant(registry, issued=ago(days=-1)))


def with_evidence_under_another_name(registry: Registry) -> None:
    create(registry, saved_model(), variant(registry, name="fraud"))


def under_a_name_that_only_looks_the_same(registry: Registry) -> None:
    evidence = variant(registry, name=unicodedata.normalize("NFC", "größe"))
    create(registry, saved_model(), evidence, unicodedata.normalize("NFD", "größe"))


def under_a_name_that_hides_its_letters(registry: Registry) -> None:
    create(registry, saved_model(), proven(registry), "taken\u202e")


def under_a_name_with_a_quote(registry: Registry) -> None:
    create(registry, saved_model(), proven(registry), "taken' or name like '%")


def with_a_failed_check(registry: Registry) -> None:
    create(registry, saved_model(), variant(registry, verdict="not-reproducible"))


def with_the_lint_of_another_notebook(registry: Registry) -> None:
    evidence = variant(registry)
    other = new_project(registry.artefacts.parent / f"other-{time.monotonic_ns()}", saved_model())
    other.notebook.write_bytes(notebook_bytes("print('clean')"))
    other.check()
    for path in other.evidence:
        if path.name.startswith("lint"):
            shutil.copy(path, evidence / path.name)
    create(registry, saved_model(), evidence)


def with_the_check_filed_as_lint(registry: Registry) -> None:
    evidence = registry.artefacts.parent / f"twice-{time.monotonic_ns()}"
    shutil.copytree(proven(registry), evidence)
    shutil.copy(evidence / "check-1.dsse.json", evidence / "lint-2.dsse.json")
    create(registry, saved_model(), evidence)


def with_a_folder_that_is_empty(registry: Registry) -> None:
    run, place = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", f"{place}/nothing here", run)


def with_a_folder_without_a_model(registry: Registry) -> None:
    run, place = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", place.replace("/model", "/evidence"), run)


def from_a_source_that_climbs_out(registry: Registry) -> None:
    run, place = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", f"{place}/../../../{run}/artifacts/model", run)


def from_a_source_that_climbs_out_in_disguise(registry: Registry) -> None:
    run, place = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", f"{place}/%252e%252e/model", run)


def from_a_folder_of_the_server(registry: Registry) -> None:
    run, _ = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", registry.project.stored.as_uri(), run)


def from_somebody_elses_server(registry: Registry) -> None:
    run, _ = registry.run_with(saved_model(), proven(registry))
    registry.client.create_registered_model("taken")
    registry.client.create_model_version("taken", "http://127.0.0.1:9/api/2.0/mlflow-artifacts/artifacts/x", run)


def as_a_prompt(registry: Registry) -> None:
    create(registry, saved_model(), tags={"mlflow.prompt.is_prompt": "true"})


WAYS_IN = [
    (without_evidence, "GA001"),
    (by_register_model, "GA001"),
    (by_log_model, "GA001"),
    (by_a_logged_model, "GA001"),
    (with_the_tags_of_a_proven_version, "GA001"),
    (asking_for_the_version_that_is_there_already, "GA001"),
    (with_evidence_of_another_model, "GA007"),
    (with_a_file_taken_out, "GA007"),
    (with_a_swapped_model_file, "GA007"),
    (with_a_file_in_another_case, "GA007"),
    (with_a_marker_file_of_mlflow_itself, "GA007"),
    (with_edited_evidence, "GA002"),
    (signed_by_a_stranger, "GA003"),
    (signed_by_a_stranger_under_the_trusted_id, "GA002"),
    (with_expired_evidence, "GA009"),
    (with_evidence_from_tomorrow, "GA009"),
    (with_evidence_under_another_name, "GA008"),
    (under_a_name_that_only_looks_the_same, "GA008"),
    (under_a_name_that_hides_its_letters, "cannot be the name"),
    (under_a_name_with_a_quote, "cannot be the name"),
    (with_a_failed_check, "GA031"),
    (with_the_lint_of_another_notebook, "GA02"),
    (with_the_check_filed_as_lint, "GA004"),
    (with_a_folder_that_is_empty, ""),
    (with_a_folder_without_a_model, ""),
    (from_a_source_that_climbs_out, ""),
    (from_a_source_that_climbs_out_in_disguise, ""),
    (from_a_folder_of_the_server, ""),
    (from_somebody_elses_server, ""),
    (as_a_prompt, ""),
]


@pytest.mark.parametrize(("way", "words"), WAYS_IN, ids=[way.__name__ for way, _ in WAYS_IN])
def test_no_version_comes_to_be(registry: Registry, way: Callable[[Registry], None], words: str) -> None:
    from mlflow.exceptions import MlflowException

    registry.enter("proven")
    before, names = registry.versions(), registry.names()
    if words:
        with refused(words):
            way(registry)
        assert registry.names() == names
    else:  # MLflow's server says no to some of these before the store is asked; its client leaves an empty model
        with pytest.raises(MlflowException):
            way(registry)
        for name in registry.names() - names:
            registry.client.delete_registered_model(name)
    assert registry.versions() == before


def test_autolog_swallows_the_refusal_and_registers_nothing(registry: Registry) -> None:
    """MLflow's hole, named in the docs: it says nothing, but nothing comes to be either."""
    import mlflow

    mlflow.sklearn.autolog(registered_model_name="taken", silent=True)
    try:
        with mlflow.start_run():
            estimator()
    finally:
        mlflow.sklearn.autolog(disable=True)
    assert "taken" not in registry.names()


@pytest.mark.parametrize("route", ["api", "ajax-api"])
def test_the_rest_routes_answer_403(registry: Registry, route: str) -> None:
    run, place = registry.run_with(saved_model())
    version = registry.enter("proven")
    assert post(registry, route, "registered-models/create", name="taken") == 200
    assert post(registry, route, "model-versions/create", name="taken", source=place, run_id=run) == 403
    assert "taken" not in registry.names()
    tag = {"name": "proven", "version": version.version, "key": "nb_mlops.assurance", "value": "isolated"}
    assert post(registry, route, "model-versions/set-tag", **tag) == 403
    assert post(registry, route, "registered-models/rename", name="proven", new_name="other") in (403, 405)
    with swapped(registry, version):
        alias = {"name": "proven", "version": version.version, "alias": "champion"}
        assert post(registry, route, "registered-models/alias", **alias) == 403
        stage = {"name": "proven", "version": version.version, "stage": "Production"}
        assert post(registry, route, "model-versions/transition-stage", archive_existing_versions=False, **stage) == 403


def post(registry: Registry, route: str, what: str, **body: Any) -> int:
    url = f"{registry.uri}/{route}/2.0/mlflow/{what}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


# --- what is done to a version that is there


@contextlib.contextmanager
def swapped(registry: Registry, version: Any, content: bytes = b"another model") -> Iterator[None]:
    """The model's file overwritten through the server's own artefact route, as anybody may who may log."""
    path = f"{version.source.partition(':/')[2]}/model.skops"
    place = registry.artefacts / path
    kept = place.read_bytes()
    url = f"{registry.uri}/api/2.0/mlflow-artifacts/artifacts/{path}"
    with urllib.request.urlopen(urllib.request.Request(url, content, method="PUT")) as answer:
        assert answer.status == 200
    try:
        yield
    finally:
        place.write_bytes(kept)


@contextlib.contextmanager
def linked(registry: Registry, version: Any) -> Iterator[None]:
    place = registry.artefacts / f"{version.source.partition(':/')[2]}/model.skops"
    elsewhere = registry.artefacts.parent / "elsewhere.skops"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    try:
        yield
    finally:
        place.unlink()
        elsewhere.rename(place)


@contextlib.contextmanager
def without_its_evidence(registry: Registry, version: Any) -> Iterator[None]:
    place = registry.artefacts / version.source.partition(":/")[2].replace("/model", "/evidence")
    place.rename(place.with_name("gone"))
    try:
        yield
    finally:
        place.with_name("gone").rename(place)


@contextlib.contextmanager
def under_a_newer_forged_statement(registry: Registry, version: Any) -> Iterator[None]:
    place = registry.artefacts / version.source.partition(":/")[2].replace("/model", "/evidence")
    (place / "check-9.dsse.json").write_text('{"payload": "", "payloadType": "", "signatures": []}')
    try:
        yield
    finally:
        (place / "check-9.dsse.json").unlink()


@contextlib.contextmanager
def under_a_stricter_policy(registry: Registry, version: Any) -> Iterator[None]:
    settings = registry.project.root / "pyproject.toml"
    before = settings.read_text()
    settings.write_text(f"{before}[tool.nb-mlops.gate]\nmin-runs = 9\n")
    try:
        yield
    finally:
        settings.write_text(before)


@contextlib.contextmanager
def under_a_policy_with_a_proof_that_nobody_has(registry: Registry, version: Any) -> Iterator[None]:
    settings = registry.project.root / "pyproject.toml"
    before = settings.read_text()
    settings.write_text(f'{before}[tool.nb-mlops.gate]\nrequire = ["lint", "telepathy"]\n')
    try:
        yield
    finally:
        settings.write_text(before)


STATES = [
    swapped,
    linked,
    without_its_evidence,
    under_a_newer_forged_statement,
    under_a_stricter_policy,
    under_a_policy_with_a_proof_that_nobody_has,
]


@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
def test_what_is_not_proven_any_more_is_not_put_to_use(registry: Registry, state: Callable[..., Any]) -> None:
    version = registry.enter("proven")
    with state(registry, version), standing(registry):
        with refused():
            registry.client.set_registered_model_alias("proven", "challenger", version.version)
        with refused():
            registry.client.transition_model_version_stage("proven", version.version, "Production")
        with refused():
            registry.client.copy_model_version(f"models:/proven/{version.version}", "taken")
        with contextlib.suppress(RegistryRefusedError):  # by the command, the gate of this side or of the server
            decision = promotion.promote("proven", "Why not?", int(version.version), "challenger", registry.uri)
            assert not decision.done
        from nb_mlops import load_model

        with pytest.raises(RegistryRefusedError):
            load_model("proven", version=int(version.version), registry=registry.uri)
    assert "taken" not in registry.names()
    assert "challenger" not in registry.client.get_registered_model("proven").aliases


@contextlib.contextmanager
def standing(registry: Registry) -> Iterator[None]:
    """Commands are given in the project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(registry.project.root)
        yield


DEEDS: list[tuple[str, Callable[[Any, str], object]]] = [
    ("write over what the gate says", lambda c, v: c.set_model_version_tag("proven", v, "nb_mlops.assurance", "ci")),
    ("take away what the gate says", lambda c, v: c.delete_model_version_tag("proven", v, "nb_mlops.model.digest")),
    ("write into the ledger", lambda c, v: c.set_model_version_tag("proven", v, "nb_mlops.ledger.00", "{}")),
    ("speak for the gate on the model", lambda c, v: c.set_registered_model_tag("proven", "nb_mlops.assurance", "ci")),
    ("hide it as a prompt", lambda c, v: c.set_registered_model_tag("proven", "mlflow.prompt.is_prompt", "true")),
    ("hide a version as a prompt", lambda c, v: c.set_model_version_tag("proven", v, "mlflow.prompt.is_prompt", "1")),
    ("rename it", lambda c, v: c.rename_registered_model("proven", "fraud")),
    ("delete a version", lambda c, v: c.delete_model_version("proven", v)),
    ("delete the model", lambda c, v: c.delete_registered_model("proven")),
    ("give an order without a signature", lambda c, v: c.set_model_version_tag("proven", v, "nb_mlops.order", "{}")),
    ("give an order that is no JSON", lambda c, v: c.set_model_version_tag("proven", v, "nb_mlops.order", "promote")),
]


@pytest.mark.parametrize(("what", "deed"), DEEDS, ids=[what for what, _ in DEEDS])
def test_nobody_can(registry: Registry, what: str, deed: Callable[[Any, str], object]) -> None:
    version = registry.enter("proven")
    before = registry.client.get_model_version("proven", version.version).tags
    with refused():
        deed(registry.client, version.version)
    assert registry.client.get_model_version("proven", version.version).tags == before
    assert registry.client.search_model_versions("name = 'proven'")


# --- orders


def order(registry: Registry, **changes: Any) -> Order:
    version = registry.enter("proven")
    values = {
        "act": Act.PROMOTED.value,
        "model": "proven",
        "version": int(version.version),
        "digest": version.tags["nb_mlops.model.digest"],
        "alias": "challenger",
        "held": 0,
        "who": "Mallory",
        "reason": "Because.",
        "number": str(time.monotonic_ns()),
        "issued": ago(),
    }
    return Order(**{**values, **changes})


def hand(registry: Registry, text: str) -> None:
    version = registry.enter("proven")
    registry.client.set_model_version_tag("proven", version.version, "nb_mlops.order", text)


ORDERS: list[tuple[str, dict[str, Any], str]] = [
    ("an old one", {"issued": ago(minutes=30)}, "which is not now"),
    ("one from the future", {"issued": ago(minutes=-30)}, "which is not now"),
    ("one for another version", {"version": 99}, "is not about version"),
    ("one for another model", {"model": "fraud"}, "is not about version"),
    ("one for other files", {"digest": "1" * 64}, "is not about version"),
    ("one that somebody else overtook", {"held": 7}, "somebody else moved it"),
]


@pytest.mark.parametrize(("what", "changes", "words"), ORDERS, ids=[what for what, _, _ in ORDERS])
def test_an_order_that_is_not_for_here_and_now_is_refused(
    registry: Registry, what: str, changes: dict[str, Any], words: str
) -> None:
    with refused(words):
        hand(registry, sign_order(order(registry, **changes)))


def test_an_order_of_a_stranger_is_refused(registry: Registry) -> None:
    given = order(registry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB_MLOPS_KEY", str(registry.artefacts.parent / "stranger.pem"))
        text = sign_order(given)
    with refused("not trusted here"):
        hand(registry, text)


def test_an_order_is_good_for_once(registry: Registry) -> None:
    text = sign_order(order(registry))
    hand(registry, text)
    registry.client.delete_registered_model_alias("proven", "challenger")
    with refused("carried out before"):
        hand(registry, text)
    assert "challenger" not in registry.client.get_registered_model("proven").aliases


# --- the other side: what is proven passes by every normal way, and all of it is told


def test_what_is_proven_passes_and_is_told(registry: Registry) -> None:
    import mlflow

    version = registry.enter("proven")
    with standing(registry):
        decision = promotion.promote("proven", "It is proven.", registry=registry.uri)
        assert decision.done and decision.gated
        told = models.history("proven", registry.uri)["entries"]
        assert told[-1]["reason"] == "It is proven." and not any(entry["problem"] for entry in told)
        from nb_mlops import load_model

        assert load_model("proven", registry=registry.uri) is not None
        promotion.feedback("proven", "It works.", registry=registry.uri)
        assert models.board(registry.uri)["rows"][0]["alias"] == "champion"
        with shelf.opened(registry.uri, registry.project.root) as opened:
            assert all(held.gated for held in opened.versions())
    assert mlflow.pyfunc.load_model("models:/proven@champion") is not None
    copied = registry.client.copy_model_version(f"models:/proven/{version.version}", "copied")
    assert copied.tags["nb_mlops.assurance"] == "self"
    registry.client.transition_model_version_stage("proven", version.version, "Staging")
    assert ledger.verify(str(registry.project.root))["sound"]


def test_a_plug_in_under_the_name_of_a_proof_shuts_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nb_mlops.commands.gate import gate

    (tmp_path / "friendly.py").write_text(
        '"""Is it nice?"""\n'
        "from nb_mlops.gatekeeper.proof import Judgement, Proof\n"
        "def judge(case):\n    return Judgement('nothing at all')\n"
        "PROOF = Proof('reproducible', {}, judge, (), ())\n"
    )
    info = tmp_path / "friendly-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: friendly\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[nb_mlops.proofs]\nfriendly = friendly\n")
    monkeypatch.setenv("NB_MLOPS_KEY", str(tmp_path / "key.pem"))
    project: Project = new_project(tmp_path / "churn", saved_model())
    project.check(verdict="not-reproducible")
    assert {finding.code for finding in gate(str(project.notebook), "churn").findings} == {"GA031"}
    monkeypatch.syspath_prepend(str(tmp_path))
    assert {finding.code for finding in gate(str(project.notebook), "churn").findings} == {"GA010"}


def test_a_model_folder_with_a_link_cannot_be_stored(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(saved_model(), model)
    (model / "model.skops").unlink()
    (model / "model.skops").symlink_to(saved_model() / "model.skops")
    with pytest.raises(artefacts.ArtefactError, match="symbolic link"):
        artefacts.hash_tree(model)


def test_the_doctor_sees_the_servers_gate_and_that_it_asks_nobody(registry: Registry) -> None:
    before = [model.name for model in registry.client.search_registered_models()]
    assert premises.server(registry.uri) == Server(reached=True, gated=True, asks_who=False)
    assert [model.name for model in registry.client.search_registered_models()] == before
