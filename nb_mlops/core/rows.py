"""By what a row of a table is known again wherever it is shown: marks of three cells that stand side by side.

An index in front, columns that are left out and rounded numbers leave enough of them. A mark is a number; the values
cannot be read from it, though whoever has a guess may try it, so marks stay in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb_mlops.core.hashing import blake2b

_SIDE = 3
_LEAST = 12  # letters and digits of a mark: fewer may be the same by chance


def row_marks(cells: Sequence[str]) -> Iterator[int]:
    """The marks of a row; none where its cells say too little."""
    plain = [_plain(cell) for cell in cells]
    for at in range(len(plain) - _SIDE + 1):
        three = plain[at : at + _SIDE]
        if all(three) and len(set(three)) == _SIDE and sum(map(len, three)) >= _LEAST:
            yield int.from_bytes(blake2b("\0".join(three).encode(), digest_size=8).digest(), "big")


def _plain(cell: str) -> str:
    """A value however it is written: numbers to four digits, text in lower case."""
    text = cell.strip().casefold()
    try:
        return f"{float(text):.4g}"
    except ValueError:
        return "" if text in ("", "...", "…", "none", "null") else " ".join(text.split())
