"""One run of a notebook against another: cell by cell, metric by metric, the model, and the variables behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nb_mlops.compare.mimes import compare_data
from nb_mlops.compare.numbers import close
from nb_mlops.compare.text import compare_text
from nb_mlops.compare.tolerances import Likeness, Tolerances, together
from nb_mlops.core.notebook import Output, OutputKind
from nb_mlops.core.run import CellRun, Metric, RunRecord
from nb_mlops.core.wording import many
from nb_mlops.portable.declare import METRIC_MIME, MODEL_MIME
from nb_mlops.portable.difference import difference, is_type_only


@dataclass(frozen=True, slots=True)
class RunComparison:
    """How `label` parts from the base run.

    `cells` maps a cell to where its outputs part, `metrics` a metric to its two values in words; `names` maps a cell
    to the variables that came out of it differently (they explain, but do not count by themselves).
    """

    label: str
    factors: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[int, str] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    names: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    forgiven: frozenset[str] = frozenset()

    @property
    def same(self) -> bool:
        """Whether the two runs gave the same answer."""
        return not (self.cells or self.metrics or self.model)


def compare_runs(base: RunRecord, other: RunRecord, tolerances: Tolerances) -> RunComparison:
    """Compare two runs that both reached their end."""
    theirs = {cell.index: cell for cell in other.cells}
    likeness = {
        cell.index: compare_outputs(cell.outputs, theirs[cell.index].outputs, tolerances)
        for cell in base.cells
        if cell.index in theirs
    }
    missing = {cell.index: "the cell was not run" for cell in base.cells if cell.index not in theirs}
    return RunComparison(
        label=other.label,
        factors=other.factors,
        cells={**{i: found.difference for i, found in likeness.items() if not found.same}, **missing},
        metrics=_metrics(base.metrics, other.metrics, tolerances),
        model=_model(base, other, tolerances),
        names={cell.index: parted for cell in base.cells if (parted := _names(cell, theirs, tolerances))},
        forgiven=frozenset().union(*(found.forgiven for found in likeness.values())),
    )


def compare_outputs(a: tuple[Output, ...], b: tuple[Output, ...], tolerances: Tolerances) -> Likeness:
    """Whether a cell showed the same twice.

    What was printed is compared as one text, wherever it was cut; displays one by one, in order; errors by name and
    message. What went to stderr is not judged: progress bars and warnings come and go.
    """
    printed = compare_text(_printed(a), _printed(b), tolerances)
    ours, theirs = list(_shown(a)), list(_shown(b))
    if len(ours) != len(theirs):
        return together(printed, Likeness(f"{many(len(ours), 'output')} became {many(len(theirs), 'output')}"))
    shown = (_display(x, y, tolerances) for x, y in zip(ours, theirs, strict=True))
    return together(printed.within("printed text"), *shown)


def _printed(outputs: Iterable[Output]) -> str:
    return "".join(o.text for o in outputs if o.kind is OutputKind.STREAM and o.stream != "stderr")


def _shown(outputs: Iterable[Output]) -> Iterator[Output]:
    for output in outputs:
        # Declared metrics and models are compared by value elsewhere; their line on the screen says the same.
        if output.kind is not OutputKind.STREAM and not output.data.keys() & {METRIC_MIME, MODEL_MIME}:
            yield output


def _display(a: Output, b: Output, tolerances: Tolerances) -> Likeness:
    if a.error is None and b.error is None:
        return compare_data(a.data, b.data, tolerances)
    if a.error is None or b.error is None:
        return Likeness("an error came or went")
    if a.error.name != b.error.name:
        return Likeness(f"`{a.error.name}` became `{b.error.name}`")
    return compare_text(a.error.value, b.error.value, tolerances).within(f"the message of `{a.error.name}`")


def _metrics(a: tuple[Metric, ...], b: tuple[Metric, ...], tolerances: Tolerances) -> dict[str, str]:
    """Metrics by name; one that is declared several times (in a loop) by its turn."""
    found = {}
    ours, theirs = _by_name(a), _by_name(b)
    for name in dict.fromkeys([*ours, *theirs]):
        x, y = ours.get(name, []), theirs.get(name, [])
        if len(x) != len(y):
            found[name] = f"declared {len(x)} times, then {len(y)} times"
        elif parted := [(one, other) for one, other in zip(x, y, strict=True) if not close(one, other, tolerances)]:
            found[name] = f"{parted[0][0]!r} became {parted[0][1]!r}"
    return found


def _by_name(metrics: tuple[Metric, ...]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for metric in metrics:
        found.setdefault(metric.name, []).append(metric.value)
    return found


def _model(base: RunRecord, other: RunRecord, tolerances: Tolerances) -> str:
    if base.model is None and other.model is None:
        return ""
    if base.model is None or other.model is None:
        return "only one of the two runs declared a model"
    if base.model.kind != other.model.kind:
        return "the models are of different classes"
    return difference(base.model.fingerprint, other.model.fingerprint, tolerances.rtol, tolerances.atol) or ""


def _names(cell: CellRun, theirs: Mapping[int, CellRun], tolerances: Tolerances) -> dict[str, str]:
    other = theirs.get(cell.index)
    if other is None:
        return {}
    found = {}
    for name, value in cell.names.items():
        words = _variable(value, other.names.get(name, value), tolerances)
        if words:
            found[name] = words
    return found


def _variable(a: Any, b: Any, tolerances: Tolerances) -> str:
    if is_type_only(a) or is_type_only(b):
        return ""
    return difference(a, b, tolerances.rtol, tolerances.atol) or ""
