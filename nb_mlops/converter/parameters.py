"""The `parameters` cell: names with literal values become fields of a frozen, typed Config."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import Any

from nb_mlops.converter.source import CellCode

_TYPES: dict[type, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    list: "list[Any]",
    tuple: "tuple[Any, ...]",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field: its value as the author wrote it, what it is, and the comment beside it."""

    name: str
    text: str
    value: Any
    type: str
    comment: str = ""
    statement: int = 0


def parameters_of(cell: CellCode) -> tuple[Parameter, ...]:
    """The parameters that a cell tagged `parameters` sets; whatever is not a plain literal stays code."""
    counts = Counter(name for statement in cell.statements for name in statement.bound)
    found = []
    for index, statement in enumerate(cell.statements):
        node = statement.node
        target = _target(node)
        if target is None or counts[target] > 1 or node.value is None:  # type: ignore[attr-defined]
            continue
        try:
            value = ast.literal_eval(node.value)  # type: ignore[attr-defined]
        except (ValueError, SyntaxError, TypeError, MemoryError):
            continue
        text = ast.get_source_segment(cell.source, node.value) or repr(value)  # type: ignore[attr-defined]
        found.append(Parameter(target, text, value, _type(node, value), _comment(cell, node), index))
    return tuple(found)


def _target(node: ast.stmt) -> str | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _type(node: ast.stmt, value: Any) -> str:
    if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id in _NAMED:
        return node.annotation.id
    if isinstance(value, dict):
        return "dict[str, Any]" if all(isinstance(key, str) for key in value) else "dict[Any, Any]"
    return _TYPES.get(type(value), "Any")


_NAMED = frozenset({"int", "float", "str", "bool"})


def _comment(cell: CellCode, node: ast.stmt) -> str:
    """What stands behind the statement on its last line."""
    line = cell.source.split("\n")[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset or 0 :].decode()
    return line.strip().removeprefix("#").strip() if line.strip().startswith("#") else ""
