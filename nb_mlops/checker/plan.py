"""Which runs to make: ask and tell. The caller makes the runs asked for and asks again, until there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nb_mlops.checker.compare_runs import compare_runs
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.run import RunRecord, RunRequest
from nb_mlops.core.value import replace

SEED = "PYTHONHASHSEED"


@dataclass(frozen=True, slots=True)
class Plan:
    """`base` is the first run; `repeat` is how many runs there are in all, the last one with another hash seed."""

    base: RunRequest
    repeat: int = 3
    tolerances: Tolerances = field(default_factory=Tolerances)


def next_runs(plan: Plan, records: Sequence[RunRecord]) -> tuple[RunRequest, ...]:
    """The runs to make now, given what came of the earlier ones; empty when enough is known.

    The base run comes alone, since a notebook that fails needs no second try. Of two runs only the second can differ,
    by chance or by its hash seed: then one plain repeat is asked for, to tell which.
    """
    wanted = requests(plan)
    if not records:
        return wanted[:1]
    if not records[0].ok:
        return ()
    made = {record.label for record in records}
    missing = tuple(request for request in wanted if request.label not in made)
    if missing or plan.repeat != 2 or len(records) > 2:
        return missing
    differs = not records[1].ok or not compare_runs(records[0], records[1], plan.tolerances).same
    return (_again(plan, 2, "0"),) if differs else ()


def requests(plan: Plan) -> tuple[RunRequest, ...]:
    """The runs of the plan: base, repeats under the same hash seed, and last one under another."""
    base = replace(plan.base, label="R0", environ={**plan.base.environ, SEED: "0"})
    repeats = tuple(_again(plan, i, "0") for i in range(1, plan.repeat - 1))
    other = (_again(plan, plan.repeat - 1, "1"),) if plan.repeat > 1 else ()
    return (base, *repeats, *other)


def _again(plan: Plan, number: int, seed: str) -> RunRequest:
    environ = {**plan.base.environ, SEED: seed}
    return replace(plan.base, label=f"R{number}", environ=environ, model_dir="", executed="")


def factors(plan: Plan, request: RunRequest) -> Mapping[str, str]:
    """What is different in this run from the base run."""
    base = {**plan.base.environ, SEED: "0"}
    return {name: value for name, value in request.environ.items() if base.get(name) != value}


def at_once(records: Sequence[RunRecord], processors: int) -> int:
    """How many runs may go at the same time: one, where the base run wrote files that another could meet half done."""
    return 1 if any(record.files_written for record in records) else max(1, min(2, processors))
