"""Follows the statements of a notebook, and keeps for each name what is known of its value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from nb_mlops.analysis.learning.calls import Calls
from nb_mlops.analysis.learning.story import Story, Value


def follow(cells: Iterable[tuple[int, ast.Module]], names: Mapping[str, str]) -> Story:
    """The story of cells, given with their indexes in the order of the document; `names` are what imports bind."""
    one = _Follow(names)
    for index, tree in cells:
        one.cell = index
        one.body(tree.body)
    return one.story


class _Follow(Calls):
    """Statements. A branch may be taken or not, so what it binds is known as either."""

    def body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            if self.steps > 0 and self.returned is None:
                self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Expr):
            self.value(node.value)
        elif isinstance(node, ast.Assign):
            self.assign(node)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self.bind(node.target, self.value(node.value))
        elif isinstance(node, ast.AugAssign):
            self.bind(node.target, self.mixed((self.value(node.target), self.value(node.value))))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions[node.name] = (self.cell, node)
            self.env.pop(node.name, None)
        elif isinstance(node, ast.Return):
            self.returned = self.value(node.value) if node.value is not None else Value()
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.loop(node)
        elif isinstance(node, ast.Delete):
            self.delete(node)
        elif isinstance(node, ast.If):
            self.value(node.test)
            self.either(node.body, node.orelse)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                made = self.value(item.context_expr)
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, made)
            self.body(node.body)
        elif not isinstance(node, (ast.ClassDef, ast.Import, ast.ImportFrom)):
            self.others(node)

    def assign(self, node: ast.Assign) -> None:
        """One value for one or several targets; a tuple for a tuple item by item."""
        made = self.value(node.value)
        for target in node.targets:
            self.bind(target, made)

    def either(self, *bodies: Iterable[ast.stmt]) -> None:
        """Bodies of which one is taken: afterwards a name may stand for what it is in any of them."""
        before, ends, returned = self.env, [], []
        for body in bodies:
            self.env = dict(before)
            self.body(body)
            if self.returned is not None:
                returned.append(self.returned)
                self.returned = None
            else:
                ends.append(self.env)
        self.returned = self.mixed(returned) if returned and not ends else None
        self.env = ends[0] if ends else before
        for other in ends[1:]:
            for name in other.keys() | self.env.keys():
                one, two = self.env.get(name), other.get(name)
                if one is not two:
                    self.env[name] = one or two or Value() if one is None or two is None else self.mixed((one, two))
        self.may_return += returned if ends else []

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        """The body once: a second round would do the same to other rows or learners."""
        self.bind(node.target, self.element(self.value(node.iter)))
        self.body(node.body)
        self.body(node.orelse)

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.env.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                self.drop(target.value, self.texts(self.value(target.slice)))

    def others(self, node: ast.stmt) -> None:
        """Whatever else holds expressions and bodies: while, try, match, a bare expression."""
        for name, held in ast.iter_fields(node):
            if name in ("handlers", "cases"):
                for one in held:
                    self.either(one.body, ())
            elif isinstance(held, ast.expr):
                self.value(held)
            elif name in ("body", "orelse", "finalbody"):
                self.body(held)
