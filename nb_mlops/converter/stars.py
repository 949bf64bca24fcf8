"""Star imports of a notebook as imports of the names that it reads, wherever it is known what the star brings."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nb_mlops.converter.scopes import Statement, statements
from nb_mlops.converter.source import CellCode
from nb_mlops.converter.texts import names_in_text
from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.core.value import replace
from nb_mlops.knowledge import words
from nb_mlops.knowledge.stars import PYLAB_MODULES, star_names

_BUILTINS = frozenset(dir(builtins))
# Built-ins that the star of these brings in some versions and in others does not.
_VARYING = words("abs bool bytes max min pow round")
_NUMERIC = words("numpy pylab matplotlib.pylab")
# Modules among what they bring: a run tells of values only.
_MODULES = PYLAB_MODULES | words("fft linalg random ma polynomial")

# The names that a cell was seen to bind, by its index; None where nobody looked.
Seen = Callable[[int], frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class _Star:
    """A star import: the cell (as a position) and the top-level statement it stands in; `own` where it is written in
    the notebook and no magic stands for it, `nested` where it is only a part of that statement."""

    position: int
    statement: int
    node: ast.ImportFrom
    own: bool
    nested: bool

    @property
    def module(self) -> str:
        return "" if self.node.level else self.node.module or ""


def surely_brings(module: str) -> frozenset[str]:
    """Names that the star of a module brings, whatever its version; none of a module that nobody looked at."""
    return (star_names(module) or frozenset()) - (_VARYING if module in _NUMERIC else frozenset())


def spelled_out(cells: Sequence[CellCode], seen: Seen, sink: str) -> tuple[CellCode, ...]:
    """The cells with the names that are read in the place of each star.

    A star stays where more may be read of it than can be told: of a module that nobody looked at, or by text. One that
    stands inside of a statement is then asked of the `sink`: no function may hold a star.
    """
    found = list(_stars(cells))
    if not found:
        return tuple(cells)
    by_text = any(reads_by_text(s.node) for cell in cells for s in cell.statements)
    new: dict[int, list[tuple[ast.ImportFrom, str | None]]] = {}
    for star in found:
        names = None if by_text else _names(star, cells, found, seen)
        if names is not None:
            new.setdefault(star.position, []).append((star.node, _import(star.module, names)))
        elif star.nested:
            asked = f'{sink}.import_all("{star.node.module}", globals())'
            new.setdefault(star.position, []).append((star.node, asked))
    return tuple(_rewritten(cell, new[i]) if i in new else cell for i, cell in enumerate(cells))


def star_module(node: ast.AST) -> str | None:
    """The module whose star a statement imports; None for any other statement."""
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        return node.module or ""
    return None


_WHOLE = frozenset({"globals", "locals", "vars"})


def reads_by_text(node: ast.stmt) -> bool:
    """Whether it may read names that stand nowhere: by a text that is put together, or through a namespace."""
    for call in (n for n in nodes(node) if isinstance(n, ast.Call)):
        name = getattr(call.func, "id", "")
        literal = bool(call.args) and isinstance(call.args[0], ast.Constant)
        if (name in _WHOLE and not call.args) or (name in {"exec", "eval"} and not literal):
            return True
    return False


def _stars(cells: Sequence[CellCode]) -> Iterator[_Star]:
    for position, cell in enumerate(cells):
        for index, statement in enumerate(cell.statements):
            for node in nodes(statement.node):
                if isinstance(node, ast.ImportFrom) and star_module(node) is not None:
                    own = re.search(rf"\bfrom\s+\.*{re.escape(node.module or '')}\s+import\b", cell.original)
                    yield _Star(position, index, node, own is not None, node is not statement.node)


def _import(module: str, names: Sequence[str]) -> str:
    return f"from {module} import {', '.join(names)}" if names else ""


def _names(star: _Star, cells: Sequence[CellCode], every: Sequence[_Star], seen: Seen) -> tuple[str, ...] | None:
    """The names that the notebook may read of a star, sorted; None where that cannot be told."""
    brings = star_names(star.module) if star.module else None
    bound = seen(cells[star.position].index) if star.own else None
    alone = all(star_names(s.module) is not None for s in every if s.position == star.position and s is not star)
    if brings is None and (bound is None or not alone):
        return None
    elsewhere = _bound_elsewhere(cells)
    names = set()
    for name in _wanted(star, cells, every):
        if brings is not None and name in brings:
            doubtful = name not in surely_brings(star.module)
            if bound is not None and name in _BUILTINS:
                names |= {name} & _seen_in(cells[: star.position + 1], seen)  # a second star changes nothing
            elif doubtful or (bound is not None and name not in _seen_in(cells, seen) | _MODULES):
                return None
            else:
                names.add(name)
        elif bound is not None and alone and name in bound and name not in _bound_in(cells[star.position]):
            names.add(name)
        elif brings is None and name not in elsewhere | _BUILTINS:
            return None  # a module, which nobody watches, or nothing at all
    return tuple(sorted(names)) if names or brings is not None else None


def _seen_in(cells: Sequence[CellCode], seen: Seen) -> frozenset[str]:
    return frozenset(name for cell in cells for name in seen(cell.index) or ())


def _bound_in(cell: CellCode) -> frozenset[str]:
    return frozenset(name for s in cell.statements for name in s.bound)


def _bound_elsewhere(cells: Sequence[CellCode]) -> frozenset[str]:
    return frozenset(name for cell in cells for name in _bound_in(cell))


def _wanted(star: _Star, cells: Sequence[CellCode], every: Sequence[_Star]) -> frozenset[str]:
    """Names that may be read as the star binds them: before anything else surely binds them again."""
    others = {(s.position, s.statement): s for s in every if not s.nested}
    wanted: set[str] = set()
    settled: set[str] = set()
    start = (star.position, star.statement)
    for position, cell in enumerate(cells):
        for index, statement in enumerate(cell.statements):
            place = (position, index)
            if place < start:
                wanted |= statement.reads_at(1)
                continue
            binds = _surely_binds(statement.node, statement)
            reads = statement.reads_at(0, 0) | (statement.reads_at(1) - binds) | names_in_text(statement.node)
            wanted |= reads - settled
            other = others.get(place)
            settled |= binds if other is None or place == start else surely_brings(other.module)
    return frozenset(wanted)


_BINDERS = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def _surely_binds(node: ast.stmt, statement: Statement) -> frozenset[str]:
    if not isinstance(node, _BINDERS) or (isinstance(node, ast.AnnAssign) and node.value is None):
        return frozenset()
    return frozenset(statement.bound)


def _rewritten(cell: CellCode, new: Sequence[tuple[ast.ImportFrom, str | None]]) -> CellCode:
    """The cell with other text in the place of these statements; every line stays where it is."""
    lines = [line.encode() for line in cell.source.split("\n")]
    for node, text in sorted(new, key=lambda one: (one[0].lineno, one[0].col_offset), reverse=True):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        head, tail = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        gone = not text and not head.strip() and node.col_offset == 0 and not tail.strip(b" \t;")
        lines[first] = b"" if gone else head + (text or "pass").encode() + tail
        lines[first + 1 : last + 1] = [b""] * (last - first)
    source = b"\n".join(lines).decode()
    source = source if source.strip() else ""
    return replace(cell, source=source, statements=statements(tree_of(source)))


def kept(cells: Sequence[CellCode]) -> Mapping[str, tuple[int, int]]:
    """Modules whose stars stay, each with the cell and the line of the first."""
    found: dict[str, tuple[int, int]] = {}
    for cell in cells:
        for statement in cell.statements:
            module = star_module(statement.node)
            if module is not None:
                found.setdefault(module, (cell.index, statement.node.lineno))
    return found
