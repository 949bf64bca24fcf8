"""The MLflow model registry: the project's own sqlite store, a database, or a server. MLflow is imported here, late.

What is registered is compared with what was proven after the upload and before a version is created.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import (
    MissingExtraError,
    NbMlopsError,
    RegistryRefusedError,
    RegistryUnreachableError,
    UsageError,
)
from nb_mlops.outside.artefacts import REGISTRY_NOTES, ArtefactError, hash_tree, state_dir

DIGEST_TAG = "nb_mlops.model.digest"
# Before the URI of a database: its registry is the one that refuses what is not proven.
GATED = "nbgate+"
# How a refusal of that registry begins, wherever it is read.
REFUSES = "nb-mlops refuses."
_GATED_DATABASES = ("sqlite", "postgresql", "mysql")  # as the entry points in pyproject.toml say
_DATABASES = (*_GATED_DATABASES, "mssql")
_SCHEMES = ("http", "https", "databricks", "databricks-uc", *_DATABASES)
# MLflow reports its use to its makers unless told not to, and draws progress bars; a gone server is asked once more,
# not for minutes. What the user has set stays.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
_LOGGERS = ("mlflow", "alembic", "sqlalchemy", "urllib3")
_STORE = ".nb-mlops/registry.db"
_TIMEOUT = 5.0
_GONE = ("failed with exception", "Max retries exceeded", "ConnectionError", "OperationalError", "timed out")


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be registered: `folder` holds exactly `files` (path to sha256), whose tree digest is `digest`.

    `papers` maps file names to the envelopes that go along; `tags` are written on the run and on the version.
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
    URI as people may see it."""

    name: str
    version: int
    run: str
    store: str
    created: bool


def submit(submission: Submission, uri: str, root: Path) -> Entry:
    """Put a model into the registry at `uri` (empty: the project's own store below `root`).

    A version that already holds these files is returned as it is. Raises RegistryUnreachableError when the registry
    does not answer, does not accept, or holds other files after the upload than the proven ones; UsageError for a URI
    that no registry has; MissingExtraError without MLflow. Then no version and no empty model is left behind.
    """
    _scheme_or_error(uri)
    if uri.startswith(("http://", "https://")):
        _reach(uri)
    with _quiet():
        try:
            _mlflow()
            if (database := uri.removeprefix(GATED)).startswith(_DATABASES):
                _reach_database(database)
            client = _client(uri, root)
            version, created = _held(client, submission), False
            if version is None:
                version, created = _register(client, submission, uri, root), True
            return Entry(submission.name, int(version.version), version.run_id, _place(uri, root), created)
        except Exception as error:
            raise _translated(error, uri) from error


@dataclass(frozen=True, slots=True)
class Fetched:
    """A registered version: its number, the tree digest that it was registered with ("" for none), and its files."""

    version: str
    digest: str
    folder: Path


def own_store(root: Path) -> Path:
    """The database of the project's own registry, whether or not it is there."""
    return root / _STORE


def fetch(name: str, alias: str, uri: str, root: Path, folder: Path) -> Fetched | None:
    """The files of the version that an alias points to, fetched into `folder`; None where there is none.

    Nothing of them is loaded. Raises RegistryUnreachableError.
    """
    _scheme_or_error(uri)
    with _quiet():
        try:
            if uri.startswith("http"):
                _reach(uri)
            elif uri:
                _reach_database(uri.removeprefix(GATED))
            client = _client(uri, root)
            version = _at_alias(client, name, alias)
            if version is None:
                return None
            place = client.get_model_version_download_uri(name, version.version)
            from mlflow.artifacts import download_artifacts

            tracking = (uri or GATED + _own_store(root)).removeprefix(GATED)
            found = Path(download_artifacts(place, dst_path=str(folder), tracking_uri=tracking))
        except Exception as error:
            raise _translated(error, uri) from error
    return Fetched(str(version.version), version.tags.get(DIGEST_TAG, ""), found)


def _at_alias(client: Any, name: str, alias: str) -> Any:
    from mlflow.exceptions import MlflowException

    try:
        return client.get_model_version_by_alias(name, alias)
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise


def shown(uri: str) -> str:
    """A registry's URI without the user and password in it."""
    return re.sub(r"//[^/]*@", "//", uri)


def _place(uri: str, root: Path) -> str:
    """The URI that a person standing here can use; the project's own store by its relative path."""
    return shown(uri) if uri else f"{GATED}sqlite:///{Path(os.path.relpath(root / _STORE)).as_posix()}"


def _scheme_or_error(uri: str) -> None:
    plain = uri.removeprefix(GATED)
    scheme = plain.partition(":")[0].partition("+")[0] if uri else "sqlite"
    if scheme not in (_SCHEMES if plain == uri else _GATED_DATABASES):
        raise UsageError(
            f"`{shown(uri)}` is not a registry: MLflow keeps models in a database or on a server.",
            "Use http(s)://host:port, nbgate+sqlite:///file.db or nbgate+postgresql://…; or nothing for the project's.",
        )


