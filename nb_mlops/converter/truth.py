"""What runs of the notebook say the package must compute, and how far a package does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from nb_mlops.converter.ending import ends_in_effect
from nb_mlops.converter.modules import module_of
from nb_mlops.converter.plan import Plan
from nb_mlops.converter.shows import Shown, agreed, shown, without_result
from nb_mlops.converter.stage import Stage
from nb_mlops.core.notebook import OutputKind
from nb_mlops.core.run import CellRun, RunRecord
from nb_mlops.core.value import replace
from nb_mlops.portable.difference import difference, is_type_only
from nb_mlops.portable.golden import text_difference, type_of

_LONGEST_TEXT = 20_000
_LIGHT = 2_000  # characters of JSON of a value that is looked at behind every statement


@dataclass(frozen=True, slots=True)
class Truth:
    """Expected values: per stage (as the golden files hold them) and at the end, by name.

    `nondeterministic` names differ between runs of the notebook itself; `functions` are names whose value is a
    function, class or something else that only has a type. `too_large` and `private` were reduced to their type.
    `shown` is what the cells of each stage showed; it is compared and not written down.
    """

    stages: tuple[Mapping[str, Any], ...]
    final: Mapping[str, Any]
    nondeterministic: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    too_large: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    shown: tuple[Shown, ...] = ()

    @property
    def compared(self) -> tuple[str, ...]:
        """Names whose final value can be compared."""
        return tuple(name for name, value in self.final.items() if not is_type_only(value))


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which the package differs: in which stage ("" at the end), of which name, in what words."""

    stage: str
    words: str
    value: bool = True


@dataclass(frozen=True, slots=True)
class Compared:
    """How many things of one kind the package has as the notebook has them; `what` is a plural."""

    what: str
    equal: int
    compared: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the comparison of a package with the notebook's runs gave: of final values how many are equal, and beside
    them what was compared on the way."""

    equal: int
    compared: int
    nondeterministic: int
    type_only: int
    problems: tuple[Problem, ...] = ()
    beside: tuple[Compared, ...] = ()

    @property
    def contradicted(self) -> bool:
        """Whether some value is not the notebook's, or the package does not run."""
        return any(problem.value for problem in self.problems)

    @property
    def score(self) -> int:
        """How many things were compared and equal."""
        return self.equal + sum(one.equal for one in self.beside)

    @property
    def proven(self) -> bool:
        """Whether every value that can be compared is equal, and there was something to compare."""
        return not self.contradicted and self.score > 0


@dataclass(frozen=True, slots=True)
class Mutant:
    """One module with one mistake: the module's name, its text, where in it, and what was done."""

    module: str
    text: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """How many mistakes were tried, and those that no test would notice; beside these `alike` more, which make no
    difference to anything that the package's functions hold."""

    tried: int
    survivors: tuple[Mutant, ...] = ()
    alike: int = 0

    @property
    def noticed(self) -> int:
        """How many mistakes make the tests fail."""
        return self.tried - len(self.survivors)


