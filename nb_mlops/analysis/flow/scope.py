"""Which names are local to a function: Python's scope rule, decided before its body is walked."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any

from nb_mlops.analysis.walk import children, walk
from nb_mlops.core.value import Struct, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CAPTURES = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_SCOPES = frozenset({*_DEFINITIONS, ast.Lambda})
# What else binds names, or says something of the scope.
_NOTED = frozenset(
    {
        *(ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Import, ast.ImportFrom),
        *(*_CAPTURES, ast.MatchMapping),
    }
)


class Scope(Struct, frozen=True):
    """A function's own names: its parameters in order, all its locals, those it declares `global`."""

    parameters: tuple[str, ...]
    locals: frozenset[str]
    declared_global: frozenset[str]
    is_generator: bool


def scope_of(node: FunctionNode, code: str | None) -> Scope:
    """The scope of a function or lambda; `code`, if known, is what it stands in. `nonlocal` names are not its own."""
    parameters = tuple([arg.arg for arg in arguments_of(node)])
    found = _Found()
    # What expressions may say of a scope. Most functions have none of it, and then need not be searched so deep.
    deep = code is None or _is_deep(code)
    if deep or not isinstance(node, ast.Lambda):
        found.search([node.body] if isinstance(node, ast.Lambda) else list(node.body), not deep)
    own = found.bound.union(parameters) - found.outer - found.declared
    return Scope(parameters, frozenset(own), frozenset(found.declared), found.is_generator)


@lru_cache(maxsize=4)
def _is_deep(code: str) -> bool:
    """Asked for each function of a cell, of which there may be thousands."""
    return ":=" in code or "yield" in code


def names_bound_by(node: ast.AST) -> tuple[str, ...]:
    """The names that this one node binds in its scope (a new binding form is added here and in the walk)."""
    if isinstance(node, _DEFINITIONS):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(imported_name(alias) for alias in node.names if alias.name != "*")
    if isinstance(node, _CAPTURES):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    return ()  # all others bind by Name nodes in Store context


def imported_name(alias: ast.alias) -> str:
    """The name an import binds: `a` for `import a.b`, `c` for `import a.b as c`."""
    return alias.asname or alias.name.partition(".")[0]


def arguments_of(node: FunctionNode) -> list[ast.arg]:
    """The parameters of a function or lambda, in order."""
    args = node.args
    more = (args.vararg, *args.kwonlyargs, args.kwarg)
    return [*args.posonlyargs, *args.args, *[arg for arg in more if arg is not None]]


class _Found(Struct):
    """What a search through the nodes of one scope has met."""

    bound: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    is_generator: bool = False

    def search(self, stack: list[Any], blocks: bool) -> None:
        """Search these nodes and all below that belong to the same scope; only `blocks`: no expressions."""
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is not ast.Load:
                    self.bound.add(node.id)
            elif kind is ast.Attribute:
                stack.append(node.value)
            elif kind is ast.Constant:
                continue
            elif kind in _COMPREHENSIONS:
                # Of a comprehension only `:=` reaches the scope around it (and yields, which Python forbids there).
                self.bound.update(n.target.id for n in walk(node) if n.__class__ is ast.NamedExpr)
            elif kind in _SCOPES:
                self.bound.update(names_bound_by(node))
                if not blocks:
                    stack.extend(_evaluated_outside(node))
            else:
                if kind in _NOTED:
                    self._note(node)
                stack += children(node, blocks)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Global):
            self.declared.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            self.outer.update(node.names)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            self.is_generator = True
        else:
            self.bound.update(names_bound_by(node))


def _evaluated_outside(node: FunctionNode | ast.ClassDef) -> list[ast.AST]:
    """Of a definition inside the scope: the parts that are evaluated in the scope itself."""
    if isinstance(node, ast.ClassDef):
        return [*node.bases, *node.decorator_list]
    defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]
    return [*defaults, *([] if isinstance(node, ast.Lambda) else node.decorator_list)]
