"""Which functions a cell calls, by the names they have at home: `np.random.rand` is `numpy.random.rand`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from nb_mlops.analysis.walk import statements, walk
from nb_mlops.core.value import Struct


class Call(Struct, frozen=True, gc=False):
    """A call. `name` is dotted, with what imports stand for put in; a method of something unknown begins with a dot."""

    node: ast.Call
    name: str

    def keyword(self, name: str) -> ast.expr | None:
        """The value given for a keyword; None where it is not given."""
        return next((one.value for one in self.node.keywords if one.arg == name), None)

    @property
    def spread(self) -> bool:
        """Whether there is a `**` or a `*`, so that nobody knows what is given."""
        return any(one.arg is None for one in self.node.keywords) or any(
            isinstance(one, ast.Starred) for one in self.node.args
        )


def imported(trees: Iterable[ast.Module]) -> Mapping[str, str]:
    """What each name stands for that an import binds, anywhere in the notebook."""
    found: dict[str, str] = {}
    for tree in trees:
        for node in statements(tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    found[one.asname or one.name.partition(".")[0]] = (
                        one.name if one.asname else one.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for one in node.names:
                    found[one.asname or one.name] = f"{node.module}.{one.name}"
    return found


def calls(tree: ast.Module, names: Mapping[str, str]) -> list[Call]:
    """The calls of a cell, outermost first."""
    found = [(node, dotted(node.func, names)) for node in walk(tree) if isinstance(node, ast.Call)]
    return [Call(node, name) for node, name in found if name]


def dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """The dotted name of an expression, "" where it has none; below something that has none it begins with a dot."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        name = node.id
        if not parts:
            return names.get(name, name)
        parts.append(names.get(name, name))
    elif parts:
        parts.append("")
    return ".".join(parts[::-1])