@dataclass(frozen=True, slots=True)
class Alone:
    """What parts of the package are tested with by themselves: the inputs of stages, and recorded calls."""

    stages: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[Mapping[str, Any], ...] = ()

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that are called."""
        return tuple(dict.fromkeys(str(call["function"]) for call in self.calls))


NOTHING_ALONE = Alone()
IsPrivate = Callable[[Any], bool]


def truth_of(
    plan: Plan,
    records: Sequence[RunRecord],
    rtol: float,
    limit: int,
    private: IsPrivate = lambda value: False,
) -> Truth:
    """What the runs agree on. `limit` is the bytes a value may weigh as JSON; `private(value)` says whether a value
    holds something that must not be written down."""
    first = records[0]
    wanted = plan.hoisting.values
    judge = _Judge(records, rtol, limit, private)
    stages = tuple(_stage(plan, stage, judge, wanted) for stage in plan.stages)
    shows = tuple(agreed([shown(_shown(plan, stage, one)) for one in records], rtol) for stage in plan.stages)
    final = {}
    for name in sorted(wanted & set(first.names)):
        value = judge.value(name, [record.names.get(name, _ABSENT) for record in records])
        if value is not _ABSENT:
            final[name] = value
    defined = {name for name in set(plan.hoisting.definitions) - wanted if name in first.names}
    only = {name for name, value in final.items() if is_type_only(value)} - judge.unstable - judge.large - judge.secret
    return Truth(
        stages=stages,
        final=final,
        nondeterministic=frozenset(judge.unstable & set(final)),
        functions=frozenset(only | defined),
        too_large=frozenset(judge.large),
        private=frozenset(judge.secret),
        shown=shows,
    )


def differs_in_everything(truth: Truth, record: RunRecord) -> bool:
    """Whether the notebook does keep, show or print something, but another thing in each of its runs."""
    given = shown(value for cell in record.cells for value in cell.shown)
    printed = any(_printed(cell) for cell in record.cells)
    expected = any(stage.get("stdout") for stage in truth.stages) or any(s.results or s.figures for s in truth.shown)
    return bool(truth.nondeterministic) or (bool(given.results or given.figures or printed) and not expected)


def _shown(plan: Plan, stage: Stage, record: RunRecord) -> list[Any]:
    effects = {cell.index: ends_in_effect(cell) for cell in stage.cells}
    ran = (cell for cell in record.cells if cell.index in effects)
    return [value for cell in ran for value in (without_result(cell) if effects[cell.index] else cell.shown)]


_ABSENT: Any = object()


class _Judge:
    """Decides what of a value may be expected, remembering why less than everything."""

    def __init__(self, records: Sequence[RunRecord], rtol: float, limit: int, private: IsPrivate) -> None:
        self.records = records
        self.rtol = rtol
        self._limit = limit
        self.private = private
        self.unstable: set[str] = set()
        self.large: set[str] = set()
        self.secret: set[str] = set()

    def value(self, name: str, values: Sequence[Any]) -> Any:
        """The value where all runs agree; its type where only that is known; nothing where not even that."""
        first = values[0]
        if any(isinstance(value, dict) and "problem" in value for value in values):
            self.large.add(name)  # the probe had no time for it
            return _ABSENT
        if any(value is _ABSENT or type_of(value) != type_of(first) for value in values):
            self.unstable.add(name)
            return _ABSENT
        if any(difference(first, other, self.rtol) for other in values[1:]):
            self.unstable.add(name)
            return _type_only(first)
        if self.private(first):
            self.secret.add(name)
            return _type_only(first)
        if len(json.dumps(first)) > self._limit:
            self.large.add(name)
            return _type_only(first)
        return first


def _type_only(value: Any) -> Mapping[str, Any]:
    return {"type": type_of(value), "only": True}


def _stage(plan: Plan, stage: Stage, judge: _Judge, wanted: frozenset[str]) -> Mapping[str, Any]:
    indices = [cell.index for cell in stage.cells]
    runs = [[cell for cell in record.cells if cell.index in indices] for record in judge.records]
    names: dict[str, Any] = {}
    earlier: dict[str, Any] = {}
    for name in sorted({name for cell in runs[0] for name in cell.names} & wanted):
        values = [_last(cells, name) for cells in runs]
        if values[0] is None:  # None or deleted: the final values tell the two apart
            continue
        value = judge.value(name, values)
        if value is not _ABSENT:
            names[name] = value
            before = _before(runs, name, judge)
            earlier |= {name: before} if before else {}
    texts = ["".join(_printed(cell) for cell in cells) for cells in runs]
    metrics = [[[m.name, m.value] for m in record.metrics if m.cell in indices] for record in judge.records]
    noisy = any(cell.noisy for cell in stage.cells)
    return {
        "stage": f"{module_of(stage, plan)}.{stage.name}",
        "cells": [cell.id for cell in stage.cells],
        "names": names,
        "earlier": earlier,
        "stdout": None
        if noisy or any(map(judge.private, _printed_parts(runs[0])))
        else _agreed_text(texts, judge.rtol),
        "shown": None,
        "metrics": metrics[0] if not any(difference(metrics[0], m, judge.rtol) for m in metrics[1:]) else None,
    }


def _before(runs: Sequence[Sequence[CellRun]], name: str, judge: _Judge) -> list[Any]:
    """Values that a name had at the end of earlier cells of a stage, in all runs alike; only where none of them is
    private or takes long to look at."""
    taken = [[cell.names[name] for cell in cells if name in cell.names] for cells in runs]
    first = taken[0]
    if len({len(values) for values in taken}) > 1 or not all(map(_is_light, first)) or any(map(judge.private, first)):
        return []
    agreed = zip(*taken, strict=True)
    same = [v[0] for v in agreed if not any(difference(v[0], other, judge.rtol) for other in v[1:])]
    last = first[-1:]
    return [value for value, after in pairwise([*same, *last]) if difference(value, after, judge.rtol)]


def _is_light(value: Any) -> bool:
    text = "" if value is None or is_type_only(value) else json.dumps(value)
    return 0 < len(text) <= _LIGHT and "sha256" not in text and "projection" not in text


def _last(cells: Sequence[CellRun], name: str) -> Any:
    found: Any = _ABSENT
    for cell in cells:
        if name in cell.names:
            found = cell.names[name]
    return found


def _printed_parts(cells: Sequence[CellRun]) -> list[str]:
    return [o.text for cell in cells for o in cell.outputs if o.kind is OutputKind.STREAM]


def _printed(cell: CellRun) -> str:
    return "".join(o.text for o in cell.outputs if o.kind is OutputKind.STREAM and o.stream == "stdout")


def _agreed_text(texts: Sequence[str], rtol: float) -> str | None:
    if any(text_difference(texts[0], text, rtol) for text in texts[1:]) or len(texts[0]) > _LONGEST_TEXT:
        return None
    return texts[0]


def expected_json(truth: Truth, start: str, rtol: float) -> dict[str, Any]:
    """The truth as the golden module reads it: `start` is the folder below the test data where the pipeline stands."""
    return {"start": start, "rtol": rtol, "final": dict(truth.final), "stages": [dict(s) for s in truth.stages]}


def with_package_shows(
    truth: Truth,
    found: Sequence[Mapping[str, Any]],
    outcome: Outcome,
    rtol: float,
    private: IsPrivate = lambda value: False,
) -> Truth:
    """The truth with what the package itself showed, where its runs agree, and without text that it prints otherwise.

    The notebook's displays are text; the package's are values: once its values are proven they guard against change.
    """
    quiet = {p.stage for p in outcome.problems if p.words.startswith("printed text")}
    runs = [{stage["stage"]: stage for stage in one["stages"]} for one in found]
    stages = []
    for stage in truth.stages:
        shown = [run.get(stage["stage"], {}).get("shown") for run in runs]
        same = not any(difference(shown[0], other, rtol) for other in shown[1:])
        agreed = shown[0] if same and not private(shown[0]) else None
        text = None if stage["stage"] in quiet else stage["stdout"]
        stages.append({**stage, "shown": agreed, "stdout": text})
    return replace(truth, stages=tuple(stages))
