"""A model measured in a clean process: no signing key in its environment and, where permitted, no network.

`evaluate` starts `python -m nb_mlops.outside.evaluator`, which leaves the network and then becomes the Python that made
the model, with `portable/start.py` in it. What comes back is untrusted until the predicate has read it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb_mlops.core.errors import ExitCode, NbMlopsError, UsageError
from nb_mlops.outside import processes
from nb_mlops.outside.environment import scrubbed
from nb_mlops.outside.isolation import without_network

_START = Path(__file__).resolve().parent.parent / "portable" / "start.py"
_LOG_TAIL = 600


class EvaluationRefusedError(NbMlopsError):
    """The model may not be measured so: the rows were seen, or its files are not safe to load."""

    exit_code = ExitCode.REFUSED


class EvaluationFailedError(NbMlopsError):
    """The model could not be measured."""

    exit_code = ExitCode.RUN_FAILED


_ERRORS: Mapping[str, type[NbMlopsError]] = {
    "seen": EvaluationRefusedError,
    "unsafe": EvaluationRefusedError,
    "model": EvaluationFailedError,
}


def evaluate(part: str, request: Mapping[str, Any], scratch: Path, python: str, timeout: int) -> dict[str, Any]:
    """What the part of `portable` made of the request. `isolation` in it says how the network was taken away.

    Raises EvaluationRefusedError, EvaluationFailedError or UsageError with the words that came back.
    """
    asked, answered, log = scratch / "request.json", scratch / "result.json", scratch / "log.txt"
    asked.write_text(json.dumps(request), encoding="utf-8")
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "nb_mlops.outside.evaluator", python, part, str(asked), str(answered)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            cwd=scratch,
            env=scrubbed(os.environ, quiet),
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise EvaluationFailedError(
                f"The evaluation was stopped after {timeout} s.", "Give fewer rows, or a longer `timeout` in [check]."
            ) from error
        finally:
            _end(process)
    try:
        result = json.loads(answered.read_bytes())
    except (OSError, ValueError) as error:
        raise EvaluationFailedError(
            f"The process that evaluates ended without a result (exit code {process.returncode}): {_tail(log)}",
            "Load the model and let it answer to the holdout in the notebook's own Python, to see what is wrong.",
        ) from error
    if (refused := result.get("refused")) is not None:
        raise _ERRORS.get(str(refused["kind"]), UsageError)(str(refused["text"]), str(refused["remedy"]))
    return {**result["result"], "isolation": "namespace" if (scratch / "isolated").exists() else ""}


def _end(process: subprocess.Popen[bytes]) -> None:
    strays = processes.descendants(process.pid)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    processes.kill(strays)
    process.wait()


def _tail(log: Path) -> str:
    text = " ".join(log.read_text(encoding="utf-8", errors="replace").split())
    return text[-_LOG_TAIL:] or "it said nothing."


def main() -> None:
    """Leave the network, note that, and become the Python that measures."""
    python, part, asked, answered = sys.argv[1:]
    if without_network():
        (Path(answered).parent / "isolated").touch()
    command = [python, str(_START), part, asked, answered]
    if os.name == "posix":
        os.execv(python, command)
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
