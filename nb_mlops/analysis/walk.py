"""The nodes of a syntax tree, at a quarter of what `ast.walk` costs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from nb_mlops.knowledge import words

# Fields that hold no nodes, or only marks: operators, and whether a name is read or written.
_MARKS = words(
    "arg asname attr conversion ctx id is_async kind kwd_attrs level module op ops rest simple str tag type_comment"
    " type_ignores"
)
# Fields that hold no nodes in these kinds of node.
_TEXTS = {
    "name": words("FunctionDef AsyncFunctionDef ClassDef ExceptHandler alias MatchAs MatchStar"),
    "names": words("Global Nonlocal"),
    "value": words("Constant MatchSingleton"),
}


# Fields that hold statements, or what statements bind. (A starred target's value is one of these, too.)
_BLOCKS = words(
    "body cases elts finalbody handlers items kwd_patterns name optional_vars orelse pattern patterns target targets"
)


# Fields that hold statements, in the order in which they are told; and those that hold them in parts.
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_PARTED = frozenset({"handlers", "cases"})


class _Fields(dict[type, tuple[str, ...]]):
    """By kind of node, some of its fields."""

    def __init__(self, choose: Callable[[type[ast.AST]], Iterable[str]]) -> None:
        super().__init__()
        self._choose = choose

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        found = self[kind] = tuple(self._choose(kind))
        return found


def _of_nodes(kind: type[ast.AST]) -> list[str]:
    return [name for name in kind._fields if name not in _MARKS and kind.__name__ not in _TEXTS.get(name, ())]


_fields = _Fields(_of_nodes)
_blocks = _Fields(lambda kind: (name for name in _of_nodes(kind) if name in _BLOCKS or kind is ast.Starred))
_bodies = _Fields(lambda kind: (name for name in _BODIES if name in kind._fields and issubclass(kind, ast.stmt)))


def walk(tree: ast.AST) -> list[ast.AST]:
    """A node and all below it, level by level as `ast.walk` gives them, without marks: operators, reading, writing."""
    found = [tree]
    for node in found:
        for name in _fields[node.__class__]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                found += value if None not in value else [one for one in value if one is not None]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


def children(node: ast.AST, blocks: bool = False) -> list[ast.AST]:
    """The nodes right below one, in the order of its fields, without marks; only `blocks`: those that are statements,
    or what statements bind, and no other expressions."""
    found: list[ast.AST] = []
    for name in (_blocks if blocks else _fields)[node.__class__]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += value if None not in value else [one for one in value if one is not None]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def statements(tree: ast.Module) -> list[ast.stmt]:
    """Every statement at whatever depth, level by level; expressions are not looked into."""
    found: list[ast.stmt] = list(tree.body)
    for node in found:
        for name in _bodies[node.__class__]:
            for part in getattr(node, name):
                if name in _PARTED:
                    found += part.body
                else:
                    found.append(part)
    return found
