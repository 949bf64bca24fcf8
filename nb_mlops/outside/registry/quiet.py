"""MLflow without chatter, progress bars and reports to its makers."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from typing import Any

# MLflow reports its use to its makers unless told not to, and draws progress bars; a gone server is asked once more,
# not for minutes. What the user has set stays.
ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
_LOGGERS = ("mlflow", "alembic", "sqlalchemy", "urllib3")


class _Quiet:
    """Quiet while anybody is inside; whoever leaves last puts everything back."""

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
                self._before = {name: os.environ.get(name) for name in ENVIRONMENT}
                self._levels = {name: logging.getLogger(name).level for name in _LOGGERS}
                os.environ.update({name: value for name, value in ENVIRONMENT.items() if self._before[name] is None})

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


QUIET = _Quiet()


def mlflow() -> Any:
    """The package, imported within QUIET."""
    import mlflow

    for name in _LOGGERS:  # importing MLflow sets them to INFO
        logging.getLogger(name).setLevel(logging.ERROR)
    return mlflow
