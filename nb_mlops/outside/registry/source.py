"""What stands behind the source of a model version: the files themselves, hashed, and the evidence that lies beside.

MLflow names a model's files in many ways (`runs:/…`, `models:/…`, `mlflow-artifacts:/…`, a folder, an object store).
Each is followed to the files; what cannot be followed is an error, never an empty folder.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from nb_mlops.core.value import Struct
from nb_mlops.outside.artefacts import ArtefactError, FiledEnvelope, hash_tree

EVIDENCE = "evidence"
# Where an MLflow server keeps what its clients know as `mlflow-artifacts:/…`.
_DESTINATION = "_MLFLOW_SERVER_ARTIFACT_DESTINATION"
_PROXY_ROUTE = "/api/2.0/mlflow-artifacts/artifacts/"
_ENVELOPE = re.compile(r"([a-z][a-z-]*)-(\d+)\.dsse\.json")
_LARGEST_ENVELOPE = 5_000_000
# `models:/a/1` may point to `models:/b/1`, and so on; nobody does so ten times in good faith.
_MOST_STEPS = 10
VersionPlace = Callable[[str, str], str]


class Contents(Struct, frozen=True):
    """A model's files with their sha256, and the envelopes that were filed with it: the newest of each kind."""

    files: dict[str, str]
    envelopes: tuple[FiledEnvelope, ...] = ()


def contents(source: str, version_place: VersionPlace) -> Contents:
    """Follow `source` to its files, hash them, and read the evidence beside them.

    `version_place(name, version)` is where the registry itself says a version's files lie. Raises ArtefactError when
    there is no such model, or when its files cannot be read as exactly one plain tree.
    """
    with tempfile.TemporaryDirectory(prefix="nb-mlops-") as folder, _understood():
        place = _followed(source, version_place)
        files = hash_tree(_local(place, Path(folder) / "model"))
        return Contents(files, _envelopes(_beside(place), Path(folder) / EVIDENCE))


def fetched(source: str, version_place: VersionPlace, tracking: str, folder: Path) -> Contents:
    """As `contents`, of a copy of the files at `folder`/model, where nobody changes them any more.

    `tracking` is the URI of the server or database that knows the runs.
    """
    with _understood():
        place = _followed(source, version_place, tracking)
        found = _local(place, folder / "fetched", tracking)
        shutil.copytree(found, folder / "model", symlinks=True)
        files = hash_tree(folder / "model")
        return Contents(files, _envelopes(_beside(place), folder / EVIDENCE, tracking))


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except ArtefactError:
        raise
    except Exception as error:  # MLflow and the object stores raise what they like
        raise ArtefactError(f"Its files cannot be read ({type(error).__name__}).") from error


def _followed(source: str, version_place: VersionPlace, tracking: str | None = None) -> str:
    """The place of the files: a path or a URI that an artefact repository can fetch."""
    from mlflow import MlflowClient
    from mlflow.store.artifact.utils.models import _parse_model_uri

    place = source
    for _ in range(_MOST_STEPS):
        scheme = urlsplit(place).scheme
        if scheme == "models":
            model = _parse_model_uri(place)
            if model.model_id is not None:
                place = MlflowClient(tracking).get_logged_model(model.model_id).artifact_location
            else:
                place = version_place(model.name, model.version)
        elif scheme == "runs":
            run, _, path = urlsplit(place).path.lstrip("/").partition("/")
            place = _joined(MlflowClient(tracking).get_run(run).info.artifact_uri, path)
        elif _served(place):
            place = _joined(os.environ[_DESTINATION], _proxied(place))
        else:
            return place
    raise ArtefactError("Its source leads from one registered model to the next without end.")


def _served(place: str) -> bool:
    """Whether this process is the very server that hands out these artefacts."""
    parts = urlsplit(place)
    proxied = parts.scheme == "mlflow-artifacts" or (parts.scheme in ("http", "https") and _PROXY_ROUTE in parts.path)
    return proxied and bool(os.environ.get(_DESTINATION))


def _proxied(place: str) -> str:
    path = urlsplit(place).path
    return (path.partition(_PROXY_ROUTE)[2] if _PROXY_ROUTE in path else path).lstrip("/")


def _joined(base: str, path: str) -> str:
    """A place below another one. Raises ArtefactError for a path that climbs out."""
    if any(part == ".." for part in re.split(r"[/\\]", unquote(unquote(path)))):
        raise ArtefactError("Its source climbs out of the folder it is in.")
    parts = urlsplit(base)
    if not parts.scheme:
        return posixpath.join(base, path)
    return urlunsplit(parts._replace(path=posixpath.join(parts.path or "/", path)))


def _beside(place: str) -> str:
    """Where evidence lies that was filed with a model: beside its folder."""
    parts = urlsplit(place)
    folder = posixpath.join(posixpath.dirname(parts.path.rstrip("/")), EVIDENCE)
    return urlunsplit(parts._replace(path=folder))


def _local(place: str, target: Path, tracking: str | None = None) -> Path:
    """The folder on this machine; fetched when it is elsewhere."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.utils.file_utils import local_file_uri_to_path
    from mlflow.utils.uri import is_local_uri

    if is_local_uri(place, is_tracking_or_registry_uri=False):
        return Path(local_file_uri_to_path(place))
    target.mkdir()
    repository: Any = get_artifact_repository(place, tracking_uri=tracking)
    return Path(repository.download_artifacts("", dst_path=str(target)))


def _envelopes(place: str, target: Path, tracking: str | None = None) -> tuple[FiledEnvelope, ...]:
    """The newest envelope of each kind in a folder; none where there is no folder."""
    try:
        folder = _local(place, target, tracking)
        names = sorted(item.name for item in folder.iterdir() if item.is_file() and not item.is_symlink())
    except Exception:  # without evidence the gate refuses, and says that there is none
        return ()
    newest: dict[str, int] = {}
    for name in names:
        if (match := _ENVELOPE.fullmatch(name)) and (folder / name).stat().st_size <= _LARGEST_ENVELOPE:
            newest[match[1]] = max(newest.get(match[1], 0), int(match[2]))
    files = [(kind, f"{kind}-{number}.dsse.json") for kind, number in sorted(newest.items())]
    return tuple(FiledEnvelope(f"{EVIDENCE}/{name}", kind, (folder / name).read_bytes()) for kind, name in files)
