"""Looking round where a gate stands: modes of files, the environment, manifests, and one harmless question to a server.

The question sets a tag that the gate alone may set, on a model that does not exist: a gated registry refuses the tag,
any other one does not know the model. Nothing is written either way.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from nb_mlops.core.premises import Manifest, Place, Server
from nb_mlops.outside import git
from nb_mlops.outside.registry.words import REFUSES

_TIMEOUT = 5.0
_LARGEST = 1_000_000
_MOST = 2_000
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "env"})
_REGISTRY = ("MLFLOW_REGISTRY_URI", "MLFLOW_TRACKING_URI")


def registries(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The registry URIs that the environment names, and which variable does."""
    return tuple((environ[name], f"${name}") for name in _REGISTRY if environ.get(name))


def place(root: Path, path: Path) -> Place | None:
    """A file or folder and who besides its owner may write to it; None where there is none."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    words = [word for bit, word in ((stat.S_IWGRP, "its group"), (stat.S_IWOTH, "everybody")) if mode & bit]
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return Place(shown, " and ".join(words) if os.name == "posix" else "")


def untracked(root: Path, folder: Path) -> tuple[str, ...]:
    """Files of a folder that git does not track; none where there is no repository."""
    if not folder.is_dir() or not git.top(root):
        return ()
    listed = git.ask(root, "ls-files", "-z", "--", str(folder))
    known = {os.fsdecode(name) for name in listed.split(b"\0") if name}
    found = sorted(path.relative_to(root).as_posix() for path in folder.iterdir() if path.is_file())
    return tuple(name for name in found if name not in known)


def texts(root: Path, endings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Text files of the project with these endings, by their paths; hidden and installed folders are left out."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for name in sorted(names):
            path = Path(folder) / name
            if not name.endswith(endings) or path.is_symlink() or path.stat().st_size > _LARGEST:
                continue
            count += 1
            if count > _MOST:
                return
            try:
                yield path.relative_to(root).as_posix(), path.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue


def manifests(root: Path) -> tuple[tuple[Manifest, ...], tuple[str, ...]]:
    """Every YAML document of the project, and what could not be read."""
    try:
        import yaml
    except ImportError:
        return (), ("YAML files, for PyYAML is not installed here",)
    found: list[Manifest] = []
    unread: list[str] = []
    for path, text in texts(root, (".yml", ".yaml")):
        try:
            found += [Manifest(path, one) for one in yaml.safe_load_all(text) if isinstance(one, dict)]
        except (yaml.YAMLError, ValueError, RecursionError):
            unread.append(path)  # a template, most often
    return tuple(found), tuple(unread)


def server(uri: str) -> Server:
    """What a registry behind HTTP lets a stranger see."""
    base = uri.rstrip("/") + "/api/2.0/mlflow/"
    named = {"name": f"nb-mlops-doctor-{secrets.token_hex(8)}", "key": "nb_mlops.doctor", "value": "asks"}
    code, said = _post(base + "registered-models/set-tag", named)
    if code == 0:
        return Server(False)
    if code in (401, 403) and REFUSES not in said:
        return Server(True, None, True)
    known = code == 404 or "RESOURCE_DOES_NOT_EXIST" in said
    return Server(True, True if REFUSES in said else False if known else None, False)


def _post(url: str, values: Mapping[str, str]) -> tuple[int, str]:
    head = {"Content-Type": "application/json", "User-Agent": "nb-mlops"}
    request = urllib.request.Request(url, json.dumps(values).encode(), head, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return int(answer.status), answer.read(_LARGEST).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(_LARGEST).decode("utf-8", "replace")
    except (OSError, ValueError):
        return 0, ""
