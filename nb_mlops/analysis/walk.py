"""The nodes of a syntax tree, at a quarter of what `ast.walk` costs."""

from __future__ import annotations

import ast

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


class _Fields(dict[type, tuple[str, ...]]):
    """By kind of node, the fields in which other nodes may stand; only `blocks` and targets, where these are wanted."""

    def __init__(self, blocks: bool = False) -> None:
        super().__init__()
        self._blocks = blocks

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        found = tuple(n for n in kind._fields if n not in _MARKS and kind.__name__ not in _TEXTS.get(n, ()))
        if self._blocks:
            found = tuple(n for n in found if n in _BLOCKS or kind is ast.Starred)
        self[kind] = found
        return found


_fields = _Fields()
_blocks = _Fields(blocks=True)


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
        for name in ("body", "orelse", "finalbody"):
            found.extend(one for one in getattr(node, name, ()) if isinstance(one, ast.stmt))
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            found.extend(part.body)
    return found
