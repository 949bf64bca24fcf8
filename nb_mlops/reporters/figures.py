"""Numbers for people: as many digits as count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def figure(value: float | str | None) -> str:
    """A measured value, three digits of it; NaN and infinity come as texts."""
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return value
    if abs(value) < 5e-5:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "\N{MINUS SIGN}")


def interval(found: Mapping[str, Any]) -> str:
    """` (95 %: low to high)`, nothing where there is none."""
    if found["low"] is None or found["high"] is None:
        return ""
    return f" (95 %: {figure(found['low'])} to {figure(found['high'])})"


def percent(share: float) -> str:
    """A share as a percentage; a small one is not nothing."""
    return f"{share:.0%}" if share == 0 or share >= 0.01 else "below 1%"
