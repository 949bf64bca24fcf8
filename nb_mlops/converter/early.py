"""Names that the notebook reads before anything above can have bound them, in the order of its text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nb_mlops.converter.scopes import Statement, Use, bound_names, own_scope
from nb_mlops.converter.source import CellCode
from nb_mlops.converter.trees import nodes


@dataclass(frozen=True, slots=True)
class Early:
    """`surely` are readings, each with its cell, that raise NameError; `looped` names that a later turn of a loop may
    read as an earlier one bound them."""

    surely: tuple[tuple[int, Use], ...] = ()
    looped: frozenset[str] = frozenset()


NOT_EARLY = Early()


def early(cells: Sequence[CellCode], known: frozenset[str] | None) -> Early:
    """Of the converted cells; `known` are names that need nothing bound above, None where that may be any: then it is
    only told of what functions bind themselves."""
    bound = set(known or ())
    found: list[tuple[int, Use]] = []
    looped: set[str] = set()
    for cell in cells:
        for statement in cell.statements:
            found += [(cell.index, use) for use in _in_functions(statement)]
            if known is None:
                continue
            new = frozenset(statement.bound) - bound
            if new or statement.deleted or any(use.name not in bound for use in statement.uses):
                uses = {(use.line, use.column): use for use in statement.uses if use.depth == 0}
                reader = _Reader(uses, bound)
                reader.statement(statement.node)
                found += [(cell.index, use) for use in reader.surely]
                looped |= reader.looped
    return Early(tuple(found), frozenset(looped))


def _in_functions(statement: Statement) -> Iterator[Use]:
    """Where functions read what they bind themselves, and only further down."""
    if isinstance(statement.node, _PLAIN):
        return
    for function in nodes(statement.node):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = tuple(own_scope(function.body))
            late = _read_before_bound(inside)
            late -= {argument.arg for argument in nodes(function.args) if isinstance(argument, ast.arg)}
            late -= {name for n in inside if isinstance(n, (ast.Global, ast.Nonlocal)) for name in n.names}
            reads = [n for n in inside if isinstance(n, ast.Name) and n.id in late and isinstance(n.ctx, ast.Load)]
            if reads:
                uses = {(n.lineno, n.col_offset): Use(n.id, n.lineno, n.col_offset, 1) for n in reads}
                reader = _Reader(uses, set())
                for node in function.body:
                    reader.statement(node)
                yield from reader.surely


def _read_before_bound(scope: Sequence[ast.AST]) -> set[str]:
    """Names that this scope binds by an assignment or a loop, and that it reads in a line before that is done."""
    first: dict[str, int] = {}
    own: dict[int, int] = {}
    for node in scope:
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            own |= {id(name): node.end_lineno or 0 for target in targets for name in nodes(target)}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            line = own.get(id(node), node.lineno)
            first[node.id] = min(first.get(node.id, line), line)
    reads = (node for node in scope if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return {node.id for node in reads if node.lineno <= first.get(node.id, 0)}


_PLAIN = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Import, ast.ImportFrom)
_TRIES: Any = (ast.Try, getattr(ast, "TryStar", ast.Try))  # Python 3.11


@dataclass(slots=True)
class _Reader:
    """Goes through a statement as its text does: what is read, then what is bound."""

    uses: dict[tuple[int, int], Use]
    bound: set[str]
    loops: list[frozenset[str]] = field(default_factory=list)
    depth: int = 0
    surely: list[Use] = field(default_factory=list)
    looped: set[str] = field(default_factory=set)

    def statement(self, node: ast.AST) -> None:
        """A statement, a handler or a case with all that it holds."""
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self._read(node.iter)
            self._bind(node.target)
            self._loop(node.body)
            self._all(node.orelse)
        elif isinstance(node, ast.While):
            self._loop([node.test, *node.body])
            self._all(node.orelse)
        elif isinstance(node, ast.If):
            self._read(node.test)
            self._all([*node.body, *node.orelse])
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                self._read(item.context_expr)
                self._bind(item)
            self._all(node.body)
        elif isinstance(node, _TRIES):
            self._all([*node.body, *node.handlers, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.ExceptHandler):
            self._handler(node)
        elif isinstance(node, ast.Match):
            self._read(node.subject)
            for case in node.cases:
                self._bind(case.pattern)
                self._read(case.guard)
                self._all(case.body)
        elif isinstance(node, ast.Delete):
            self._read(node)
            self.bound -= {n.id for n in node.targets if isinstance(n, ast.Name)} if not self.depth else set()
        else:
            self._read(node)
            self._bind(node)

    def _all(self, body: Iterable[ast.AST]) -> None:
        self.depth += 1
        for node in body:
            self.statement(node)
        self.depth -= 1

    def _loop(self, body: Sequence[ast.AST]) -> None:
        self.loops.append(frozenset(bound_names(body)))
        self._all(body)
        self.loops.pop()

    def _handler(self, node: ast.ExceptHandler) -> None:
        self._read(node.type)
        before = node.name in self.bound
        self.bound |= {node.name} if node.name else set()
        self._all(node.body)
        self.bound -= {node.name} if node.name and not before else set()

    def _bind(self, node: ast.AST) -> None:
        kinds = bound_names([node])
        bare = isinstance(node, ast.AnnAssign) and node.value is None
        self.bound |= {name for name, kind in kinds.items() if kind != "del"} if not bare else set()

    def _read(self, node: ast.AST | None) -> None:
        inside = nodes(node) if node is not None else ()
        own = {n.target.id for n in inside if isinstance(n, ast.NamedExpr)}
        for name in (n for n in inside if isinstance(n, ast.Name)):
            use = self.uses.get((name.lineno, name.col_offset))
            if use is None or use.name in self.bound or use.name in own:
                continue
            if any(use.name in loop for loop in self.loops):
                self.looped.add(use.name)
            else:
                self.surely.append(use)
