"""Statements after which a second run of their cell means something else: `total += 1`, `df = df.drop(columns="a")`.

Only what surely differs is told (knowledge/repeats.py); most of what changes an object may well be done twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nb_mlops.analysis.flow import CellFlow, Certainty
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.walk import walk
from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.repeats import FAILS, FUNCTIONS, IN_PLACE, METHODS

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.LShift, ast.RShift, ast.BitXor)


class Repeat(Struct, frozen=True):
    """`name` comes into the cell with a value that the statement `what` replaces by another one made of it.

    `fails` is set where a second run surely stops there.
    """

    name: str
    start: Position
    end: Position
    what: str
    fails: bool


def repeats(python: Python, flow: CellFlow) -> tuple[Repeat, ...]:
    """The first such statement for each name, in the order of the cell."""
    if python.tree is None:
        return ()
    found: dict[str, Repeat] = {}
    walk = _Walk(flow)
    for node, name in walk.block(python.tree.body, looped=False):
        if name not in found:
            start = python.position(node.lineno, node.col_offset)
            end = python.position(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
            found[name] = Repeat(name, start, end, ast.unparse(node).split("\n")[0], _fails(node))
    return tuple(found.values())


class _Walk:
    """A walk over the statements of a cell that remembers which names it has given a value of its own."""

    def __init__(self, flow: CellFlow) -> None:
        self.flow = flow
        self.fresh: set[str] = set()
        self.stored: set[str] = set()  # columns and keys that the cell itself has put in

    def block(self, nodes: Iterable[ast.stmt], looped: bool) -> Iterator[tuple[ast.stmt, str]]:
        for node in nodes:
            if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
                yield from self.block(node.body, True)
            elif isinstance(node, (ast.With, ast.AsyncWith)):
                yield from self.block(node.body, looped)
            elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete)):
                yield from self._statement(node, looped)

    def _statement(
        self, node: ast.Assign | ast.AugAssign | ast.Expr | ast.Delete, looped: bool
    ) -> Iterator[tuple[ast.stmt, str]]:
        target = _target(node)
        name = root(target)
        if target is not None and name and self._comes_in(name) and self._differs(node, target, name, looped):
            yield node, name
        for each in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(each, ast.Name) and each.id not in _names(
                node.value if isinstance(node, ast.Assign) else each
            ):
                self.fresh.add(each.id)
            elif isinstance(each, ast.Subscript):
                self.stored.update(_strings(each.slice))

    def _comes_in(self, name: str) -> bool:
        """Whether the name's value is surely from before the cell here."""
        if name in self.fresh:
            return False
        use = self.flow.uses.get(name)
        return use is not None and not use.soft and not use.via and use.certainty > Certainty.POSSIBLE

    def _differs(self, node: ast.stmt, target: ast.expr, name: str, looped: bool) -> bool:
        if isinstance(node, ast.AugAssign):
            return _changes(node.op, node.value) and self._foreign(node.value, name, looped)
        if isinstance(node, ast.Delete):
            return name in self.flow.mutates and not self._own_keys(target)
        if isinstance(node, ast.Expr):
            return isinstance(node.value, ast.Call) and self._changes_in_place(node.value, name)
        return isinstance(node, ast.Assign) and self._made_of_itself(node.value, target, name, looped)

    def _foreign(self, value: ast.expr, name: str, looped: bool) -> bool:
        """Whether what is added or multiplied does not hang on the name itself, as in `x -= x.mean()`."""
        names = _names(value)
        if name in names or _is_neutral(value):
            return False
        return looped or not (names & (self.flow.binds | self.flow.mutates))

    def _changes_in_place(self, call: ast.Call, name: str) -> bool:
        func = call.func
        if not isinstance(func, ast.Attribute) or name not in self.flow.mutates or self._own_keys(call):
            return False
        if func.attr in METHODS and _keyword(call, "inplace") is True:
            return self._repeats(call, func.attr)
        return func.attr in IN_PLACE and self._repeats(call, func.attr)

    def _made_of_itself(self, value: ast.expr, target: ast.expr, name: str, looped: bool) -> bool:
        """`x = x + 1`, `x = x.drop(...)`, `x = np.log(x)`, `x = x[1:]`; the same for `df["a"] = ...`."""
        if not isinstance(target, (ast.Name, ast.Subscript, ast.Attribute)):
            return False
        itself = ast.unparse(target)
        if isinstance(value, ast.BinOp):
            for one, other in ((value.left, value.right), (value.right, value.left)):
                if ast.unparse(one) == itself:
                    return _changes(value.op, other) and self._foreign(other, name, looped)
            return False
        if isinstance(value, ast.Subscript):
            return ast.unparse(value.value).removesuffix(".iloc") == itself and _cuts(value.slice)
        if isinstance(value, ast.Attribute):
            return value.attr == "T" and ast.unparse(value.value) == itself
        return isinstance(value, ast.Call) and self._call_on_itself(value, itself)

    def _call_on_itself(self, call: ast.Call, itself: str) -> bool:
        func = call.func
        if not isinstance(func, ast.Attribute) or self._own_keys(call):
            return False
        if ast.unparse(func.value) == itself:
            return func.attr in METHODS and func.attr != "transform" and self._repeats(call, func.attr)
        first = call.args[0] if call.args else None
        if isinstance(first, (ast.List, ast.Tuple)):
            return func.attr in FUNCTIONS and len(first.elts) > 1 and any(ast.unparse(e) == itself for e in first.elts)
        if first is None or ast.unparse(first) != itself:
            return False
        tool = root(func.value)
        if func.attr in ("transform", "inverse_transform"):
            return tool not in self.flow.binds and tool not in self.flow.mutates
        return func.attr in FUNCTIONS

    def _repeats(self, call: ast.Call, method: str) -> bool:
        """What the arguments say: `drop(errors="ignore")` and `pop(key, None)` may be done again."""
        if method == "drop":
            return _keyword(call, "errors") != "ignore"
        if method == "reset_index":
            return _keyword(call, "drop") is not True
        if method == "set_index":
            return _keyword(call, "drop") is not False
        if method == "sample":
            return _keyword(call, "frac") != 1
        return not (method == "pop" and len(call.args) > 1)

    def _own_keys(self, node: ast.expr) -> bool:
        """Whether a column or key named here is one that the cell itself has put in."""
        return bool(self.stored & _strings(node))


