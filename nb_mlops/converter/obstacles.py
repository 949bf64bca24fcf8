"""What keeps the variables of a notebook from being handed from function to function."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence

from nb_mlops.converter.hoist import Hoisting
from nb_mlops.converter.parameters import Parameter
from nb_mlops.converter.source import CellCode, Loss
from nb_mlops.converter.stage import Stage
from nb_mlops.converter.trees import nodes
from nb_mlops.knowledge import star_names


def obstacles(
    cells: Sequence[CellCode], stages: Sequence[Stage], parameters: Sequence[Parameter], hoisting: Hoisting
) -> tuple[Loss, ...]:
    """What keeps variables from being handed from function to function."""
    found: list[Loss] = []
    names = hoisting.variables | {p.name for p in parameters}
    seen: set[str] = set()
    read: set[str] = set()
    for cell in cells:
        for statement in cell.statements:
            for name in sorted(statement.global_writes):
                found.append(Loss(cell.index, statement.node.lineno, f"a function writes `{name}` by `global`"))
            if _asks_for_unbound(statement.node):
                found.append(Loss(cell.index, statement.node.lineno, "code asks whether a variable exists (NameError)"))
            if _is_star(statement.node) and seen:
                found.append(Loss(cell.index, statement.node.lineno, "a star import may bind names again"))
            hidden = _hidden_builtins(statement.node) & read
            if hidden:
                words = f"a star import hides the built-in `{sorted(hidden)[0]}`, which code above it reads"
                found.append(Loss(cell.index, statement.node.lineno, words))
            seen |= {name for name, kind in statement.bound.items() if kind != "import"}
            read |= {use.name for use in statement.uses}
    for position, stage in enumerate(stages):
        if stage.flow.opaque:
            words = "code in it reads or binds names by text (exec, eval, globals, locals)"
            found.append(Loss(stage.cells[0].index, 1, words))
        found += _stale_closures(stages, position, names, hoisting)
    return tuple(found)


def _asks_for_unbound(node: ast.stmt) -> bool:
    """`except NameError:` outside of functions: whether a variable exists is part of what the notebook computes."""
    handlers = (n for n in nodes(node) if isinstance(n, ast.ExceptHandler) and n.type is not None)
    return any("NameError" in ast.unparse(handler.type) for handler in handlers if handler.type is not None)


def _is_star(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)


def _hidden_builtins(node: ast.stmt) -> frozenset[str]:
    """Built-in names to which a star import gives another meaning."""
    if not isinstance(node, ast.ImportFrom) or not _is_star(node):
        return frozenset()
    return (star_names(node.module or "") or frozenset()) & frozenset(dir(builtins))


def _stale_closures(
    stages: Sequence[Stage], position: int, names: frozenset[str], hoisting: Hoisting
) -> Iterable[Loss]:
    """Functions that stay in this stage and would not see what a later stage binds."""
    later = frozenset[str]().union(*(stage.bound for stage in stages[position + 1 :]))
    if not later:
        return
    read_later = frozenset[str]().union(*(frozenset(stage.flow.uses) for stage in stages[position + 1 :]))
    for cell in stages[position].cells:
        for statement in cell.statements:
            if not _makes_function(statement.node):
                continue
            own = frozenset(statement.bound) - set(hoisting.definitions)
            stale = (statement.reads_at(1) & names & later) - own
            if stale and own & (read_later | stages[position].flow.mutates | _values_in(stages[position])):
                name, variable = sorted(own)[0], sorted(stale)[0]
                words = f"`{name}` reads `{variable}`, which a later stage binds again"
                yield Loss(cell.index, statement.node.lineno, words)


def _values_in(stage: Stage) -> frozenset[str]:
    return frozenset(u.name for c in stage.cells for s in c.statements for u in s.uses if not u.called)


def _makes_function(node: ast.stmt) -> bool:
    """A definition, or a lambda or generator that is bound to a name or put into a literal."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    value = getattr(node, "value", None) if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    parts: list[ast.AST] = [value] if value is not None else []
    if isinstance(value, (ast.Tuple, ast.List, ast.Set)):
        parts = list(value.elts)
    elif isinstance(value, ast.Dict):
        parts = list(value.values)
    return any(isinstance(part, (ast.Lambda, ast.GeneratorExp)) for part in parts)
