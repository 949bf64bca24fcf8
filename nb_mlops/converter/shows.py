"""What the notebook's cells showed, beside what the package shows: results as values, figures as what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nb_mlops.core.notebook import OutputKind
from nb_mlops.core.run import CellRun
from nb_mlops.portable.difference import difference, is_type_only
from nb_mlops.portable.golden import type_of

_FIGURE = "matplotlib.figure.Figure"
# Handles of what stands in a figure, and a model that `fit` gives back: a notebook shows them because they come last.
_HANDLES = ("matplotlib.", "seaborn.")


@dataclass(frozen=True, slots=True)
class Shown:
    """Fingerprints of what a stage showed and that can be compared, in their order."""

    results: tuple[Any, ...] = ()
    figures: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """What the package does not show as the notebook did. `words` is "" where it shows all of it; `value` says that
    it shows another value in the place, and not merely more or less."""

    found: int
    words: str = ""
    value: bool = False


def shown(values: Iterable[Any]) -> Shown:
    """Sort what was shown; what only has a type is left out."""
    every = list(values)
    figures = tuple(value for value in every if _is_figure(value))
    return Shown(tuple(v for v in every if not _is_figure(v) and not is_type_only(v) and not _is_handle(v)), figures)


def _is_figure(value: Any) -> bool:
    return type_of(value) == _FIGURE


def _is_handle(value: Any) -> bool:
    """Whether it is part of a figure or a fitted model, or holds one at any place."""
    if isinstance(value, dict) and value.keys() >= {"params", "fitted"}:
        return True
    if isinstance(value, dict):
        inner = [*value.get("items", ()), *(pair[1] for pair in value.get("pairs", ()))]
        return str(value.get("type", "")).startswith(_HANDLES) or any(map(_is_handle, inner))
    return False


def without_result(cell: CellRun) -> tuple[Any, ...]:
    """What a cell showed but the value of its last expression: the limits that `plt.ylim(0, 1)` returns, say."""
    if not any(output.kind is OutputKind.EXECUTE_RESULT for output in cell.outputs):
        return tuple(cell.shown)
    last = max((i for i, value in enumerate(cell.shown) if not _is_figure(value)), default=-1)
    return tuple(value for i, value in enumerate(cell.shown) if i != last)


def agreed(runs: Sequence[Shown], rtol: float) -> Shown:
    """What all runs showed alike; nothing where they did not show equally much."""
    return Shown(_agreed([run.results for run in runs], rtol), _agreed([run.figures for run in runs], rtol))


def _agreed(runs: Sequence[Sequence[Any]], rtol: float) -> tuple[Any, ...]:
    if len({len(run) for run in runs}) != 1:
        return ()
    return tuple(a for a, *others in zip(*runs, strict=True) if not any(difference(a, b, rtol) for b in others))


def results_lacking(expected: Sequence[Any], found: Sequence[Any], rtol: float) -> Lack:
    """Which results the package shows, in the notebook's order."""
    lost = _lost(expected, found, rtol)
    words = ""
    if lost and len(expected) == len(found):
        part = next(filter(None, (difference(a, b, rtol) for a, b in zip(expected, found, strict=True))), "")
        return Lack(len(expected) - len(lost), f"what is shown: {part}", True)
    if lost:
        words = f"{len(lost)} of {len(expected)} shown results are not among the {len(found)} that the package shows"
    return Lack(len(expected) - len(lost), words)


def figures_lacking(expected: Sequence[Any], found: Sequence[Any], rtol: float) -> Lack:
    """Which figures the package draws, in the notebook's order."""
    lost = _lost(expected, found, rtol)
    words = f"{len(lost)} of {len(expected)} figures are drawn with other titles, lines or parts" if lost else ""
    return Lack(len(expected) - len(lost), words)


def _lost(expected: Sequence[Any], found: Sequence[Any], rtol: float) -> list[Any]:
    """What of `expected` does not come in `found`, which may hold more."""
    place, lost = 0, []
    for value in expected:
        here = (i for i in range(place, len(found)) if difference(value, found[i], rtol) is None)
        at = next(here, None)
        if at is None:
            lost.append(value)
        else:
            place = at + 1
    return lost
