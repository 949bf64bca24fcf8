"""What a cell is called where there is room for one line."""

from __future__ import annotations

from nb_mlops.analysis.sensitive.mask import mask

_LONGEST = 60
_SAYS_LITTLE = ("import ", "from ", "%", "!")


def title_of(source: str) -> str:
    """The first line of a cell that says something, a comment without its sign. Secrets and personal values in it are
    covered; "" for an empty cell."""
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    told = [line for line in lines if not line.startswith(_SAYS_LITTLE)] or lines
    line = mask(told[0].lstrip("# ")) if told else ""
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
