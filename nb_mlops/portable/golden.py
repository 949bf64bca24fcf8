"""Golden tests of a package made from a notebook: run its pipeline once, note what each stage did, compare.

What is expected comes from runs of the notebook itself and is kept as JSON, one file a stage. Travels with the
package, so that its tests need nothing but pytest.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import importlib
import inspect
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .difference import difference, is_type_only
from .fingerprint import fingerprint

FINAL = "final.json"
PROJECT = "<project>"
_LIBRARIES = re.compile(r"(?:[A-Za-z]:)?[\\/][^\s'\"<>|:*?]*?[\\/](?:site|dist)-packages(?=[\\/'\"\s]|$)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.(\d+))?(?:[eE][-+]?\d+)?")


def load(folder: Any) -> dict[str, Any]:
    """What is expected: `stages`, in their order, and `final` values by name, with the tolerance."""
    place = Path(folder)
    stages = [read(path) for path in sorted(place.glob("[0-9]*.json"))]
    return dict(read(place / FINAL), stages=stages)


def read(path: Path) -> Any:
    """One file of JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def record(
    package: str, expected: Mapping[str, Any], data: Any = None, hasty: bool = False, **asked: bool
) -> dict[str, Any]:
    """Run `package`'s pipeline in a copy of the folder `data` and note what happened, stage by stage.

    The folder named by `expected["start"]` below `data` is where the pipeline stands. `hasty` ends the run with the
    first stage that did not do what is expected of it; what else is `asked` goes to the pipeline's `run`.
    """
    os.environ.setdefault("MPLBACKEND", "agg")
    with tempfile.TemporaryDirectory() as scratch:
        copy = os.path.join(os.path.realpath(scratch), "data")
        if data is not None and os.path.isdir(data):
            shutil.copytree(data, copy)
        start = os.path.join(copy, expected.get("start", ""))
        os.makedirs(start, exist_ok=True)
        pipeline = importlib.import_module(package + ".pipeline")
        report = importlib.import_module(package + ".report")
        spy = Spy(package, pipeline, expected, hasty, place=copy)
        with drawing_apart():
            with report.listening(spy.heard), spy, contextlib.suppress(Parted):
                pipeline.run(data_root=start, **asked)
            return {"stages": spy.stages, "final": spy.final(expected["final"])}


@contextlib.contextmanager
def drawing_apart() -> Iterator[None]:
    """Inside, nothing of what was drawn or set for drawing before is there; outside, nothing of what was inside."""
    _forget_drawing()
    try:
        yield
    finally:
        _forget_drawing()


def _forget_drawing() -> None:
    matplotlib, pyplot = sys.modules.get("matplotlib"), sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
    if matplotlib is not None:
        matplotlib.rc_file_defaults()


def placeless(value: Any, folder: str) -> Any:
    """A text or a fingerprint with `<project>` for the path of this folder, and `<packages>` for that of the libraries
    that are installed: another environment has another."""
    if isinstance(value, str):
        value = value.replace(folder, PROJECT)
        return _LIBRARIES.sub("<packages>", value) if "-packages" in value else value
    if isinstance(value, dict):
        return {key: placeless(one, folder) for key, one in value.items()}
    return [placeless(one, folder) for one in value] if isinstance(value, (list, tuple)) else value


class Parted(BaseException):
    """A stage did not do what is expected of it, and nobody wants to know more."""


