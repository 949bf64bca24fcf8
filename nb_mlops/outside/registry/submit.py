"""Putting a model into a registry: what arrives is compared with what was proven before a version is created."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import RegistryUnreachableError, UsageError
from nb_mlops.outside.artefacts import REGISTRY_NOTES, ArtefactError, hash_tree, state_dir
from nb_mlops.outside.registry.address import place
from nb_mlops.outside.registry.client import alone, reached
from nb_mlops.outside.registry.words import DIGEST_TAG, LINE_TAG, ONCE_TAG

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be registered: `folder` holds exactly `files` (path to sha256), whose tree digest is `digest`.

    `papers` maps file names to the envelopes that go along; `tags` are written on the run and on the version, and so is
    the digest.
    """

    name: str
    digest: str
    folder: Path
    files: Mapping[str, str]
    experiment: str
    papers: Mapping[str, bytes] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in a registry. `created` is False when it held these very files already; `store` is the registry's
    URI as people may see it; `gated` says that the registry has a gate and a ledger of its own."""

    name: str
    version: int
    run: str
    store: str
    created: bool
    gated: bool = False


def submit(submission: Submission, uri: str, root: Path) -> Entry:
    """Put a model into the registry at `uri` (empty: the project's own store below `root`).

    A version that already holds these files is returned as it is. Raises as `reached` does, and
    RegistryUnreachableError when the registry holds other files after the upload than the proven ones. Then no version
    and no empty model is left behind.
    """
    with reached(uri, root, "Nothing was registered.") as client:
        with alone(root):
            version, created = _held(client, submission), False
            if version is None:
                version, created = _register(client, submission, uri, root)
        gated = any(key.startswith(LINE_TAG) for key in version.tags)
        return Entry(submission.name, int(version.version), version.run_id, place(uri, root), created, gated)


def _held(client: Any, submission: Submission) -> Any:
    """The version that holds these files already. Its tag says so, but only its files are believed."""
    for version in _versions(client, submission.name):
        if version.tags.get(DIGEST_TAG) == submission.digest and _is_same(
            client, version.run_id, submission, REGISTRY_NOTES
        ):
            return version
    return None


def _versions(client: Any, name: str) -> Any:
    return client.search_model_versions(f"name = '{name}'")  # the gate lets no quote into a name


def _register(client: Any, submission: Submission, uri: str, root: Path) -> tuple[Any, bool]:
    """The version, and whether it is new: somebody else may have registered these files in the meantime."""
    run = client.create_run(
        _experiment(client, submission, uri, root), tags={**submission.tags, DIGEST_TAG: submission.digest}
    )
    status = "FAILED"
    try:
        _log(client, run.info.run_id, submission)
        if not _is_same(client, run.info.run_id, submission):
            raise RegistryUnreachableError(
                "What arrived in the registry is not what was checked, so no version was created.",
                "Look for what changes files on the way (a proxy, a full disk), then repeat `register`.",
            )
        version = _create_version(client, run.info, submission)
        created = version.run_id == run.info.run_id
        status = "FINISHED" if created else "KILLED"
    finally:
        client.set_terminated(run.info.run_id, status)
    return version, created


def _experiment(client: Any, submission: Submission, uri: str, root: Path) -> str:
    found = client.get_experiment_by_name(submission.experiment)
    if found is None:
        place = None if uri else (state_dir(root).absolute() / "mlartifacts").as_uri()
        _answers("RESOURCE_ALREADY_EXISTS", lambda: client.create_experiment(submission.experiment, place))
        found = client.get_experiment_by_name(submission.experiment)
    if found.lifecycle_stage != "active":
        raise UsageError(
            f"The MLflow experiment `{submission.experiment}` is deleted, so no run can be recorded in it.",
            f"mlflow experiments restore --experiment-id {found.experiment_id}",
        )
    return str(found.experiment_id)


def _answers(code: str, ask: Callable[[], object]) -> bool:
    """Whether MLflow answers with this error code; any other error is raised."""
    from mlflow.exceptions import MlflowException

    try:
        ask()
    except MlflowException as error:
        if error.error_code != code:
            raise
        return True
    return False


def _log(client: Any, run: str, submission: Submission) -> None:
    for name, value in submission.params.items():
        client.log_param(run, _key(name), str(value)[:500])
    for name, value in submission.metrics.items():
        client.log_metric(run, _key(name), value)
    client.log_artifacts(run, str(submission.folder), "model")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in submission.papers.items():
            (Path(folder) / name).write_bytes(data)
        client.log_artifacts(run, folder, "evidence")


def _key(name: str) -> str:
    """A name that MLflow accepts for a metric or parameter."""
    return re.sub(r"[^\w\-. /]", "_", name, flags=re.ASCII)[:250] or "_"


def _is_same(client: Any, run: str, submission: Submission, beside: str = "") -> bool:
    """Whether the run's model, fetched back, is file for file what was proven; `beside` is a file that may be added."""
    from mlflow.exceptions import MlflowException

    with tempfile.TemporaryDirectory() as folder:
        try:
            found = hash_tree(Path(client.download_artifacts(run, "model", folder)))
        except (ArtefactError, MlflowException, OSError):
            return False
    if beside not in submission.files:
        found.pop(beside, None)
    return found == submission.files


def _create_version(client: Any, run: Any, submission: Submission) -> Any:
    """Create the version, and the registered model when it is the first; a model that stays empty is removed."""
    from mlflow.exceptions import MlflowException

    tags = {**submission.tags, DIGEST_TAG: submission.digest, ONCE_TAG: "true"}
    place = f"{run.artifact_uri.rstrip('/')}/model"
    for attempt in range(_ATTEMPTS):
        first = _make_model(client, submission.name)
        try:
            return client.create_model_version(submission.name, place, run.run_id, tags=tags)
        except MlflowException as error:
            # Somebody whose first version was refused has taken the empty model away.
            if error.error_code == "RESOURCE_DOES_NOT_EXIST" and attempt + 1 < _ATTEMPTS:
                continue
            with contextlib.suppress(MlflowException):  # the gated store has done so itself
                if first and not _versions(client, submission.name):
                    client.delete_registered_model(submission.name)
            raise
    raise AssertionError("the last attempt returns or raises")


def _make_model(client: Any, name: str) -> bool:
    """See to it that the registered model is there; whether it was made by this call."""
    missing = _answers("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(name))
    return missing and not _answers("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(name))
