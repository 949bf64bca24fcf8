"""What keeps the variables of a notebook from being handed from function to function."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence

from nb_mlops.converter.hoist import Hoisting
from nb_mlops.converter.parameters import Parameter
from nb_mlops.converter.scopes import Statement, bound_names
from nb_mlops.converter.source import CellCode, Loss
from nb_mlops.converter.stage import Stage
from nb_mlops.converter.stars import star_module
from nb_mlops.converter.trees import nodes
from nb_mlops.knowledge import words
from nb_mlops.knowledge.stars import star_names


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
            for name in sorted(_taken_over(statement) & names):
                said = f"a class gives its own `{name}` the value of the variable, which only a global can be"
                found.append(Loss(cell.index, statement.node.lineno, said))
            if star_module(statement.node) is not None and seen:
                found.append(Loss(cell.index, statement.node.lineno, "a star import may bind names again"))
            hidden = _hidden_builtins(statement.node) & read
            if hidden:
                said = f"a star import hides the built-in `{sorted(hidden)[0]}`, which code above it reads"
                found.append(Loss(cell.index, statement.node.lineno, said))
            seen |= {name for name, kind in statement.bound.items() if kind != "import"}
            read |= {use.name for use in statement.uses}
    for position, stage in enumerate(stages):
        if stage.flow.opaque:
            said = "code in it reads or binds names by text (exec, eval, globals, locals)"
            found.append(Loss(stage.cells[0].index, 1, said))
        found += _stale_closures(stages, position, names, hoisting)
    return tuple(found)


def _taken_over(statement: Statement) -> frozenset[str]:
    """Names that a class reads before it binds them: Python looks for these among globals alone."""
    if not isinstance(statement.node, ast.ClassDef):
        return frozenset()
    return statement.reads_at(0, 0) & frozenset(bound_names(statement.node.body))


def _asks_for_unbound(node: ast.stmt) -> bool:
    """`except NameError:` outside of functions: whether a variable exists is part of what the notebook computes."""
    handlers = (n for n in nodes(node) if isinstance(n, ast.ExceptHandler) and n.type is not None)
    return any("NameError" in ast.unparse(handler.type) for handler in handlers if handler.type is not None)


def _hidden_builtins(node: ast.stmt) -> frozenset[str]:
    """Built-in names to which a star import gives another meaning."""
    return (star_names(star_module(node) or "") or frozenset()) & frozenset(dir(builtins))


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
            own = _keepers(statement.node) - set(hoisting.definitions)
            stale = (statement.reads_at(1) & names & later) - own
            kept = own & (read_later | stages[position].flow.mutates | _values_in(stages[position]))
            decorated = isinstance(statement.node, _DEFINITIONS) and bool(statement.node.decorator_list)
            if stale and own and (kept or decorated):  # a decorator may keep it
                name, variable = sorted(own)[0], sorted(stale)[0]
                said = f"`{name}` reads `{variable}`, which a later stage binds again"
                yield Loss(cell.index, statement.node.lineno, said)


def _values_in(stage: Stage) -> frozenset[str]:
    return frozenset(u.name for c in stage.cells for s in c.statements for u in s.uses if not u.called)


# Calls that hold on to a lambda they are given; so does whatever is spelled like a class.
_KEEPING = words("defaultdict partial")
_LAZY = words("map filter chain cycle zip enumerate islice starmap takewhile dropwhile")
_TAKING = words("append add insert setdefault extend update register")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _keepers(node: ast.stmt) -> frozenset[str]:
    """Names of a definition, and of what a lambda or generator is bound to, put into, or handed over to be kept."""
    if isinstance(node, _DEFINITIONS):
        return frozenset({node.name})
    found: set[str] = set()
    for part in nodes(node):
        if isinstance(part, (ast.Assign, ast.AnnAssign)) and part.value is not None and _keeps(part.value):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            found |= {one.id for target in targets for one in nodes(target) if isinstance(one, ast.Name)}
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _TAKING:
            taker = part.func.value
            found |= {taker.id} if isinstance(taker, ast.Name) and any(map(_keeps, _arguments(part))) else set()
    return frozenset(found)


def _keeps(value: ast.expr, lazy: bool = True) -> bool:
    """Whether a value is a lambda (or, if `lazy`, a generator), or holds on to one."""
    if isinstance(value, (ast.Lambda, ast.GeneratorExp)):
        return lazy or isinstance(value, ast.Lambda)
    if isinstance(value, (ast.Tuple, ast.List, ast.Set)):
        return any(_keeps(one, lazy) for one in value.elts)
    if isinstance(value, ast.Dict):
        return any(_keeps(one, lazy) for one in value.values)
    if isinstance(value, ast.Call):
        func = value.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in _LAZY:
            return any(map(_keeps, _arguments(value)))
        return (name in _KEEPING or name[:1].isupper()) and any(_keeps(one, lazy=False) for one in _arguments(value))
    return isinstance(value, (ast.ListComp, ast.SetComp)) and _keeps(value.elt, lazy)


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]
