"""Tokens made up when a test runs, by the table of formats: none stands in the repository."""

from __future__ import annotations

import random
import re
import zlib

from nb_mlops.knowledge.tokens import TOKENS, OneOf, Run, TokenFormat

_PRINTABLE = [chr(code) for code in range(33, 127)]
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FORMATS = {form.name: form for form in TOKENS}


def token(name: str, seed: int = 0) -> str:
    """A value of the right shape, checksum and marker included."""
    form, chance = FORMATS[name], random.Random(f"{name}{seed}")
    value = "".join(_part(part, chance) for part in form.shape)
    if form.checksum == "crc32-base62":
        value = value[:-6] + _crc(value[4:-6])
    if form.checksum == "base32":
        value = value[:4] + "".join(chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in value[4:])
    if form.marker:
        middle = len(value) - 28
        value = value[:middle] + form.marker + value[middle + len(form.marker) :]
    return value


def in_context(form: TokenFormat, value: str) -> str:
    """A line of code with the value, and with the word that its format needs before it."""
    return f'{form.near[0] if form.near else "credential"} = "{value}"'


def _part(part: str | Run | OneOf, chance: random.Random) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, OneOf):
        return chance.choice(part.words)
    alphabet = [c for c in _PRINTABLE if re.match(f"[{part.alphabet}]", c)]
    ends = [c for c in alphabet if c.isalnum()] or alphabet
    size = chance.randint(part.least, part.longest)
    return "".join(chance.choice(ends if n in (0, size - 1) else alphabet) for n in range(size))


def _crc(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, rest = divmod(number, 62)
        digits = _BASE62[rest] + digits
    return digits.rjust(6, "0")