def _target(node: ast.Assign | ast.AugAssign | ast.Expr | ast.Delete) -> ast.expr | None:
    """What the statement changes, where it is one thing: `del x["a"]`, but not `del x`."""
    if isinstance(node, ast.AugAssign):
        return node.target
    if isinstance(node, ast.Expr):
        func = node.value.func if isinstance(node.value, ast.Call) else None
        return func.value if isinstance(func, ast.Attribute) else None
    if len(node.targets) > 1 or (isinstance(node, ast.Delete) and not isinstance(node.targets[0], ast.Subscript)):
        return None
    return node.targets[0]


def _fails(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, (ast.Assign, ast.Expr)) else None
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(node, ast.Delete) or (isinstance(called, ast.Attribute) and called.attr in FAILS)


def root(node: ast.expr | None) -> str:
    """The name at the start of `a`, `a.b`, `a["c"].d`; "" when there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _changes(op: ast.operator, other: ast.expr) -> bool:
    """Whether the operation gives another value each time. One set less another one stays what it is."""
    if isinstance(op, ast.Sub):
        return not isinstance(other, (ast.Name, ast.Attribute, ast.Subscript, ast.Set))
    return isinstance(op, _ARITHMETIC)


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def _strings(node: ast.expr) -> set[str]:
    return {part.value for part in walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def _is_neutral(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value in (0, "")


def _keyword(call: ast.Call, name: str) -> object:
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def _cuts(node: ast.expr) -> bool:
    """Whether a slice takes another piece each time: `[1:]`, `[:-1]`, `[::-1]`."""
    if not isinstance(node, ast.Slice):
        return False
    step = node.step
    backwards = step is not None and _number(step) not in (None, 1)
    return backwards or (_number(node.lower) or 0) > 0 or (_number(node.upper) or 0) < 0


def _number(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _number(node.operand)
        return None if value is None else -value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None
