"""What a magic does to names: the statement it runs, the names it reads in its text, the names it binds."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from nb_mlops.analysis.python import Magic
from nb_mlops.analysis.walk import walk
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.magics import (
    BINDS_ARGUMENTS,
    BINDS_FIRST,
    BINDS_OPTION,
    DISCARDS_BINDINGS,
    NOT_EXPANDED,
    READS_OPTION,
    STATEMENT,
    WILDCARD,
)
from nb_mlops.knowledge.stars import pylab_names


class Effect(Struct, frozen=True):
    """`statement` is Python that runs in the notebook's namespace; `soft` are names that the text mentions."""

    statement: str = ""
    soft: frozenset[str] = frozenset()
    binds: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    wildcard: bool = False
    clears: bool = False
    discards: bool = False


def effect(magic: Magic, body: str = "") -> Effect:
    """What a magic does; `body` is the text below a cell magic that is not Python."""
    if magic.kind == "help":
        return Effect()
    name, args = magic.name, magic.args
    soft = frozenset[str]() if name in NOT_EXPANDED else interpolated(args)
    if magic.kind == "shell":
        return Effect(soft=soft)
    if name in ("sql", "bigquery") and body:
        soft |= interpolated(body) | frozenset(re.findall(r"(?<!:):([^\W\d]\w*)", body))
    soft |= frozenset(_option(args, READS_OPTION.get(name, ()))) & frozenset(_identifiers(args))
    statement = ""
    if name in STATEMENT:
        statement = _after_options(args, STATEMENT[name])
        soft |= frozenset(re.findall(r"-f\s+([^\W\d]\w*)", args)) if name in ("lprun", "mprun") else frozenset()
    return Effect(
        statement,
        soft | frozenset(_stored(name, args)[1]),
        (*_bound(magic), *_stored(name, args)[0]),
        _deleted(name, args),
        name in WILDCARD or (name == "store" and args.strip() in ("-r", "-r -z")),
        name == "reset" and not set(args.split()) & {"in", "out", "dhist", "array"},
        name in DISCARDS_BINDINGS,
    )


_INTERPOLATION = pattern(r"\$([^\W\d]\w*)|\{([^{}\n]+)\}")


def interpolated(text: str) -> frozenset[str]:
    """The names in `$name` and `{expression}`; IPython leaves alone what it cannot evaluate, so they are soft."""
    found: set[str] = set()
    for name, expression in _INTERPOLATION.findall(text):
        if name:
            found.add(name)
            continue
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found.update(_identifiers(expression)[:1])
            continue
        found.update(node.id for node in walk(tree) if isinstance(node, ast.Name))
    return frozenset(found)


def _bound(magic: Magic) -> tuple[str, ...]:
    name, args = magic.name, magic.args
    if name in BINDS_ARGUMENTS:
        return tuple(_identifiers(args))
    if name == "pylab":
        return tuple(sorted(pylab_names(args)))
    bound = list(_option(args, BINDS_OPTION.get(name, ())))
    words = args.split()
    if name == "capture":  # none of its options takes a value
        bound += [word for word in words if not word.startswith("-")][:1]
    elif name in BINDS_FIRST and words:
        last = words[-1] if len(words) > 1 and not words[-2].startswith("-") else ""
        first = words[0] if not words[0].startswith("-") else last
        bound.append(first)
    into = re.match(r"(?:\S+\s+)?([^\W\d]\w*)\s*<<", args)
    if into and name in ("sql", "duckdb"):
        bound.append(into[1])
    return tuple(word for word in bound if word.isidentifier())


def _deleted(name: str, args: str) -> tuple[str, ...]:
    """`%xdel x`, `%reset_selective -f ^x$`; what a looser pattern deletes is not known."""
    if name == "xdel":
        return tuple(_identifiers(args)[-1:])
    exact = re.search(r"\^([^\W\d]\w*)\$$", args.strip()) if name == "reset_selective" else None
    return (exact[1],) if exact else ()


def _stored(name: str, args: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`%store -r a` binds `a`; `%store a` reads it."""
    if name != "store":
        return (), ()
    names = tuple(word for word in args.split() if word.isidentifier())
    if "-r" in args.split():
        return names, ()
    return (), () if args.lstrip().startswith("-") else names[:1]


def _option(args: str, options: tuple[str, ...]) -> list[str]:
    words = args.replace("=", " ").split()
    found: list[str] = []
    for option, value in pairwise(words):
        if option in options:
            found.extend(re.split(r"[,|]", value))
    return [word.lstrip("$") for word in found if word.lstrip("$").isidentifier()]


def _after_options(args: str, options: str) -> str:
    """The statement that stands after getopt-style options."""
    rest = args.strip()
    while rest.startswith("-") and len(rest) > 1 and rest[1].isalpha():
        word, _, rest = rest.partition(" ")
        rest = rest.lstrip()
        if f"{word[1]}:" in options and len(word) == 2:
            rest = rest.partition(" ")[2].lstrip()
    return rest


def _identifiers(text: str) -> list[str]:
    return re.findall(r"[^\W\d]\w*", text)
