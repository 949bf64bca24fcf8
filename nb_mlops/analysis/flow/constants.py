"""What can be told of a test or an iterable without running it."""

from __future__ import annotations

import ast
from typing import Any


def constant_test(test: ast.expr) -> bool | None:
    """What a test always is, when that can be told: constants, `__name__ == "__main__"`, `TYPE_CHECKING`."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = constant_test(test.operand)
        return None if inner is None else not inner
    if isinstance(test, (ast.Name, ast.Attribute)):
        name = test.id if isinstance(test, ast.Name) else test.attr
        return False if name == "TYPE_CHECKING" else None
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        other = test.comparators[0]
        if isinstance(other, ast.Constant) and other.value == "__main__" and len(test.ops) == 1:
            return isinstance(test.ops[0], ast.Eq) if isinstance(test.ops[0], (ast.Eq, ast.NotEq)) else None
    return None


def never_empty(node: ast.expr) -> bool:
    """Whether iterating surely yields something: `[a, b]`, `range(5)`, `"abc"`."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return any(not isinstance(element, ast.Starred) for element in node.elts)
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes)) and bool(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        if node.func.id in ("enumerate", "reversed", "sorted", "list", "tqdm"):
            return never_empty(node.args[0])
        if node.func.id == "zip":
            return all(never_empty(arg) for arg in node.args)
        if node.func.id == "range":
            return _nonempty_range([arg.value if isinstance(arg, ast.Constant) else None for arg in node.args])
    return False


def always_empty(node: ast.expr) -> bool:
    """Whether iterating surely yields nothing: `[]`, `range(0)`, `""`."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes)) and not node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        args = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        return args in ([0], [0, 0])
    return False


def _nonempty_range(args: list[Any]) -> bool:
    if not all(isinstance(arg, int) for arg in args) or not 1 <= len(args) <= 3 or args[2:] == [0]:
        return False
    return len(range(*args)) > 0
