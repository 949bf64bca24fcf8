"""Which runs to make: ask and tell. The caller makes the runs asked for and asks again, until there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nb_mlops.checker.compare_runs import compare_runs
from nb_mlops.checker.factors import HASH_SEED, Factor, decides
from nb_mlops.compare.tolerances import Tolerances
from nb_mlops.core.run import RunRecord, RunRequest
from nb_mlops.core.value import replace

_BASE = {"PYTHONHASHSEED": "0"}
_MOST = 4  # runs at a time


@dataclass(frozen=True, slots=True)
class Plan:
    """`base` is the first run; `repeat` is how many runs there are at least, in the last of which everything in
    `perturb` is changed. When that one alone parts from the others, each factor is tried alone, to name the one.

    `alone` are factors that each get a run of their own in any case. `together` is how many runs begin with the first.
    """

    base: RunRequest
    repeat: int = 3
    tolerances: Tolerances = field(default_factory=Tolerances)
    perturb: tuple[Factor, ...] = (HASH_SEED,)
    alone: tuple[Factor, ...] = ()
    together: int = 1


def next_runs(plan: Plan, records: Sequence[RunRecord]) -> tuple[RunRequest, ...]:
    """The runs to make now, given what came of the earlier ones; empty when enough is known.

    The base run comes alone unless the plan says otherwise, since a notebook that fails needs no second try. Of two
    runs only the second can differ, by chance or by what was changed: then one plain repeat is asked for, to tell
    which. What can only differ by what was changed is run again with each factor alone.
    """
    wanted = requests(plan)
    if not records:
        return wanted[: plan.together]
    if not records[0].ok:
        return ()
    made = {record.label for record in records}
    missing = tuple(request for request in wanted if request.label not in made)
    if missing:
        return missing
    by_label = {request.label: factors(plan, request) for request in wanted}
    changed = {record.label: record.factors or by_label.get(record.label, {}) for record in records}
    parted = {r.label for r in records[1:] if decides(r) and _parts(plan, records[0], r)}
    plain = {record.label for record in records[1:] if not changed[record.label]}
    if not parted or parted & plain or plan.repeat < 2:
        return ()
    if not plain:
        return (_again(plan, len(records), ()),)
    tried = {tuple(found) for found in changed.values()}
    if len(plan.perturb) < 2 or not any(len(changed[label]) > 1 for label in parted):
        return ()
    alone = [factor for factor in plan.perturb if (factor.kind.value,) not in tried]
    return tuple(_again(plan, len(records) + i, (factor,)) for i, factor in enumerate(alone))


def _parts(plan: Plan, base: RunRecord, other: RunRecord) -> bool:
    return not other.ok or not compare_runs(base, other, plan.tolerances).same


def requests(plan: Plan) -> tuple[RunRequest, ...]:
    """The runs of the plan: base, plain repeats, one with everything perturbed, and those with one factor alone."""
    base = replace(plan.base, label="R0", environ={**plan.base.environ, **_BASE})
    repeats = tuple(_again(plan, i, ()) for i in range(1, plan.repeat - 1))
    other = (_again(plan, plan.repeat - 1, plan.perturb),) if plan.repeat > 1 else ()
    alone = tuple(_again(plan, plan.repeat + i, (factor,)) for i, factor in enumerate(plan.alone))
    return (base, *repeats, *other, *alone)


def _again(plan: Plan, number: int, factors: Sequence[Factor]) -> RunRequest:
    changed = replace(plan.base, label=f"R{number}", model_dir="", executed="")
    environ = {**plan.base.environ, **_BASE}
    for factor in factors:
        environ.update(factor.environ)
        changed = replace(
            changed, workdir=factor.workdir or changed.workdir, notebook=factor.notebook or changed.notebook
        )
    return replace(changed, environ=environ)


def factors(plan: Plan, request: RunRequest) -> Mapping[str, str]:
    """What is different in this run from the base run: the kinds of the factors, with their values."""
    base = {**plan.base.environ, **_BASE}
    found = {}
    for factor in (*plan.perturb, *plan.alone):
        set_here = all(request.environ.get(name) == value != base.get(name) for name, value in factor.environ.items())
        moved = factor.workdir in ("", request.workdir) and factor.notebook in ("", request.notebook)
        if set_here and moved and (factor.environ or factor.workdir or factor.notebook):
            found[factor.kind.value] = factor.value
    return found


def at_once(records: Sequence[RunRecord], processors: int, memory: float = 0.0) -> int:
    """How many more runs may go at the same time: one, where the base run wrote files that another could meet half
    done; and no more than the machine's `memory` (megabytes, 0: not known) holds."""
    if any(record.files_written for record in records):
        return 1
    most = min(2 if processors < 4 else _MOST, processors)
    peak = max((record.peak_mb for record in records), default=0.0)
    if memory and peak:
        most = min(most, int(0.6 * memory / peak))
    return max(1, most)