def _reach(uri: str) -> None:
    """Ask the server for a sign of life, briefly; MLflow itself would try for minutes."""
    request = urllib.request.Request(shown(uri).rstrip("/") + "/health", headers={"User-Agent": "nb-mlops"})
    try:
        urllib.request.urlopen(request, timeout=_TIMEOUT).close()
    except urllib.error.HTTPError as error:
        if error.code in (502, 503, 504):
            raise _unreachable(uri, f"a proxy answered {error.code}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise _unreachable(uri, str(getattr(reason, "strerror", None) or reason).lower()) from error


def _reach_database(uri: str) -> None:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(uri)
    except (ModuleNotFoundError, sqlalchemy.exc.ArgumentError) as error:
        name = getattr(error, "name", None) or uri.partition(":")[0]
        raise UsageError(
            f"The database driver `{name}` that {shown(uri)} needs is not installed here.",
            "Install it beside nb-mlops, for example psycopg2-binary for postgresql://.",
        ) from error
    try:
        engine.connect().close()
    finally:
        engine.dispose()


def _unreachable(uri: str, why: str) -> RegistryUnreachableError:
    return RegistryUnreachableError(
        f"The registry {shown(uri)} is not reachable: {why}. Nothing was registered.",
        "Check the address and that the server runs; the evidence stays valid, so only `register` need be repeated.",
    )


def _translated(error: Exception, uri: str) -> Exception:
    """An error of MLflow or of a database in our words; ours pass as they are."""
    if isinstance(error, NbMlopsError):
        return error
    if isinstance(error, ModuleNotFoundError):
        return MissingExtraError("register", "register", error.name or "mlflow")
    text = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    text = re.sub(r"//[^/\s]*@", "//", text)
    if (refusal := text.find(REFUSES)) >= 0:
        return RegistryRefusedError(
            f"The registry {shown(uri) or 'of this project'} has a gate of its own. {text[refusal:]}"
        )
    if any(word in f"{type(error).__name__}: {text}" for word in _GONE):
        return _unreachable(uri, text.rstrip("."))
    return RegistryUnreachableError(
        f"The registry {shown(uri)} did not accept the model: {text.rstrip('.')}. Nothing was registered.",
        "Mend what the registry names, then repeat `register`; the evidence stays valid.",
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """MLflow without chatter, progress bars and reports to its makers; everything is put back afterwards."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    os.environ.update({name: value for name, value in _ENVIRONMENT.items() if before[name] is None})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _mlflow() -> Any:
    import mlflow

    for name in _LOGGERS:  # importing MLflow sets them to INFO
        logging.getLogger(name).setLevel(logging.ERROR)
    return mlflow


def _client(uri: str, root: Path) -> Any:
    uri = uri or GATED + _own_store(root)
    return _mlflow().MlflowClient(tracking_uri=uri.removeprefix(GATED), registry_uri=uri)


def _own_store(root: Path) -> str:
    state_dir(root)
    return f"sqlite:///{(root / _STORE).as_posix()}"


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


def _register(client: Any, submission: Submission, uri: str, root: Path) -> Any:
    run = client.create_run(_experiment(client, submission, uri, root), tags=dict(submission.tags))
    status = "FAILED"
    try:
        _log(client, run.info.run_id, submission)
        if not _is_same(client, run.info.run_id, submission):
            raise RegistryUnreachableError(
                "What arrived in the registry is not what was checked, so no version was created.",
                "Look for what changes files on the way (a proxy, a full disk), then repeat `register`.",
            )
        version = _create_version(client, run.info, submission)
        status = "FINISHED"
    finally:
        client.set_terminated(run.info.run_id, status)
    return version


def _experiment(client: Any, submission: Submission, uri: str, root: Path) -> str:
    found = client.get_experiment_by_name(submission.experiment)
    if found is None:
        place = None if uri else (state_dir(root) / "mlartifacts").as_uri()
        return str(client.create_experiment(submission.experiment, artifact_location=place))
    if found.lifecycle_stage != "active":
        raise UsageError(
            f"The MLflow experiment `{submission.experiment}` is deleted, so no run can be recorded in it.",
            f"mlflow experiments restore --experiment-id {found.experiment_id}",
        )
    return str(found.experiment_id)


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
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = hash_tree(Path(client.download_artifacts(run, "model", folder)))
        except (ArtefactError, OSError):
            return False
    if beside not in submission.files:
        found.pop(beside, None)
    return found == submission.files


def _create_version(client: Any, run: Any, submission: Submission) -> Any:
    """Create the version, and the registered model when it is the first; a model that stays empty is removed."""
    from mlflow.exceptions import MlflowException

    try:
        client.get_registered_model(submission.name)
        first = False
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        client.create_registered_model(submission.name)
        first = True
    tags = {**submission.tags, DIGEST_TAG: submission.digest}
    try:
        place = f"{run.artifact_uri.rstrip('/')}/model"
        return client.create_model_version(submission.name, place, run.run_id, tags=tags)
    except Exception:
        with contextlib.suppress(MlflowException):  # the gated store has done so itself
            if first and not _versions(client, submission.name):
                client.delete_registered_model(submission.name)
        raise