class Spy:
    """Looks at the values of every stage at the moment when it ends. The stages do not notice.

    While inside, `run` calls copies of the stages that hand over their local variables at their end. They are compiled
    from the same source with the same line numbers, so that coverage and debuggers see what they always see, and
    nothing is traced. In what they hold, the folder `place` has no path: each run has another.
    """

    def __init__(
        self, package: str, pipeline: Any, expected: Mapping[str, Any], hasty: bool = False, place: str = PROJECT
    ) -> None:
        self.stages: list[dict[str, Any]] = []
        self._home = ("__main__", package)
        self._place = place
        self._pipeline = pipeline
        self._state = getattr(pipeline, "STATE", None)
        self._values: dict[str, Any] = {**constants_of(package), **vars_of(pipeline.Config())}
        self._wanted = {stage["stage"]: list(stage["names"]) for stage in expected["stages"]}
        self._followed = {stage["stage"]: list(stage.get("earlier") or ()) for stage in expected["stages"]}
        self._taken: dict[str, list[Any]] = {}
        self._expected = {stage["stage"]: stage for stage in expected["stages"]} if hasty else {}
        self._rtol = float(expected.get("rtol", 0.0))
        self._shown: list[Any] = []
        self._metrics: list[Any] = []
        self._text = io.StringIO()
        self._redirect: Any = None

    def __enter__(self) -> Spy:
        for stage in self._pipeline.STAGES:
            setattr(self._pipeline, stage.__name__, self._watched(stage))
        self._redirect = contextlib.redirect_stdout(self._text)
        self._redirect.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self._redirect.__exit__(*problem)
        for stage in self._pipeline.STAGES:
            setattr(self._pipeline, stage.__name__, stage)

    def _watched(self, stage: Any) -> Any:
        """The stage with a beginning and an end that this spy hears of."""
        name = stage_name(stage)

        def ended(names: Mapping[str, Any]) -> None:
            self._values.update(names)
            self._ended(name)

        def passed(names: Mapping[str, Any]) -> None:
            self._passed(name, names)

        told = telling(stage, ended, passed if self._followed.get(name) else None)

        def call(**inputs: Any) -> Any:
            self._text.seek(0)
            self._text.truncate()
            self._shown, self._metrics, self._taken = [], [], {}
            return told(**inputs)

        return call

    def heard(self, kind: str, value: Any) -> None:
        """A display, a figure, a metric or a model."""
        if kind == "metric":
            self._metrics.append([value["name"], value["value"]])
        else:
            self._shown.append({"kind": kind, "value": self._print(value)})

    def _print(self, value: Any) -> Any:
        return placeless(fingerprint(value, home=self._home), self._place)

    def _passed(self, stage: str, names: Mapping[str, Any]) -> None:
        """Behind a statement of a stage: the values so far of names that it binds again."""
        known = {**self._values, **names} if self._state is None else vars(self._state)
        for name in self._followed[stage]:
            if name in known:
                value, taken = self._print(known[name]), self._taken.setdefault(name, [])
                if taken[-1:] != [value]:
                    taken.append(value)

    def _ended(self, stage: str) -> None:
        known = self._known()
        names = {name: self._print(known[name]) for name in self._wanted.get(stage, ()) if name in known}
        self.stages.append(
            {
                "stage": stage,
                "names": names,
                "earlier": dict(self._taken),
                "stdout": placeless(self._text.getvalue(), self._place),
                "shown": self._shown,
                "metrics": self._metrics,
            }
        )
        if stage in self._expected and stage_problems(self._expected[stage], self.stages[-1], self._rtol):
            raise Parted

    def _known(self) -> Mapping[str, Any]:
        return self._values if self._state is None else vars(self._state)

    def final(self, names: Iterable[str]) -> dict[str, Any]:
        """The values at the end, by name."""
        known = self._known()
        return {name: self._print(known[name]) for name in names if name in known}


def telling(
    stage: Any, ended: Callable[[Mapping[str, Any]], None], passed: Callable[[Mapping[str, Any]], None] | None = None
) -> Any:
    """A copy of a module-level function that calls `ended(locals())` at its end, however it ends.

    `passed(locals())` is called at its beginning and behind every statement.
    """
    code = stage.__code__
    tree = ast.parse(inspect.getsource(stage))
    ast.increment_lineno(tree, code.co_firstlineno - 1)
    function: Any = tree.body[0]
    opening = 1 if ast.get_docstring(function, clean=False) is not None else 0
    last = function.body[-1]
    hook = "__nbm_ended_" + function.name
    body = function.body[opening:]
    if passed is not None:
        told = "__nbm_passed_" + function.name
        stage.__globals__[told] = passed
        body = [_hook(told, body[0]), *(one for s in body for one in (s, _hook(told, s)))]
    guarded = ast.Try(body=body, handlers=[], orelse=[], finalbody=[_hook(hook, last)])
    function.body[opening:] = [ast.copy_location(guarded, last)]
    flags = code.co_flags & __future__.annotations.compiler_flag
    made: dict[str, Any] = {}
    stage.__globals__[hook] = ended
    exec(compile(tree, code.co_filename, "exec", flags, dont_inherit=True), stage.__globals__, made)
    return made[function.name]


def _hook(name: str, place: ast.stmt) -> ast.stmt:
    """A call that stands where `place` does."""
    (call,) = ast.parse(name + "(locals())").body
    for node in ast.walk(call):
        ast.copy_location(node, place)
    return call


