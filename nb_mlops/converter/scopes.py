"""Which names in a cell mean the notebook's own variables: where they are bound, read and called.

Python's scopes, read from `ast`: a parameter or a local of a function is not the notebook's variable of that name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nb_mlops.converter.trees import nodes

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Use:
    """A notebook-level name that is read. `line` counts from 1, `column` from 0 in UTF-8 bytes, as in `ast`.

    `depth` is how many functions, lambdas and generators stand around it: 0 is read when the statement runs.
    `attribute` is what is asked of it (`x.attribute`), `called` whether it is itself called.
    """

    name: str
    line: int
    column: int
    depth: int
    called: bool = False
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A top-level statement of a cell: what it binds and how (`import`, `def`, `class`, `assign`, `other`), what it
    reads, deletes, and which notebook variables its functions write by `global`."""

    node: ast.stmt
    bound: Mapping[str, str]
    uses: tuple[Use, ...]
    deleted: frozenset[str] = frozenset()
    global_writes: frozenset[str] = frozenset()

    @property
    def reads(self) -> frozenset[str]:
        """All notebook-level names that it reads, now or when its functions run."""
        return frozenset(use.name for use in self.uses)

    def reads_at(self, least: int, most: int = 1000) -> frozenset[str]:
        """Names read at this depth of functions."""
        return frozenset(use.name for use in self.uses if least <= use.depth <= most)


def statements(tree: ast.Module) -> tuple[Statement, ...]:
    """The cell's top-level statements, read closely."""
    return tuple(_statement(node) for node in tree.body)


def _statement(node: ast.stmt) -> Statement:
    scope = tuple(own_scope([node]))
    found = _bound(scope)
    reader = _Reader()
    reader.visit(node)
    return Statement(
        node,
        {name: kind for name, kind in found.items() if kind not in ("global", "nonlocal", "del")},
        tuple(reader.uses),
        frozenset(n.id for n in scope if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Del)),
        frozenset(reader.global_writes),
    )


def bound_names(parts: Iterable[ast.AST]) -> dict[str, str]:
    """Names that these parts bind in their own scope, with how; `global` and `nonlocal` are marked as such."""
    return _bound(own_scope(parts))


def _bound(scope: Iterable[ast.AST]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in scope:
        for name, kind in _binds(node):
            if kind in ("global", "nonlocal") or found.get(name) not in ("global", "nonlocal"):
                found[name] = kind if found.get(name, kind) == kind else "other"
    return found


def own_scope(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node of this scope. Inner functions and classes are named but not entered; of a comprehension only `:=`
    and the parts that run out here count."""
    todo = list(parts)[::-1]
    while todo:
        node = todo.pop()
        yield node
        todo += _inner(node)[::-1]


def _inner(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, (ast.Name, ast.Constant)):
        return []
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, *node.args.defaults, *[d for d in node.args.kw_defaults if d]]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *[k.value for k in node.keywords]]
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *[d for d in node.args.kw_defaults if d]]
    if isinstance(node, _COMPREHENSIONS):
        return [inner for inner in nodes(node) if isinstance(inner, ast.NamedExpr)]
    if not isinstance(node, ast.NamedExpr) or not isinstance(node.value, _COMPREHENSIONS):
        return list(ast.iter_child_nodes(node))
    return [node.target, node.value]


def _binds(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id, "assign"
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
        yield node.id, "del"
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name, "def"
    elif isinstance(node, ast.ClassDef):
        yield node.name, "class"
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            if alias.name != "*":
                yield alias.asname or alias.name.partition(".")[0], "import"
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        for name in node.names:
            yield name, "global" if isinstance(node, ast.Global) else "nonlocal"
    else:
        captured = _captured(node)
        if captured:
            yield captured, "other"


def _captured(node: ast.AST) -> str | None:
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return node.name
    return node.rest if isinstance(node, ast.MatchMapping) else None


@dataclass(slots=True)
class _Scope:
    kind: str
    bound: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Reader(ast.NodeVisitor):
    """Collects the uses of a statement, keeping count of the scopes around."""

    uses: list[Use] = field(default_factory=list)
    global_writes: set[str] = field(default_factory=set)
    scopes: list[_Scope] = field(default_factory=list)

    def is_notebook_level(self, name: str) -> bool:
        """Whether a name read here means the notebook's variable."""
        for distance, scope in enumerate(reversed(self.scopes)):
            if name in scope.globals:
                return True
            if name in scope.bound and (scope.kind != "class" or distance == 0):
                return False
        return True

    def _use(self, node: ast.Name, called: bool = False, attribute: str = "") -> None:
        if isinstance(node.ctx, ast.Load) and self.is_notebook_level(node.id):
            depth = sum(scope.kind == "function" for scope in self.scopes)
            self.uses.append(Use(node.id, node.lineno, node.col_offset, depth, called, attribute))

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            target = node.target
            self._use(ast.Name(target.id, ast.Load(), lineno=target.lineno, col_offset=target.col_offset))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self._use(node.func, called=True)
        else:
            self.visit(node.func)
        self._all([*node.args, *node.keywords])

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name):
            self._use(node.value, attribute=node.attr)
        else:
            self.visit(node.value)

    def _all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _within(self, scope: _Scope, nodes: Iterable[ast.AST | None]) -> None:
        self.scopes.append(scope)
        self._all(nodes)
        self.scopes.pop()

    def visit_FunctionDef(self, node: Any) -> None:
        arguments = node.args
        annotated = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        self._all(node.decorator_list)
        self._all([*arguments.defaults, *arguments.kw_defaults])
        self._all([a.annotation for a in annotated if a is not None])
        self._all([node.returns])
        self._within(self._function(arguments, node.body), node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - the visitor's protocol

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._all([*node.args.defaults, *node.args.kw_defaults])
        self._within(self._function(node.args, [node.body]), [node.body])

    def _function(self, arguments: ast.arguments, body: Iterable[ast.AST]) -> _Scope:
        found = bound_names(body)
        written = frozenset(name for name, kind in found.items() if kind == "global")
        self.global_writes |= written
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        parameters = {a.arg for a in every if a is not None}
        local = {name for name, kind in found.items() if kind not in ("global", "nonlocal")}
        return _Scope("function", frozenset(parameters | local), written)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._all([*node.decorator_list, *node.bases, *[k.value for k in node.keywords]])
        scope = _Scope("class")
        self.scopes.append(scope)
        for statement in node.body:  # what the class binds further down still means the notebook's variable here
            self.visit(statement)
            scope.bound |= frozenset(bound_names([statement]))
        self.scopes.pop()

    def visit_comp(self, node: Any) -> None:
        """A comprehension: its first iterable is read out here, the rest inside."""
        self.visit(node.generators[0].iter)
        targets = bound_names([g.target for g in node.generators])
        kind = "function" if isinstance(node, ast.GeneratorExp) else "comprehension"
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner = [part for i, g in enumerate(node.generators) for part in ([g.iter] if i else []) + g.ifs]
        self._within(_Scope(kind, frozenset(targets)), [*parts, *inner])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comp  # noqa: N815
