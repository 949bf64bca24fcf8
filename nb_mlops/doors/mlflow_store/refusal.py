"""How the gated store says no: in MLflow's exception, so that every client hears it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED

from nb_mlops.core.errors import NbMlopsError
from nb_mlops.outside.registry.words import REFUSES


def refusal(message: str, remedy: str = "") -> MlflowException:
    """The exception for clients: PERMISSION_DENIED, which is 403 over REST."""
    return MlflowException(f"{REFUSES} {message} {remedy}".strip(), error_code=PERMISSION_DENIED)


@contextlib.contextmanager
def refusing(what: str = "") -> Iterator[None]:
    """What of ours is raised within is a refusal; `what` goes before it."""
    try:
        yield
    except NbMlopsError as error:
        raise refusal(f"{what}{error}", error.remedy) from error
