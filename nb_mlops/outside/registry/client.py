"""A registry, reached: an MLflow client that answers, and its errors in our words."""

from __future__ import annotations

import contextlib
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
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
from nb_mlops.outside.artefacts import state_dir
from nb_mlops.outside.registry.address import GATED, checked, is_database, is_server, own_database, shown
from nb_mlops.outside.registry.moved import settle
from nb_mlops.outside.registry.quiet import QUIET, mlflow
from nb_mlops.outside.registry.words import REFUSES

_TIMEOUT = 5.0
_GONE = ("failed with exception", "Max retries exceeded", "ConnectionError", "OperationalError", "timed out")


@contextlib.contextmanager
def reached(uri: str, root: Path, outcome: str = "Nothing was changed.") -> Iterator[Any]:
    """An MLflow client of a registry that answers, without MLflow's chatter; an empty URI is the project's own.

    `outcome` is what is so when it does not answer. What MLflow and databases raise comes in our words: raises
    RegistryUnreachableError when the registry does not answer or does not accept, RegistryRefusedError when its gate
    refuses, UsageError for a URI that no registry has, MissingExtraError without MLflow.
    """
    if is_server(checked(uri)):
        _reach(uri, outcome)
    with QUIET:
        try:
            mlflow()
            if is_database(uri):
                _reach_database(uri.removeprefix(GATED))
            # The first client of a database makes its tables. Who asks a server leaves no trace here.
            with contextlib.nullcontext() if is_server(uri) else alone(root):
                client = client_of(uri, root)
            yield client
        except Exception as error:
            raise _translated(error, uri, outcome) from error


def client_of(uri: str, root: Path) -> Any:
    """An MLflow client, whether or not anybody answers."""
    if not uri:
        state_dir(root)
        settle(own_database(root), root.absolute())
        uri = GATED + own_database(root)
    return mlflow().MlflowClient(tracking_uri=uri.removeprefix(GATED), registry_uri=uri)


def alone(root: Path) -> contextlib.AbstractContextManager[None]:
    """Who registers from this project does so alone; a gated registry sees to those elsewhere."""
    return Alone(root.absolute() / ".nb-mlops" / "registering.lock").held()


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
