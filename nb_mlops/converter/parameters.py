"""What becomes a field of the frozen, typed Config: the `parameters` cell, constants of the notebook, and on request
the settings written into calls."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nb_mlops.converter.source import CellCode
from nb_mlops.knowledge import words

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
    cell: int = -1


def every_parameter(cells: Sequence[CellCode], free: frozenset[str]) -> tuple[Parameter, ...]:
    """The parameters of the tagged cell, and the constants among the names in `free`, which are the notebook's
    variables."""
    tagged = next((cell for cell in cells if "parameters" in cell.tags), None)
    own = parameters_of(tagged) if tagged else ()
    return (*own, *constants_of([cell for cell in cells if cell is not tagged], free - {p.name for p in own}))


def constants_of(cells: Sequence[CellCode], free: frozenset[str]) -> tuple[Parameter, ...]:
    """Names that are given one plain value once and for all, and that other cells read or that are written as constants
    are: in capitals. A name of one or two small letters is a variable."""
    every = [(cell, index, s) for cell in cells for index, s in enumerate(cell.statements)]
    counts = Counter(name for _, _, s in every for name in s.bound)
    spoilt = {name for _, _, s in every for name in s.deleted | s.global_writes}
    readers: dict[str, set[int]] = {}
    for cell, _, statement in every:
        for use in statement.uses:
            readers.setdefault(use.name, set()).add(cell.index)
    found = []
    for cell in cells:
        for parameter in parameters_of(cell):
            name = parameter.name
            elsewhere = readers.get(name, set()) - {cell.index}
            fits = name in free and counts[name] == 1 and name not in spoilt and name not in _BUILTINS
            wanted = (elsewhere and len(name) > 2) or (name.isupper() and name in readers)
            if fits and wanted and name not in _OURS and not name.startswith("_") and _is_setting(parameter.value):
                found.append(parameter)
    return tuple(found)


_BUILTINS = frozenset(dir(builtins))
# Names that the modules around the author's code use themselves.
_OURS = words("config Config run main pipeline lib report sink os sys Any argparse data_root STAGES STATE NAMES")
_LONGEST = 200


def _is_setting(value: Any) -> bool:
    """Whether a value can be a setting: a number, a short text, or a tuple of these."""
    if isinstance(value, tuple):
        return all(map(_is_setting, value))
    return isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= _LONGEST and "\n" not in value)


def parameters_of(cell: CellCode) -> tuple[Parameter, ...]:
    """The names to which a cell gives a plain literal; whatever is none stays code."""
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
        found.append(Parameter(target, text, value, _type(node, value), _comment(cell, node), index, cell.index))
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
