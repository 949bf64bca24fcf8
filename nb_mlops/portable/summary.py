"""Summaries of many values in few: tolerant ones for measured numbers, exact ones for everything else."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from typing import Any

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
# Weights by place, irrational so that they do not repeat: a checksum of an order that still allows a tolerance.
STEP = 0.7548776662466927


def spread(count: int, limit: int) -> Sequence[int]:
    """At most `limit` indices below `count`, evenly spread, the first and the last among them."""
    if count <= limit:
        return range(count)
    return [i * (count - 1) // (limit - 1) for i in range(limit)]


def number_summary(values: Sequence[float]) -> dict[str, Any]:
    """Count, moments, quantiles, a sample, and `projection`: the sum weighted by place (its scale is `norm`)."""
    finite = [v for v in values if math.isfinite(v)]
    mean = math.fsum(finite) / len(finite) if finite else 0.0
    square = math.fsum((v - mean) ** 2 for v in finite) / len(finite) if finite else 0.0
    ordered = sorted(finite)
    return {
        "count": len(values),
        "finite": len(finite),
        "mean": mean,
        "std": math.sqrt(square),
        "quantiles": [ordered[round(q * (len(ordered) - 1))] for q in QUANTILES] if ordered else [],
        "sample": [plain(values[i]) for i in spread(len(values), 8)],
        "projection": math.fsum(v * math.cos(i * STEP) for i, v in enumerate(values) if math.isfinite(v)),
        "norm": math.fsum(abs(v) for v in finite),
    }


def plain(value: float) -> Any:
    """A float as JSON can hold it."""
    return value if math.isfinite(value) else {"type": "float", "value": repr(value)}


def exact_summary(parts: Iterable[bytes], sample: list[Any]) -> dict[str, Any]:
    """A digest over the parts, each framed by its length, and a few of the values to read."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return {"sha256": digest.hexdigest(), "sample": sample}
