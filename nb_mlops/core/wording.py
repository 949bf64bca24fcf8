"""Counts, lists and sizes as people read them, the same in every room."""

from __future__ import annotations

from collections.abc import Sequence


def many(number: int, noun: str, nouns: str = "") -> str:
    """`1 row`, `2 rows`; `nouns` for those that do not just take an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {nouns or f'{noun}s'}"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`; "" for none."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def size(number: float) -> str:
    """A number of bytes: `12 bytes`, `1.5 kB`, `3.0 MB`."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
