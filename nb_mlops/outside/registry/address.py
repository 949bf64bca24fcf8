"""The URIs of registries: which there are, how they are shown, and where the project's own one lies."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nb_mlops.core.errors import UsageError

# Before the URI of a database: its registry is the one that refuses what is not proven.
GATED = "nbgate+"
_GATED_DATABASES = ("sqlite", "postgresql", "mysql")  # as the entry points in pyproject.toml say
_DATABASES = (*_GATED_DATABASES, "mssql")
_SCHEMES = ("http", "https", "databricks", "databricks-uc", *_DATABASES)
_STORE = ".nb-mlops/registry.db"
# How the project's own registry is called where people read it, from within the project.
OWN = f"{GATED}sqlite:///{_STORE}"


def own_store(root: Path) -> Path:
    """The database of the project's own registry, whether or not it is there."""
    return root.absolute() / _STORE


def own_database(root: Path) -> str:
    """The URI of that database, as MLflow's tracking store takes it."""
    return f"sqlite:///{own_store(root).as_posix()}"


def shown(uri: str) -> str:
    """A registry's URI without the user and password in it."""
    return re.sub(r"//[^/]*@", "//", uri)


def place(uri: str, root: Path) -> str:
    """The URI that a person standing here can use; the project's own store by its relative path."""
    return shown(uri) if uri else f"{GATED}sqlite:///{Path(os.path.relpath(own_store(root))).as_posix()}"


def is_server(uri: str) -> bool:
    """Whether the registry answers over HTTP."""
    return uri.startswith(("http://", "https://"))


def is_database(uri: str) -> bool:
    """Whether the registry is a database that is reached from here, gated or not."""
    return uri.removeprefix(GATED).startswith(_DATABASES)


def checked(uri: str) -> str:
    """The URI (empty: the project's own). Raises UsageError for one that no registry has."""
    plain = uri.removeprefix(GATED)
    scheme = plain.partition(":")[0].partition("+")[0] if uri else "sqlite"
    if scheme not in (_SCHEMES if plain == uri else _GATED_DATABASES):
        raise UsageError(
            f"`{shown(uri)}` is not a registry: MLflow keeps models in a database or on a server.",
            "Use http(s)://host:port, nbgate+sqlite:///file.db or nbgate+postgresql://…; or nothing for the project's.",
        )
    return uri
