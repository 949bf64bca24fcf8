"""Parts of a package called by themselves: its stages with what they were handed, its functions with recorded calls.

What they are called with is noted in one run of the pipeline; only what gives the same again, called alone on other
copies of its inputs and its files, is kept. Travels with the package.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .difference import difference, is_type_only
from .fingerprint import fingerprint
from .golden import Spy, drawing_apart, read, stage_name, stage_problems
from .snapshot import LossyError, pack, unpack

_CALLS = 3  # that are kept of a function
_HEAVY = 200_000  # characters of JSON
_STARTS = 5  # of the random generators, from which a part that draws must do the same


@contextlib.contextmanager
def standing_in(data: Any, start: str) -> Iterator[str]:
    """Stand in a fresh copy of the folder `data`, where the pipeline starts, with nothing drawn yet. Gives its path."""
    os.environ.setdefault("MPLBACKEND", "agg")
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as scratch:
        copy = os.path.join(os.path.realpath(scratch), "data")
        if data is not None and os.path.isdir(data):
            shutil.copytree(data, copy)
        place = os.path.join(copy, start)
        os.makedirs(place, exist_ok=True)
        os.chdir(place)
        try:
            with drawing_apart():
                yield copy
        finally:
            os.chdir(before)


def stage_alone(package: str, expected: Mapping[str, Any], inputs: Mapping[str, Any], data: Any, start: str) -> Any:
    """What one stage does when it is called by itself."""
    pipeline = importlib.import_module(package + ".pipeline")
    report = importlib.import_module(package + ".report")
    stage = next(one for one in pipeline.STAGES if stage_name(one) == expected["stage"])
    with standing_in(data, start) as place:
        spy = Spy(package, pipeline, {"stages": [expected]}, place=place)
        with report.listening(spy.heard), spy:
            getattr(pipeline, stage.__name__)(**{name: unpack(value) for name, value in inputs.items()})
    return spy.stages[-1]


def call(package: str, made: Mapping[str, Any], data: Any, start: str) -> Any:
    """The fingerprint of what one recorded call of a function gives now."""
    function = getattr(importlib.import_module(package + ".lib"), made["function"])
    with standing_in(data, start):
        result = function(*map(unpack, made["args"]), **{k: unpack(v) for k, v in made["kwargs"].items()})
    return fingerprint(result, home=("__main__", package))


class Listener:
    """While inside, notes what the stages and the functions of `lib` are called with."""

    def __init__(self, package: str) -> None:
        self.stages: dict[str, Any] = {}
        self.calls: list[dict[str, Any]] = []
        self._package = package
        self._pipeline = importlib.import_module(package + ".pipeline")
        self._put: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Listener:
        for stage in self._pipeline.STAGES:
            self._replace(self._pipeline, stage.__name__, stage, self._handed(stage))
        home = self._package + ".lib"
        for name, function in list(vars(sys.modules[home]).items()) if home in sys.modules else ():
            if type(function).__name__ == "function" and function.__module__ == home:
                watched = self._called(name, function)
                for module in [m for n, m in sys.modules.items() if n.startswith(self._package + ".")]:
                    if vars(module).get(name) is function:
                        self._replace(module, name, function, watched)
        return self

    def __exit__(self, *problem: Any) -> None:
        for module, name, before in self._put:
            setattr(module, name, before)

    def _replace(self, module: Any, name: str, before: Any, now: Any) -> None:
        self._put.append((module, name, before))
        setattr(module, name, now)

    def _handed(self, stage: Any) -> Any:
        def told(**inputs: Any) -> Any:
            with contextlib.suppress(LossyError):
                self.stages[stage_name(stage)] = {name: pack(value) for name, value in inputs.items()}
            return stage(**inputs)

        return told

    def _called(self, name: str, function: Any) -> Any:
        def told(*args: Any, **kwargs: Any) -> Any:
            one: dict[str, Any] = {}
            if sum(made["function"] == name for made in self.calls) < _CALLS:
                with contextlib.suppress(LossyError):
                    packed = [pack(value) for value in args], {key: pack(value) for key, value in kwargs.items()}
                    one = {"function": name, "args": packed[0], "kwargs": packed[1]}
            result = function(*args, **kwargs)
            if one:
                self.calls.append({**one, "result": fingerprint(result, home=("__main__", self._package))})
            return result

        return told


def noted(package: str, expected: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """`stages`: inputs by stage, and `calls` of functions, of one run: those that give the same when called alone."""
    start = expected.get("start", "")
    importlib.import_module(package + ".pipeline")
    with standing_in(data, start), Listener(package) as listener:
        listener._pipeline.run()
    rtol = float(expected.get("rtol", 0.0))
    stages, calls = {}, []
    for stage in expected["stages"]:
        inputs = listener.stages.get(stage["stage"])
        if not inputs or not _is_light(inputs) or not (stage["names"] or stage.get("stdout")):
            continue
        if _every_time(lambda: not stage_problems(stage, stage_alone(package, stage, inputs, data, start), rtol)):  # noqa: B023
            stages[stage["stage"]] = inputs
    for made in listener.calls:
        if not _is_light(made) or is_type_only(made["result"]) or made in calls:
            continue
        if _every_time(lambda: difference(made["result"], call(package, made, data, start), rtol) is None):  # noqa: B023
            calls.append(made)
    return {"stages": stages, "calls": calls}


def _every_time(same: Callable[[], bool]) -> bool:
    """Whether it holds; of what draws at random, whether it does wherever the generators stand."""
    before, started = _generators(), time.perf_counter()
    try:
        if not same():
            return False
        starts = _STARTS if time.perf_counter() - started < 1.0 else 1
        return before == _generators() or all(_from_another_start(seed, same) for seed in range(starts))
    except Exception:
        return False


def _from_another_start(seed: int, same: Callable[[], bool]) -> bool:
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    return same()


def _generators() -> tuple[Any, ...]:
    """Where the generators stand that all code shares."""
    found: tuple[Any, ...] = (random.getstate(),)
    if "numpy" in sys.modules:
        kind, key, *rest = sys.modules["numpy"].random.get_state()
        found += (kind, key.tobytes(), *rest)
    return found


def _is_light(packed: Any) -> bool:
    return len(json.dumps(packed)) <= _HEAVY


def main() -> int:
    """`python -m <this> PACKAGE EXPECTED.json DATA OUT.json`: note what its parts can be tested with."""
    package, expected, data, out = sys.argv[1:5]
    found = noted(package, read(Path(expected)), data)
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
