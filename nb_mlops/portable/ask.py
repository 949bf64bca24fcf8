"""The asking side of a model's process: start it, hand it tables, read its answers. See `answer`."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from typing import Any


class ModelError(Exception):
    """The model could not be loaded, or did not answer; the words are its own."""


class Answers:
    """What a model said to some rows: its answers and, for a classifier, how sure it is of each class."""

    def __init__(self, values: list[Any], sure: list[list[float]] | None, seconds: float) -> None:
        self.values = values
        self.sure = sure
        self.seconds = seconds


class Asked:
    """A model in a process of its own. `classes` and `task` are what it says of itself."""

    def __init__(self, folder: str, scratch: str) -> None:
        self._scratch = scratch
        self._process = subprocess.Popen(
            [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "start.py"), "answer", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=scratch,
            encoding="utf-8",
        )
        hello = self._read()
        self.load_seconds = float(hello["seconds"])
        self.classes: list[Any] | None = hello["classes"]
        self.task = str(hello["task"])
        self.peak_mb = 0.0

    def answers(self, rows: Any) -> Answers:
        """What the model answers to a table. Raises ModelError, also when it does not answer once to each row."""
        place = os.path.join(self._scratch, "rows.pkl")
        with open(place, "wb") as file:
            pickle.dump(rows, file)
        reply = self._ask({"rows": place})
        self.peak_mb = max(self.peak_mb, float(reply["peak_mb"] or 0.0))
        for name in ("answers", "sure"):
            if reply[name] is not None and len(reply[name]) != len(rows):
                raise ModelError(f"{len(reply[name])} answers came to {len(rows)} rows")
        return Answers(reply["answers"], reply["sure"], float(reply["seconds"]))

    def serve(self, request: str) -> Any:
        """The JSON value with which a scoring server would answer a request."""
        return json.loads(self._ask({"request": request})["response"])

    def close(self) -> None:
        """End the model's process."""
        self._process.kill()
        self._process.communicate()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it died; reading says so
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            reply = json.loads(line)
        except ValueError as error:
            raise ModelError(f"its process ended (exit code {self._process.wait(30)})") from error
        if not isinstance(reply, dict) or "error" in reply:
            raise ModelError(str(reply["error"]) if isinstance(reply, dict) else "it did not keep to the protocol")
        return reply
