"""Deliberate mistakes in a package's code: its tests must notice them, or they hold it to nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Any, TypeAlias

from nb_mlops.converter.ending import only_shows
from nb_mlops.converter.modules import LIBRARY, Module
from nb_mlops.converter.package import Draft
from nb_mlops.converter.scopes import statements
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.converter.truth import Mutant, Truth
from nb_mlops.knowledge import words
from nb_mlops.portable.difference import is_type_only

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# Arguments that say how fast, how loud or how large, and nothing about values.
_STYLE = words(
    "n_jobs verbose figsize dpi alpha fontsize linewidth lw s ms markersize size rotation pad aspect width height"
    " tight_layout copy cache_size ncols nrows indent loc inplace"
)
_DRAWING = words("plt ax axes axs fig figure sns pyplot ax1 ax2 g")


def mutants(made: Draft, truth: Truth, limit: int) -> tuple[Mutant, ...]:
    """At most `limit` mistakes, spread evenly over the functions that hold the author's code and over three kinds: a
    constant changed, a statement left out, two statements swapped. Code whose values the tests cannot hold is spared.
    """
    spared = _spared(made, truth)
    queues: list[list[Mutant]] = []
    for module in made.modules:
        for function in tree_of(module.text).body:
            wanted = isinstance(function, ast.FunctionDef) and (function.name in spared or module.name == LIBRARY)
            if wanted and isinstance(function, ast.FunctionDef):
                own = spared.get(function.name)
                kinds = [list(kind) for kind in _kinds(module, function, own or frozenset(), own is not None)]
                queues.append([one for row in zip_longest(*kinds) for one in row if one is not None])
    found = [one for row in zip_longest(*queues) for one in row if one is not None]
    return tuple(found[:limit])


def _spared(made: Draft, truth: Truth) -> dict[str, frozenset[str]]:
    """By stage the names whose values its tests cannot hold: at the end, or when that stage ends."""
    always = truth.nondeterministic | truth.too_large | truth.private
    found = dict.fromkeys((stage.name for stage in made.plan.stages), always)
    for stage in truth.stages:
        loose = frozenset(name for name, value in stage["names"].items() if is_type_only(value))
        found[stage["stage"].rpartition(".")[2]] = always | loose
    return found


def is_alike(
    first: Mapping[str, Any] | None, second: Mapping[str, Any] | None, other: Mapping[str, Any] | None
) -> bool:
    """Whether a version of a package holds on its way what two runs of it (portable.closely) both hold: a mistake that
    makes no difference, so that no test of values could tell. One variable of a stage may for a while have held another
    value: where that changed nothing else, it was given up unused.
    """
    if first is None or second is None or other is None or first["calls"] != other["calls"]:
        return False
    steady = {place: taken for place, taken in first["held"].items() if second["held"].get(place) == taken}
    unlike = [place for place, taken in steady.items() if other["held"].get(place) != taken]
    return not unlike or (len(unlike) == 1 and _given_up(unlike[0], first["held"], other["held"]))


def _given_up(place: str, held: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]) -> bool:
    """Whether a variable of a stage ends with the same value; functions hold theirs but once."""
    return other.get(place, ())[-1:] == held[place][-1:]


def _kinds(module: Module, function: Function, spared: frozenset[str], stage: bool) -> Iterator[Iterator[Mutant]]:
    body = [node for node in function.body if not (stage and isinstance(node, (ast.Global, ast.Return)))]
    computing = [node for node in body if _computes(node, spared)] if stage else body
    yield _constants(module, computing, stage)
    if stage:
        yield _left_out(module, [node for node in computing if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr))])
        yield _swapped(module, body, computing)


def _computes(node: ast.stmt, spared: frozenset[str]) -> bool:
    """Whether a statement makes values that tests can hold; plots, prints and settings make none."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)) or only_shows(node):
        return False
    bound = {n.id for n in nodes(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call) and _root(node.value) not in _DRAWING | {"report", "sink"}
    return not (bound and bound <= spared | _DRAWING)


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _constants(module: Module, body: Sequence[ast.stmt], stage: bool) -> Iterator[Mutant]:
    for statement in body:
        if stage and not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr)):
            continue
        style = [k for k in nodes(statement) if isinstance(k, ast.keyword) and k.arg in _STYLE]
        spared = {id(node) for keyword in style for node in nodes(keyword)}
        for node in nodes(statement):
            if isinstance(node, ast.Constant) and id(node) not in spared:
                new = _other(node.value)
                text = _replaced(module.text, node, repr(node.value), new) if new else None
                if text:
                    yield Mutant(module.name, text, node.lineno, f"`{node.value!r}` changed to `{new}`")
                    break


def _other(value: object) -> str:
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int):
        return repr(value + 1)
    return repr(value * 1.5 + 0.25) if isinstance(value, float) else ""


def _replaced(text: str, node: ast.expr, old: str, new: str) -> str | None:
    lines = text.split("\n")
    raw = lines[node.lineno - 1].encode()
    start, end = node.col_offset, node.end_col_offset or 0
    if node.lineno != node.end_lineno or raw[start:end].decode(errors="replace").replace("_", "") != old:
        return None
    lines[node.lineno - 1] = (raw[:start] + new.encode() + raw[end:]).decode()
    return _valid("\n".join(lines))


def _left_out(module: Module, body: Sequence[ast.stmt]) -> Iterator[Mutant]:
    for node in body:
        lines = module.text.split("\n")
        last = node.end_lineno or node.lineno
        lines[node.lineno - 1 : last] = [" " * node.col_offset + "pass"]
        text = _valid("\n".join(lines))
        if text:
            yield Mutant(module.name, text, node.lineno, "a statement left out")


def _swapped(module: Module, body: Sequence[ast.stmt], computing: Sequence[ast.stmt]) -> Iterator[Mutant]:
    """Neighbours of which the second reads what the first makes."""
    for first, second in pairwise(body):
        made = {n.id for n in nodes(first) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        read = statements(ast.Module([second], []))[0].reads_at(0, 0)
        if first not in computing or second not in computing or not made & read:
            continue
        lines = module.text.split("\n")
        a, b = first.lineno - 1, first.end_lineno or first.lineno
        c, d = second.lineno - 1, second.end_lineno or second.lineno
        text = _valid("\n".join([*lines[:a], *lines[c:d], *lines[b:c], *lines[a:b], *lines[d:]])) if c >= b else None
        if text:
            yield Mutant(module.name, text, first.lineno, "two statements swapped")


def _valid(text: str) -> str | None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    return text
