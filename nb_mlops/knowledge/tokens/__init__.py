"""The formats of provider tokens: one row a format, from which matcher, validity check and documentation derive.

Written by hand from public facts. An issuer's line names its page on such keys; a row says from where its form is known
(`seen`), for few issuers print it. The tables stand in the modules beside this one, as text that is read when the first
long word is met:

    Issuer  page on its keys  what to do when a token got out
      name  title  VARIABLE  shape  options

with two or more spaces between the columns. VARIABLE is the environment variable that the issuer's own tools read. In a
shape stand literals, alternatives `(a|b)` of literals, and runs `<alphabet count>` or `<alphabet least-most>`; `<uuid>` is
short for its five groups. Options: `near=word,word`, one of which, and a word such as `key` or `token`, must stand before
the value on its line, for formats that nothing else tells from a checksum; `check=name`, a check in
checks.py beside this; `has=text`, a piece that true tokens contain; `find=text`, what to look for where the shape
has no long word behind a literal; `unsure`, where others use the shape too; `seen=letters`, who shows the form (`KNOWN_FROM`),
without it, no public source was found. Failing a check, a missing piece and `unsure` lower
confidence. A new format is one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import TypeAlias

from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct

ALPHABETS = {
    "an": "A-Za-z0-9",
    "an-": "A-Za-z0-9-",
    "an_": "A-Za-z0-9_",
    "an%": "A-Za-z0-9%",
    "az": "A-Za-z",
    "b32": "A-Z2-7",
    "b32low": "a-z2-7",
    "b64": "A-Za-z0-9+/",
    "d": "0-9",
    "hex": "0-9a-f",
    "low": "a-z0-9",
    "low.": "a-z0-9.",
    "up": "A-Z0-9",
    "w": "A-Za-z0-9_-",
    "w.": "A-Za-z0-9_.-",
    "w=": "A-Za-z0-9_=-",
    "w+": "A-Za-z0-9_+-",
    "w~": "A-Za-z0-9_.~-",
}
# Where the form of a token may be seen, by the letters of a row's `seen`. Detectors' rules are read as facts, not copied.
KNOWN_FROM = {
    "i": "issuer",
    "b": "betterleaks",
    "c": "CredSweeper",
    "g": "gitleaks",
    "k": "kingfisher",
    "n": "Nosey Parker",
    "t": "TruffleHog",
    "f": "public code that checks or hides such keys",
}
_UUID = "<hex 8>-<hex 4>-<hex 4>-<hex 4>-<hex 12>"
_PART = pattern(r"<([^ >]+) (\d+)(?:-(\d+))?>|\(([^()]*)\)|[^<(]+")
_GAP = pattern(r" {2,}")


class Run(Struct, frozen=True):
    """From `least` to `longest` characters of an alphabet (a regular expression's character class without brackets)."""

    alphabet: str
    least: int
    longest: int


class OneOf(Struct, frozen=True):
    """One of these words."""

    words: tuple[str, ...]


Part: TypeAlias = str | Run | OneOf


class TokenFormat(Struct, frozen=True):
    """What one kind of token looks like, who issues it, and what to do when it got out."""

    name: str
    title: str
    issuer: str
    shape: str
    env: str
    source: str
    leaked: str
    near: tuple[str, ...] = ()
    check: str = ""
    has: str = ""
    find: str = ""
    sure: bool = True
    seen: tuple[str, ...] = ()


@cache
def formats() -> tuple[TokenFormat, ...]:
    """Every format of every table."""
    from nb_mlops.knowledge.tokens import (  # two hundred rows, which a notebook without a long word does not need
        business,
        clouds,
        data,
        learning,
        messages,
        models,
        operations,
        software,
    )

    tables = (models, learning, clouds, software, data, operations, messages, business)
    return tuple(form for module in tables for form in _rows(module.TABLE))


def _rows(table: str) -> Iterator[TokenFormat]:
    issuer = source = leaked = ""
    for line in table.strip().split("\n"):
        columns = _GAP.split(line.strip())
        if line[0] != " ":
            issuer, source, leaked = columns
            continue
        name, title, env, shape, *rest = columns
        options = dict(word.partition("=")[::2] for word in rest[0].split(" ")) if rest else {}
        near = options.get("near", "")
        yield TokenFormat(
            name,
            f"{issuer} {title}",
            issuer,
            shape,
            env,
            source,
            leaked,
            tuple(near.split(",")) if near else (),
            options.get("check", ""),
            options.get("has", ""),
            options.get("find", ""),
            "unsure" not in options,
            tuple(KNOWN_FROM[letter] for letter in options.get("seen", "")),
        )


@cache
def parts(shape: str) -> tuple[Part, ...]:
    """A shape taken apart."""
    found: list[Part] = []
    for match in _PART.finditer(shape.replace("<uuid>", _UUID)):
        alphabet, least, most, words = match.groups()
        if alphabet:
            found.append(Run(ALPHABETS[alphabet], int(least), int(most or least)))
        elif words is not None:
            found.append(OneOf(tuple(words.split("|"))))
        else:
            found.append(match.group())
    return tuple(found)


def words_of(some: tuple[Part, ...]) -> tuple[str, ...]:
    """Every text that a stretch of literals and alternatives can be."""
    choices = ((part,) if isinstance(part, str) else part.words for part in some if not isinstance(part, Run))
    return tuple("".join(words) for words in product(*choices))
