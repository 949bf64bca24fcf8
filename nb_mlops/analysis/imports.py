"""Which modules a notebook imports, and where; and which of them a project's dependencies leave out."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from nb_mlops.analysis.python import Python
from nb_mlops.analysis.walk import statements
from nb_mlops.core.value import Struct
from nb_mlops.knowledge.distributions import GIVEN, installed, providers

_CATCH = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Import(Struct, frozen=True):
    """A module that a cell imports: its dotted name, the statement, and whether its absence is seen to."""

    cell: int
    module: str
    node: ast.stmt
    guarded: bool = False

    @property
    def head(self) -> str:
        """The top-level module."""
        return self.module.partition(".")[0]


def imports(pythons: Mapping[int, Python]) -> Iterator[Import]:
    """Every import of a notebook's cells in document order, those of modules in the same package left out."""
    for cell, python in pythons.items():
        if python.tree is None or "import" not in python.code:
            continue
        guarded = {id(node) for node in _guarded(python.tree)}
        for node in sorted(statements(python.tree), key=lambda node: node.lineno):
            for module in _modules(node):
                yield Import(cell, module, node, id(node) in guarded)


def _modules(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return ()


def _guarded(tree: ast.Module) -> Iterator[ast.stmt]:
    """What stands in a `try` that catches a failing import, in its handlers, or after a question."""
    for node in statements(tree):
        if isinstance(node, ast.Try) and any(_catches(handler) for handler in node.handlers):
            yield from statements(ast.Module([*node.body, *(one for h in node.handlers for one in h.body)], []))
        elif isinstance(node, ast.If):
            yield from statements(ast.Module([*node.body, *node.orelse], []))


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _CATCH for kind in kinds)


def left_out(given: Iterable[str], declared: Collection[str]) -> tuple[str, ...]:
    """Of some distributions those that an installation of the declared ones does not have, each once.

    Names in any of their spellings. The one place that says what "undeclared" means: the rule before a run and the
    check after it ask here.
    """
    there = installed(frozenset(map(normal, declared))) | GIVEN
    return tuple(name for name in dict.fromkeys(given) if normal(name) not in there)


def lacking(module: str, declared: Collection[str]) -> str:
    """The distribution to declare for a module that none of the declared ones provides; "" where one does, or where
    nobody knows whose module it is."""
    known = providers(module)
    missing = left_out(known, declared)
    return known[0] if known and len(missing) == len(known) else ""


def normal(name: str) -> str:
    """A distribution's name as the index writes it."""
    return name.lower().replace("_", "-").replace(".", "-")
