"""Where a gated store stands: whose policy counts, and who asks."""

from __future__ import annotations

import sys
from pathlib import Path

from nb_mlops.commands.steps.here import named_root
from nb_mlops.outside.files import project_root


def root_of(database: str) -> Path:
    """The folder whose policy and keys count: `$NB_MLOPS_GATE_ROOT`, else the project that holds the sqlite file, else
    the project of the working directory."""
    return named_root() or project_of(database) or project_root(".").absolute()


def project_of(database: str) -> Path | None:
    """The project whose own registry this is."""
    path = Path(database.removeprefix("sqlite:///")) if database.startswith("sqlite:///") else None
    return path.parent.parent.absolute() if path is not None and path.parent.name == ".nb-mlops" else None


def asking() -> str:
    """Who asks a server, as far as it knows; "" where this is no server."""
    flask = sys.modules.get("flask")
    if flask is None or not flask.has_request_context():
        return ""
    known = flask.request.authorization
    return str(known.username) if known and known.username else "a client of the server"
