"""Everything that the functions of a package hold on their way, in one run of its pipeline.

Two versions of a package that agree in all of it compute the same: no test of values could tell them apart.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from .fingerprint import fingerprint
from .golden import read, record

_CALLS = 64  # of a function that are all looked at; later ones at every doubling
_LINES = 4096  # of a stage that are all looked at, likewise
_CODE = (ModuleType, FunctionType, type)
_OURS = frozenset({"__init__.py", "__main__.py", "pipeline.py", "report.py", "serve.py"})


class Watcher:
    """While inside, notes which values the variables of a stage take one after another, and what the author's other
    functions hold when they return."""

    def __init__(self, package: str) -> None:
        self.held: dict[str, list[str]] = {}
        self.calls: dict[str, int] = {}
        pipeline = importlib.import_module(package + ".pipeline")
        self._stages = frozenset(stage.__name__ for stage in pipeline.STAGES)
        self._folder = os.path.join(os.path.dirname(str(pipeline.__file__)), "")
        self._home = ("__main__", package)
        self._lines = 0

    def __enter__(self) -> Watcher:
        sys.settrace(self._called)
        return self

    def __exit__(self, *problem: Any) -> None:
        sys.settrace(None)

    def _called(self, frame: Any, event: str, value: Any) -> Any:
        folder, file = os.path.split(frame.f_code.co_filename)
        ours = file in _OURS or frame.f_code.co_name == "<module>"
        if ours or os.path.join(folder, "") != self._folder:
            return None
        if frame.f_code.co_name in self._stages:
            return self._passed
        frame.f_trace_lines = False
        return self._returned

    def _passed(self, frame: Any, event: str, value: Any) -> Any:
        """A line of a stage, or its end."""
        self._lines += 1
        if self._lines <= _LINES or not self._lines & (self._lines - 1):
            self._note(frame.f_code.co_name, {**_shared(frame), **frame.f_locals})
        return self._passed

    def _returned(self, frame: Any, event: str, value: Any) -> Any:
        if event == "return":
            function = f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_code.co_name}"
            number = self.calls[function] = self.calls.get(function, 0) + 1
            if number <= _CALLS or not number & (number - 1):
                self._note(f"{function} {number}", {**frame.f_locals, "": value})
        return self._returned

    def _note(self, place: str, values: Mapping[str, Any]) -> None:
        sys.settrace(None)
        for name, value in list(values.items()):
            taken = self.held.setdefault(f"{place}: {name}", [])
            digest = self._digest(value)
            if taken[-1:] != [digest]:
                taken.append(digest)
        sys.settrace(self._called)

    def _digest(self, value: Any) -> str:
        text = json.dumps(fingerprint(value, home=self._home), sort_keys=True, default=repr)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _shared(frame: Any) -> dict[str, Any]:
    """Variables of its module that a stage names: where the notebook's are kept in one, these are its."""
    known = frame.f_globals
    return {name: known[name] for name in frame.f_code.co_names if name in known and not isinstance(known[name], _CODE)}


def noted(package: str, expected: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """`held`: digests of values by function, call and name; `calls`: how many calls there were, by function."""
    with Watcher(package) as watcher:
        record(package, expected, data)
    return {"held": watcher.held, "calls": watcher.calls}


def main() -> int:
    """`python -m <this> PACKAGE EXPECTED.json DATA OUT.json`: note what its functions hold."""
    package, expected, data, out = sys.argv[1:5]
    Path(out).write_text(json.dumps(noted(package, read(Path(expected)), data)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