def constants_of(package: str) -> Mapping[str, Any]:
    """What the notebook defines for all stages, by name."""
    try:
        return dict(vars(importlib.import_module(package + ".lib")))
    except ModuleNotFoundError:
        return {}


def vars_of(config: Any) -> Mapping[str, Any]:
    """The parameters by name."""
    return {name: getattr(config, name) for name in getattr(config, "__dataclass_fields__", {})}


def stage_name(stage: Any) -> str:
    """`module.function`."""
    return str(stage.__module__).rpartition(".")[2] + "." + str(stage.__name__)


def order_problem(expected: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """Whether every stage ran, once and in its place."""
    wanted = [stage["stage"] for stage in expected["stages"]]
    ran = [stage["stage"] for stage in found["stages"]]
    return None if wanted == ran else f"expected the stages {', '.join(wanted)}; ran {', '.join(ran) or 'none'}"


def stage_problems(expected: Mapping[str, Any], found: Mapping[str, Any], rtol: float) -> list[str]:
    """Where a stage did something else than its cells: values, printed text, displays, metrics."""
    problems = []
    for name, value in expected["names"].items():
        problem = value_problem(value, found["names"], name, rtol)
        if problem:
            problems.append(problem)
    for name, values in (expected.get("earlier") or {}).items():
        problem = earlier_problem(values, found.get("earlier", {}).get(name, ()), rtol)
        problems += [f"`{name}` on the way: {problem}"] if problem else []
    if expected.get("stdout") is not None:
        part = text_difference(expected["stdout"], found["stdout"], rtol)
        problems += [f"printed text: {part}"] if part else []
    for kind in ("shown", "metrics"):
        if expected.get(kind) is not None:
            part = difference(expected[kind], found[kind], rtol)
            problems += [f"{kind}: {part}"] if part else []
    return problems


def value_problem(expected: Any, values: Mapping[str, Any], name: str, rtol: float) -> str | None:
    """Where a named value parts from what is expected; where only a type is expected, only the type counts."""
    if name not in values:
        return f"`{name}` is missing"
    if is_type_only(expected):
        wanted, got = type_of(expected), type_of(values[name])
        return None if wanted == got else f"`{name}`: type {wanted} vs {got}"
    part = difference(expected, values[name], rtol)
    return f"`{name}` {part}" if part else None


def earlier_problem(expected: Iterable[Any], taken: Iterable[Any], rtol: float) -> str | None:
    """Whether a variable took these values in this order; it may have taken others between them."""
    left = iter(taken)
    for number, value in enumerate(expected, 1):
        if all(difference(value, other, rtol) for other in left):
            return f"it never took the value number {number} that was expected"
    return None


def type_of(value: Any) -> str:
    """The type that a fingerprint is of."""
    return str(value["type"]) if isinstance(value, dict) else type(value).__name__


def text_difference(expected: str, found: str, rtol: float) -> str | None:
    """Where two printed texts part: numbers by tolerance or by the last printed digit, the rest to the letter."""
    if expected == found:
        return None
    if _NUMBER.sub("#", expected) != _NUMBER.sub("#", found):
        lines, others = expected.splitlines(), found.splitlines()
        if len(lines) != len(others):
            return f"{len(lines)} lines vs {len(others)}"
        place = next((i for i, line in enumerate(lines) if _NUMBER.sub("#", line) != _NUMBER.sub("#", others[i])), 0)
        return f"other words in line {place + 1}"
    other = list(_NUMBER.finditer(found))
    for i, match in enumerate(_NUMBER.finditer(expected)):
        a, b = float(match.group()), float(other[i].group())
        last = 10.0 ** -len(match.group(1)) if match.group(1) else 0.0
        if abs(a - b) > max(1.01 * last, rtol * max(abs(a), abs(b))):
            return f"{match.group()} vs {other[i].group()}"
    return None


def main() -> int:
    """`python -m <this> PACKAGE EXPECTED.json DATA OUT.json [hasty|lean]`: record, for whoever judges the package."""
    package, expected, data, out = sys.argv[1:5]
    asked = {"with_exploration": False} if "lean" in sys.argv[5:] else {}
    found = record(package, read(Path(expected)), data, "hasty" in sys.argv[5:], **asked)
    Path(out).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
