"""Which registered models a notebook says it makes: the names that `nb_mlops.model()` is called with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk

_PACKAGE, _FUNCTION = "nb_mlops", "model"


def declared_models(view: View) -> tuple[str, ...]:
    """The names, in document order, each once; "" stands for one that only a run can tell. A call without a name makes
    a model that nobody means to register.

    A name may be text, or a variable that cells set to one text only.
    """
    trees = [python.tree for python in view.python.values() if python.tree is not None]
    if _PACKAGE not in view.code:
        return ()
    nodes = [node for tree in trees for node in walk(tree)]
    texts, packages, functions = _texts(nodes), frozenset(_packages(nodes)), frozenset(_functions(nodes))
    calls = (node for node in nodes if isinstance(node, ast.Call) and _is_ours(node.func, packages, functions))
    names = (_name(call, texts) for call in calls)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _packages(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (one.asname or one.name for one in node.names if one.name == _PACKAGE)


def _functions(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == _PACKAGE and not node.level:
            yield from (one.asname or one.name for one in node.names if one.name == _FUNCTION)


def _is_ours(called: ast.expr, packages: frozenset[str], functions: frozenset[str]) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr == _FUNCTION and isinstance(called.value, ast.Name) and called.value.id in packages
    return isinstance(called, ast.Name) and called.id in functions


def _name(call: ast.Call, texts: dict[str, str]) -> str | None:
    given = next((one.value for one in call.keywords if one.arg == "name"), None)
    value = given if given is not None else call.args[1] if len(call.args) > 1 else None
    if value is None:
        return None
    if isinstance(value, ast.Constant):
        return value.value or None if isinstance(value.value, str) else ""
    return texts.get(value.id, "") if isinstance(value, ast.Name) else ""


def _texts(nodes: list[ast.AST]) -> dict[str, str]:
    """Variables that are set to one text only."""
    found: dict[str, set[str | None]] = {}
    for node in nodes:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else ()
        )
        for target in targets:
            if isinstance(target, ast.Name):
                value = getattr(node, "value", None)
                text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
                found.setdefault(target.id, set()).add(text)
    return {name: text for name, values in found.items() if len(values) == 1 and (text := next(iter(values)))}
