"""One kind for each row of the table of token formats, its values forged from the row itself."""

from __future__ import annotations

import re
import zlib
from random import Random

from nb_mlops.knowledge.tokens import TOKENS, OneOf, Run, TokenFormat
from planting.frame import Kind, Plant

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _part(part: str | Run | OneOf, chance: Random) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, OneOf):
        return chance.choice(part.words)
    alphabet = [chr(c) for c in range(33, 127) if re.match(f"[{part.alphabet}]", chr(c))]
    ends = [c for c in alphabet if c.isalnum()] or alphabet
    size = chance.randint(part.least, part.longest)
    return "".join(chance.choice(ends if n in (0, size - 1) else alphabet) for n in range(size))


def forged(form: TokenFormat, chance: Random) -> str:
    """A value of the format."""
    value = "".join(_part(part, chance) for part in form.shape)
    if form.checksum == "crc32-base62":
        number, digits = zlib.crc32(value[4:-6].encode()), ""
        while number:
            number, rest = divmod(number, 62)
            digits = _BASE62[rest] + digits
        value = value[:-6] + digits.rjust(6, "0")
    return value


def _kind(form: TokenFormat) -> Kind:
    return Kind(form.name, "SE", lambda chance: Plant(forged(form, chance), form.env.lower()), "table")


TABLE = [_kind(form) for form in TOKENS]
