"""Values of a format that nobody issued, for tests and measuring: none stands in the repository."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from nb_mlops.knowledge.tokens import OneOf, Part, Run, TokenFormat, parts
from nb_mlops.knowledge.tokens.checks import completed

# A number from the first to the second, both included, as random.Random.randint gives one.
Between = Callable[[int, int], int]


def forge(form: TokenFormat, between: Between) -> str:
    """A value of the right shape that passes the format's check and holds the piece that true tokens hold."""
    value = completed(form.check, "".join(_part(part, between) for part in parts(form.shape)))
    if form.has and form.has not in value:
        middle = max(len(value) - 28, len(value) // 2)
        value = value[:middle] + form.has + value[middle + len(form.has) :]
    return value


def _part(part: Part, between: Between) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, OneOf):
        return part.words[between(0, len(part.words) - 1)]
    return _run(part, between)


def _run(run: Run, between: Between) -> str:
    """Letters and digits at both ends, for what ends in a sign is cut short by whoever quotes it."""
    alphabet, ends = _alphabet(run.alphabet)
    size = between(run.least, run.longest)
    pools = (ends if n in (0, size - 1) else alphabet for n in range(size))
    return "".join(pool[between(0, len(pool) - 1)] for pool in pools)


@cache
def _alphabet(characters: str) -> tuple[str, str]:
    whole = "".join(c for c in map(chr, range(33, 127)) if re.match(f"[{characters}]", c))
    return whole, "".join(c for c in whole if c.isalnum())
