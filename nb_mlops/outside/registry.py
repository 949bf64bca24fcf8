"""The MLflow model registry: the project's own sqlite store, a database, or a server. MLflow is imported here, late.

What is registered is compared with what was proven after the upload and before a version is created.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
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
from nb_mlops.outside.alone import Alone
from nb_mlops.outside.artefacts import REGISTRY_NOTES, ArtefactError, hash_tree, state_dir
from nb_mlops.outside.moved import settle

DIGEST_TAG = "nb_mlops.model.digest"
# Asks a gated registry for the version that holds these files already, rather than for another one.
ONCE_TAG = "nb_mlops.once"
# The tag by which an order reaches a gated registry, and before the digest of each line of its ledger that it shows.
ORDER_TAG = "nb_mlops.order"
LINE_TAG = "nb_mlops.ledger."
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
# How the project's own registry is called where people read it, from within the project.
OWN = f"{GATED}sqlite:///{_STORE}"
_TIMEOUT = 5.0
_ATTEMPTS = 3
_GONE = ("failed with exception", "Max retries exceeded", "ConnectionError", "OperationalError", "timed out")


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

    A version that already holds these files is returned as it is. Raises RegistryUnreachableError when the registry
    does not answer, does not accept, or holds other files after the upload than the proven ones; UsageError for a URI
    that no registry has; MissingExtraError without MLflow. Then no version and no empty model is left behind.
    """
    with reached(uri, root, "Nothing was registered.") as client:
        with _alone(root):
            version, created = _held(client, submission), False
            if version is None:
                version, created = _register(client, submission, uri, root)
        gated = any(key.startswith(LINE_TAG) for key in version.tags)
        return Entry(submission.name, int(version.version), version.run_id, place(uri, root), created, gated)


@contextlib.contextmanager
def reached(uri: str, root: Path, outcome: str = "Nothing was changed.") -> Iterator[Any]:
    """An MLflow client of a registry that answers, without MLflow's chatter; what it raises comes in our words.

    `outcome` is what is so when it does not answer. Raises as `submit`.
    """
    _scheme_or_error(uri)
    if uri.startswith(("http://", "https://")):
        _reach(uri, outcome)
    with _QUIET:
        try:
            _mlflow()
            if (database := uri.removeprefix(GATED)).startswith(_DATABASES):
                _reach_database(database)
            # The first client of a database makes its tables. Who asks a server leaves no trace here.
            with contextlib.nullcontext() if uri.startswith("http") else _alone(root):
                client = _client(uri, root)
            yield client
        except Exception as error:
            raise _translated(error, uri, outcome) from error


@dataclass(frozen=True, slots=True)
class Fetched:
    """A registered version: its number, the tree digest that it was registered with ("" for none), and its files."""

    version: str
    digest: str
    folder: Path


def own_store(root: Path) -> Path:
    """The database of the project's own registry, whether or not it is there."""
    return root.absolute() / _STORE


def fetch(name: str, alias: str, uri: str, root: Path, folder: Path) -> Fetched | None:
    """The files of the version that an alias points to, fetched into `folder`; None where there is none.

    Nothing of them is loaded. Raises RegistryUnreachableError.
    """
    with reached(uri, root, "Nothing was fetched.") as client:
        from mlflow.artifacts import download_artifacts

        version = _at_alias(client, name, alias)
        if version is None:
            return None
        place = client.get_model_version_download_uri(name, version.version)
        tracking = (uri or _own_uri(root)).removeprefix(GATED)
        found = Path(download_artifacts(place, dst_path=str(folder), tracking_uri=tracking))
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


def place(uri: str, root: Path) -> str:
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


def _reach(uri: str, outcome: str) -> None:
    """Ask the server for a sign of life, briefly; MLflow itself would try for minutes."""
    request = urllib.request.Request(shown(uri).rstrip("/") + "/health", headers={"User-Agent": "nb-mlops"})
    try:
        urllib.request.urlopen(request, timeout=_TIMEOUT).close()
    except urllib.error.HTTPError as error:
        if error.code in (502, 503, 504):
            raise _unreachable(uri, f"a proxy answered {error.code}", outcome) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise _unreachable(uri, str(getattr(reason, "strerror", None) or reason).lower(), outcome) from error


def _reach_database(uri: str) -> None:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(uri)
    except (ModuleNotFoundError, sqlalchemy.exc.ArgumentError) as error:
        name = getattr(error, "name", None) or uri.partition(":")[0]
        raise UsageError(
            f"The database driver `{name}` that {shown(uri)} needs is not installed here.",
            "Install it beside nb-mlops: `psycopg[binary]` for postgresql+psycopg://, `pymysql` for mysql+pymysql://.",
        ) from error
    try:
        engine.connect().close()
    finally:
        engine.dispose()


def _unreachable(uri: str, why: str, outcome: str) -> RegistryUnreachableError:
    return RegistryUnreachableError(
        f"The registry {shown(uri)} is not reachable: {why}. {outcome}",
        "Check the address and that the server runs, then repeat the command; the evidence stays valid.",
    )


def _translated(error: Exception, uri: str, outcome: str) -> Exception:
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
        return _unreachable(uri, text.rstrip("."), outcome)
    return RegistryUnreachableError(
        f"The registry {shown(uri)} did not accept it: {text.rstrip('.')}. {outcome}",
        "Mend what the registry names, then repeat the command; the evidence stays valid.",
    )


def _alone(root: Path) -> contextlib.AbstractContextManager[None]:
    """Who registers from this project does so alone; a gated registry sees to those elsewhere."""
    return Alone(root.absolute() / ".nb-mlops" / "registering.lock").held()


class _Quiet:
    """MLflow without chatter, progress bars and reports to its makers; whoever leaves last puts everything back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before: dict[str, str | None] = {}
        self._levels: dict[str, int] = {}
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._warnings = warnings.catch_warnings()
                self._warnings.__enter__()
                warnings.simplefilter("ignore")
                self._before = {name: os.environ.get(name) for name in _ENVIRONMENT}
                self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
                os.environ.update({name: value for name, value in _ENVIRONMENT.items() if self._before[name] is None})

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            for name, value in self._before.items():
                if value is None:
                    os.environ.pop(name, None)
            for name, level in self._levels.items():
                logging.getLogger(name).setLevel(level)
            self._warnings.__exit__(None, None, None)


_QUIET = _Quiet()


def _mlflow() -> Any:
    import mlflow

    for name in _LOGGERS:  # importing MLflow sets them to INFO
        logging.getLogger(name).setLevel(logging.ERROR)
    return mlflow


def _client(uri: str, root: Path) -> Any:
    uri = uri or GATED + _own_uri(root)
    return _mlflow().MlflowClient(tracking_uri=uri.removeprefix(GATED), registry_uri=uri)


def _own_uri(root: Path) -> str:
    state_dir(root)
    database = f"sqlite:///{own_store(root).as_posix()}"
    settle(database, root.absolute())
    return database


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
