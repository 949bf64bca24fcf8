"""Which parts of an object a cell changes, and which it looks at: the columns of a table, the keys of a mapping.

A cell that fills `df["a"]` does nothing to one that reads `df["b"]`. Told from the text of the cell alone, and only
where every mention of the name is understood; asked for single names of single cells, when results are in doubt.
"""

from __future__ import annotations

import ast

from nb_mlops.analysis.walk import walk
from nb_mlops.knowledge.mutation import OF_THE_WHOLE, SURE_METHODS, VIEWS, method_mutates

_BY_LABEL = frozenset({"loc", "at"})
_HARMLESS = frozenset({"len", "print", "display", "type", "id", "repr", "str"})


def surely_changes(tree: ast.Module, name: str) -> bool:
    """Whether a statement that is always reached changes the object that `name` has brought into the cell."""
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Delete)):
            targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
            if any(isinstance(target, (ast.Subscript, ast.Attribute)) and _root(target) == name for target in targets):
                return True
        elif isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Call) and _surely_changes_receiver(node.value, name):
                return True
        elif any(isinstance(part, ast.Raise) for part in walk(node)):
            return False
    return False


def _surely_changes_receiver(call: ast.Call, name: str) -> bool:
    func = call.func
    if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name) or func.value.id != name:
        return False
    return func.attr in SURE_METHODS or _is_in_place(call)


def changed_parts(tree: ast.Module, name: str) -> frozenset[str] | None:
    """The keys of `name` that the cell changes; None where it may change others, or cannot be told."""
    found: set[str] = set()
    for chain in _mentions(tree, name):
        keys = _changed(chain)
        if keys is None:
            return None
        found |= keys
    return frozenset(found) or None


def parts_read(tree: ast.Module, name: str) -> frozenset[str] | None:
    """The keys of `name` that the cell looks at; None where it may look at others, or cannot be told."""
    found: set[str] = set()
    mentions = _mentions(tree, name)
    for chain in mentions:
        keys = _read(chain)
        if keys is None:
            return None
        found |= keys
    return frozenset(found) if mentions else None


# A mention of a name, and the nodes around it, the innermost first.
_Chain = list[ast.AST]


def _mentions(tree: ast.Module, name: str) -> list[_Chain]:
    found: list[_Chain] = []
    above: _Chain = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Name) and node.id == name:
            found.append([node, *reversed(above)])
        above.append(node)
        for child in ast.iter_child_nodes(node):
            visit(child)
        above.pop()

    visit(tree)
    return found


def _changed(chain: _Chain) -> frozenset[str] | None:
    """What a mention may change: nothing, one key, or (None) anything."""
    keys, rest = _keys(chain)
    if any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)) for node in chain):
        return None
    end = rest[0]
    if isinstance(end, (ast.Name, ast.Attribute, ast.Subscript)) and not isinstance(end.ctx, ast.Load):
        return keys
    while isinstance(rest[0], (ast.Attribute, ast.Subscript)) and _is_value_of(rest[0], rest[1]):
        rest = rest[1:]
    end, around = rest[0], rest[1]
    if isinstance(end, (ast.Attribute, ast.Subscript)) and not isinstance(end.ctx, ast.Load):
        return keys
    if isinstance(end, ast.Attribute) and isinstance(around, ast.Call) and around.func is end:
        changes = method_mutates(end.attr) or _is_in_place(around)
        return keys if changes else frozenset()
    if keys is not None or not isinstance(end, ast.Name):
        return frozenset()  # a part of it, or what it was compared with
    if isinstance(around, ast.Attribute) and isinstance(rest[2], ast.Call) and rest[2].func is around:
        return _changed_by(around.attr, rest[2])
    harmless = isinstance(around, ast.Call) and isinstance(around.func, ast.Name) and around.func.id in _HARMLESS
    return frozenset() if harmless or isinstance(around, (ast.Compare, ast.FormattedValue, ast.Expr)) else None


def _changed_by(method: str, call: ast.Call) -> frozenset[str] | None:
    """What a method of the whole object may change: a table drops columns in place, and its `head` changes nothing."""
    if method == "drop" and _is_in_place(call):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        axis = given.get("axis", call.args[1] if len(call.args) > 1 else None)
        across = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
        columns = given.get("columns", call.args[0] if call.args and across else None)
        return None if columns is None else _constant_keys(columns)
    if method_mutates(method) or _is_in_place(call) or method in VIEWS or method == "pipe":
        return None
    return frozenset()


def _read(chain: _Chain) -> frozenset[str] | None:
    """What a mention looks at: some keys, or (None) anything."""
    keys, rest = _keys(chain)
    if any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)) for node in chain):
        return None
    end = rest[0]
    if isinstance(end, (ast.Attribute, ast.Subscript)) and isinstance(end.ctx, ast.Store):
        parent = rest[1]
        only_stored = not isinstance(parent, ast.AugAssign)
        return frozenset() if only_stored and keys is not None else keys
    return keys


def _keys(chain: _Chain) -> tuple[frozenset[str] | None, _Chain]:
    """The keys that a mention is narrowed to (None: to none), and the chain from the node that does so."""
    node, rest = chain[0], chain
    while _is_value_of(node, rest[1]):
        outer = rest[1]
        rest = rest[1:]
        if isinstance(outer, ast.Subscript):
            keys = _constant_keys(outer.slice)
            if keys is not None:
                return keys, rest
            if isinstance(outer.slice, (ast.Constant, ast.Slice, ast.Tuple)) or not isinstance(outer.ctx, ast.Load):
                return None, chain
        elif isinstance(outer, ast.Attribute):
            if outer.attr in _BY_LABEL and isinstance(rest[1], ast.Subscript) and _is_value_of(outer, rest[1]):
                slices = rest[1].slice
                columns = slices.elts[1] if isinstance(slices, ast.Tuple) and len(slices.elts) == 2 else None
                keys = None if columns is None else _constant_keys(columns)
                return (None, chain) if keys is None else (keys, rest[1:])
            if isinstance(rest[1], ast.Call) and rest[1].func is outer:
                return _grouped(outer, rest[1], rest, chain)
            return (None, chain) if outer.attr in OF_THE_WHOLE else (frozenset({outer.attr}), rest)
        node = outer
    return None, chain


def _grouped(
    method: ast.Attribute, call: ast.Call, rest: _Chain, chain: _Chain
) -> tuple[frozenset[str] | None, _Chain]:
    """`df.groupby("a")["b"]` looks at two columns."""
    taken = rest[2] if len(rest) > 2 else None
    if method.attr == "groupby" and len(call.args) == 1 and isinstance(taken, ast.Subscript) and taken.value is call:
        by, what = _constant_keys(call.args[0]), _constant_keys(taken.slice)
        if by is not None and what is not None:
            return by | what, rest[2:]
    return None, chain


def _is_value_of(node: ast.AST, outer: ast.AST) -> bool:
    return isinstance(outer, (ast.Attribute, ast.Subscript)) and outer.value is node


def _constant_keys(node: ast.expr) -> frozenset[str] | None:
    items = node.elts if isinstance(node, ast.List) else [node]
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return frozenset(texts) if texts and len(texts) == len(items) else None


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_in_place(call: ast.Call) -> bool:
    return any(
        keyword.arg == "inplace" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in call.keywords
    )
