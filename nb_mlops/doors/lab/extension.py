"""What Jupyter asks an extension for: where its front end lies, and to hang its routes into a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def labextension_paths() -> list[dict[str, str]]:
    """Where the front end is built to; for `jupyter labextension develop`."""
    return [{"src": "labextension", "dest": "nb-mlops"}]


def server_extension_points() -> list[dict[str, str]]:
    """The package itself is the one extension."""
    return [{"module": "nb_mlops"}]


def load_server_extension(server: Any) -> None:
    """Add the routes to a Jupyter server."""
    from nb_mlops.doors.lab.events import SCHEMA
    from nb_mlops.doors.lab.routes import routes

    logger = getattr(server, "event_logger", None)
    if logger is not None and SCHEMA not in logger.schemas:
        logger.register_event_schema(Path(__file__).with_name("job-event.yaml"))
    root = getattr(server.contents_manager, "root_dir", "") or server.web_app.settings["server_root_dir"]
    server.web_app.add_handlers(".*$", routes(server.web_app.settings["base_url"], root))
