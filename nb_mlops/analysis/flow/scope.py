"""Which names are local to a function: Python's scope rule, decided before its body is walked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Scope:
    """A function's own names: its parameters in order, all its locals, those it declares `global`."""

    parameters: tuple[str, ...]
    locals: frozenset[str]
    declared_global: frozenset[str]
    is_generator: bool


def scope_of(node: FunctionNode) -> Scope:
    """The scope of a function or lambda. `nonlocal` names are not its own."""
    parameters = tuple(arg.arg for arg in _arguments(node.args))
    bound: set[str] = set(parameters)
    outer: set[str] = set()
    declared: set[str] = set()
    is_generator = False
    for child in _own_nodes(node):
        if isinstance(child, ast.Global):
            declared.update(child.names)
        elif isinstance(child, ast.Nonlocal):
            outer.update(child.names)
        elif isinstance(child, ast.Yield | ast.YieldFrom):
            is_generator = True
        else:
            bound.update(names_bound_by(child))
    return Scope(parameters, frozenset(bound - outer - declared), frozenset(declared), is_generator)


def names_bound_by(node: ast.AST) -> tuple[str, ...]:
    """The names that this one node binds in its scope (a new binding form is added here and in the walk)."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return tuple(imported_name(alias) for alias in node.names if alias.name != "*")
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    if hasattr(ast, "TypeAlias") and isinstance(node, ast.TypeAlias):
        return ()  # its name is a Name node in Store context
    return ()


def imported_name(alias: ast.alias) -> str:
    """The name an import binds: `a` for `import a.b`, `c` for `import a.b as c`."""
    return alias.asname or alias.name.partition(".")[0]


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from args.posonlyargs
    yield from args.args
    if args.vararg:
        yield args.vararg
    yield from args.kwonlyargs
    if args.kwarg:
        yield args.kwarg


def _own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function's body that belong to its own scope."""
    stack: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, _COMPREHENSIONS):
            stack.extend(_leaks_of(node))
            continue
        yield node
        if isinstance(node, _FUNCTIONS):
            stack.extend(node.args.defaults)
            stack.extend(default for default in node.args.kw_defaults if default is not None)
            stack.extend([] if isinstance(node, ast.Lambda) else node.decorator_list)
        elif isinstance(node, ast.ClassDef):
            stack.extend([*node.bases, *node.decorator_list])
        else:
            stack.extend(ast.iter_child_nodes(node))


def _leaks_of(comprehension: ast.AST) -> Iterator[ast.AST]:
    """Of a comprehension only `:=` reaches the scope around it (and its yields, which Python forbids)."""
    for node in ast.walk(comprehension):
        if isinstance(node, ast.NamedExpr):
            yield node.target
