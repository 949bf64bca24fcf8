"""Are new rows like the rows that a model was measured on? Counts of both in, what differs out, with how sure that is.

Every column is asked several things at once, so each answer must be surer than one alone would have to be (Bonferroni):
among `TESTS` questions of columns that are alike, one in twenty times one alarm rings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any

SURE = 0.05
# Differences that are sure may still be too small to matter: these are the least that are told.
LEAST_PSI = 0.1
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """How one column changed. `psi` and `ks` come with the limit that they would stay below, `level` in all, if
    nothing had changed; shares are of the new rows, `before` of those at the evaluation."""

    name: str
    there: bool
    psi: float | None = None
    psi_limit: float = math.inf
    ks: float | None = None
    ks_limit: float = math.inf
    missing: float = 0.0
    missing_before: float = 0.0
    missing_sure: bool = False
    outside: float = 0.0
    outside_sure: bool = False
    unknown: float = 0.0
    unknown_before: float = 0.0
    unknown_sure: bool = False
    strange: float = 0.0

    @property
    def shifted(self) -> bool:
        """Whether the values are surely spread otherwise, and by enough to matter."""
        by_psi = self.psi is not None and self.psi > max(self.psi_limit, LEAST_PSI)
        return by_psi or (self.psi is None and self.ks is not None and self.ks > max(self.ks_limit, LEAST_SHARE))


def changes(profile: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """One change for each column of the profile, in its order. `found` holds what portable.drift counted."""
    counted = {one["name"]: one for one in found}
    alone = SURE / max(1, 4 * len(profile))
    return tuple(_change(one, counted[one["name"]], alone) for one in profile if one["name"] in counted)


def _change(known: Mapping[str, Any], now: Mapping[str, Any], alone: float) -> Change:
    if not now["there"]:
        return Change(known["name"], False)
    rows, before = now["rows"], known["rows"]
    missing = now["missing"] / rows
    made: dict[str, Any] = {
        "missing": missing,
        "missing_before": known["missing"],
        "missing_sure": _risen(missing, rows, known["missing"], before, alone),
    }
    if known["quantiles"] and now["numbers"]:
        made.update(_of_numbers(known, now, alone), strange=now["strange"] / rows)
    if known["labels"] and rows > now["missing"]:
        made.update(_of_labels(known, now, alone))
    return Change(known["name"], True, **made)


def _of_numbers(known: Mapping[str, Any], now: Mapping[str, Any], alone: float) -> dict[str, Any]:
    """PSI over tenths, KS at all quantiles, and the share outside of the outermost ones."""
    steps = _steps(len(known["quantiles"]))
    rows, before = now["numbers"], max(1, round(known["rows"] * (1 - known["missing"])))
    outside = (now["below"][0] + rows - now["up_to"][-1]) / rows
    # Where many values are equal, the share up to a quantile may be more than its name says: no gap is made of that.
    gaps = [
        max(below / rows - share, share - up_to / rows, 0.0)
        for share, below, up_to in zip(steps, now["below"], now["up_to"], strict=True)
    ]
    made: dict[str, Any] = {
        "ks": max(gaps),
        "ks_limit": math.sqrt(-math.log(alone / 2) / 2) * math.sqrt((rows + before) / (rows * before)),
        "outside": outside,
        "outside_sure": _risen(outside, rows, steps[0] + 1 - steps[-1], before, alone),
    }
    tenths = range(2, len(steps) - 1, 2)
    if len({known["quantiles"][i] for i in tenths}) == len(tenths):
        up_to = [0, *(now["up_to"][i] for i in tenths), rows]
        shares = [0.0, *(steps[i] for i in tenths), 1.0]
        observed = [(later - earlier) / rows for earlier, later in pairwise(up_to)]
        expected = [later - earlier for earlier, later in pairwise(shares)]
        made.update(psi=psi(expected, observed, rows), psi_limit=psi_limit(len(expected), rows, before, alone))
    return made


def _of_labels(known: Mapping[str, Any], now: Mapping[str, Any], alone: float) -> dict[str, Any]:
    rows, before = now["rows"] - now["missing"], max(1, round(known["rows"] * (1 - known["missing"])))
    expected, counts = list(known["labels"].values()), [now["labels"][label] for label in known["labels"]]
    rest, unknown = max(0.0, 1 - sum(expected)), (rows - sum(counts)) / rows
    observed = [count / rows for count in counts]
    if rest or unknown:
        expected, observed = [*expected, rest], [*observed, unknown]
    return {
        "psi": psi(expected, observed, rows),
        "psi_limit": psi_limit(len(expected), rows, before, alone),
        "unknown": unknown,
        "unknown_before": rest,
        "unknown_sure": _risen(unknown, rows, rest, before, alone),
    }


def psi(expected: Sequence[float], observed: Sequence[float], rows: int) -> float:
    """The population stability index of two lists of shares. An empty bin counts as half a row."""
    least = 0.5 / rows
    pairs = ((max(e, least), max(o, least)) for e, o in zip(expected, observed, strict=True))
    return sum((o - e) * math.log(o / e) for e, o in pairs)


def psi_limit(bins: int, rows: int, before: int, alone: float) -> float:
    """What the index stays below with probability 1 - `alone` when nothing changed: (1/n + 1/m) times the quantile of
    chi squared (Yurdakul and Naranjo 2020, "Statistical properties of the population stability index")."""
    return (1 / rows + 1 / before) * _chi_squared(bins - 1, alone)


def _chi_squared(degrees: int, alone: float) -> float:
    """The upper quantile of chi squared, by Wilson and Hilferty (1931)."""
    if degrees < 1:
        return math.inf
    part = 2 / (9 * degrees)
    return float(degrees * (1 - part + NormalDist().inv_cdf(1 - alone) * math.sqrt(part)) ** 3)


def _risen(now: float, rows: int, before: float, rows_before: int, alone: float) -> bool:
    """Whether a share has surely risen, and by enough to matter: two proportions, each with half a row added."""
    one, other = (now * rows + 0.5) / (rows + 1), (before * rows_before + 0.5) / (rows_before + 1)
    spread = math.sqrt(one * (1 - one) / rows + other * (1 - other) / rows_before)
    return now - before >= LEAST_SHARE and one - other > NormalDist().inv_cdf(1 - alone) * spread


def _steps(count: int) -> tuple[float, ...]:
    """The shares that the quantiles stand for, as portable.columns writes them down."""
    inner = count - 1
    return (0.005, *(i / inner for i in range(1, inner)), 0.995)


def fallen(before: Mapping[str, Any], now: Mapping[str, Any], tolerance: float) -> tuple[float, float, float] | None:
    """By how much a metric is worse now, with the ends of the 95 % interval of that, when it surely is, by more than
    the share `tolerance` of what it was; else None. The rows are other rows, so both intervals count."""
    values = (before["value"], before["low"], before["high"], now["value"], now["low"], now["high"])
    if any(value is None for value in values):
        return None
    sign = 1 if before["higher_is_better"] else -1
    drop = sign * (before["value"] - now["value"])
    half = math.hypot(before["high"] - before["low"], now["high"] - now["low"]) / 2
    if drop - half <= 0 or drop <= tolerance * abs(before["value"]):
        return None
    return drop, drop - half, drop + half
