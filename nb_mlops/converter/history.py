"""`Out[3]`, `_3` and `In[3]`: what a kernel remembers of cells by their number, as ordinary variables and texts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nb_mlops.converter.trees import nodes
from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import replace

_ASKS = re.compile(r"\b(?:Out|In)\s*\[|\b_[1-9]")
_NUMBERED = re.compile(r"_([1-9][0-9]*)\Z")


@dataclass(frozen=True, slots=True)
class _Ask:
    """One place where a cell asks for another by number: of what was shown, or (`source`) of its text."""

    node: ast.expr
    number: int
    source: bool = False


def without_numbers(cells: Sequence[Cell], every: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with names instead of numbers. `every` are the code cells as a clean run counts them from 1.

    The cell whose result is asked for by number keeps it under a name; a cell that shows none is left as it is, and so
    is what asks for it: a kernel has nothing there either.
    """
    trees = {cell.index: tree for cell in cells if (tree := _tree(cell.source)) is not None}
    bound = {n.id for tree in trees.values() for n in nodes(tree) if isinstance(n, ast.Name) and _stores(n)}
    asked = {cell.index: list(_asks(trees[cell.index], bound)) for cell in cells if _may_ask(cell, trees)}
    if not any(asked.values()):
        return tuple(cells)
    numbered = dict(enumerate((cell for cell in every if cell.source.strip()), 1))
    known = {one.number for asks in asked.values() for one in asks if not one.source}
    kept = {numbered[n].index: n for n in known if n in numbered and _shows(trees.get(numbered[n].index))}
    names = {n: _name(n, cells) for n in kept.values()}
    return tuple(replace(cell, source=_rewritten(cell, asked, trees, kept, names, numbered)) for cell in cells)


def _may_ask(cell: Cell, trees: dict[int, ast.Module]) -> bool:
    return cell.index in trees and _ASKS.search(cell.source) is not None


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _stores(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _asks(tree: ast.Module, bound: set[str]) -> Iterator[_Ask]:
    for node in nodes(tree):
        if isinstance(node, ast.Name) and node.id not in bound:
            found = _NUMBERED.match(node.id)
            if found:
                yield _Ask(node, int(found[1]))
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id not in bound:
            number = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if node.value.id in ("Out", "In") and type(number) is int and number > 0:
                yield _Ask(node, number, node.value.id == "In")


def _shows(tree: ast.Module | None) -> bool:
    return bool(tree and tree.body and isinstance(tree.body[-1], ast.Expr))


def _name(number: int, cells: Sequence[Cell]) -> str:
    used = " ".join(cell.source for cell in cells)
    return next(name for name in (f"out_{number}", f"cell_{number}_out", f"nbm_out_{number}") if name not in used)


def _rewritten(
    cell: Cell,
    asked: dict[int, list[_Ask]],
    trees: dict[int, ast.Module],
    kept: dict[int, int],
    names: dict[int, str],
    numbered: dict[int, Cell],
) -> str:
    changes: list[tuple[int, int, int, str]] = []
    for one in asked.get(cell.index, ()):
        if one.source and one.number in numbered:
            changes.append(_change(one.node, json.dumps(numbered[one.number].source, ensure_ascii=False)))
        elif one.number in names:
            changes.append(_change(one.node, names[one.number]))
    tail = ""
    if cell.index in kept:
        last, name = trees[cell.index].body[-1], names[kept[cell.index]]
        changes.append((last.lineno - 1, last.col_offset, 0, f"{name} = "))
        tail = f"\n{name}" if not cell.source.rstrip().endswith(";") else ""
    lines = [line.encode() for line in cell.source.rstrip().split("\n")] if tail else _lines(cell)
    for line, column, length, text in sorted(changes, reverse=True):
        lines[line] = lines[line][:column] + text.encode() + lines[line][column + length :]
    return "\n".join(line.decode() for line in lines) + tail


def _lines(cell: Cell) -> list[bytes]:
    return [line.encode() for line in cell.source.split("\n")]


def _change(node: ast.expr, text: str) -> tuple[int, int, int, str]:
    """A replacement of a node that stands on one line, as these always do."""
    return node.lineno - 1, node.col_offset, (node.end_col_offset or 0) - node.col_offset, text
