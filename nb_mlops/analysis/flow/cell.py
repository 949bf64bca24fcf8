"""From a cell's code to its CellFlow, and from cells to the notebook's."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from keyword import iskeyword

from nb_mlops.analysis.flow.facts import POSSIBLE, CellFlow
from nb_mlops.analysis.flow.magics import Effect, effect
from nb_mlops.analysis.flow.names import Names
from nb_mlops.analysis.flow.statements import Statements
from nb_mlops.analysis.python import Magic, Python, read_python
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, Position
from nb_mlops.knowledge.injected import always_there


def notebook_flow(
    cells: Sequence[Cell], pythons: Mapping[int, Python] | None = None, memory: Walks | None = None
) -> Mapping[int, CellFlow]:
    """What each code cell does to names, by cell index, walked in document order.

    A cell that does not parse, or is nested too deeply to be walked, may bind any word it holds and is opaque; the
    other cells keep what is known of them. Built-in and IPython names appear only where some cell binds them too.
    With `memory`, cells that nothing new reaches are not walked again.
    """
    read = [(cell, pythons[cell.index] if pythons else read_python(cell.source)) for cell in cells if cell.is_code]
    names = Names()
    walks = memory.walks(read) if memory else [_walk(cell, python, names) for cell, python in read]
    bound = frozenset[str]().union(*(walk.state.may for walk in walks))
    return {walk.cell: _flow(walk, bound) for walk in walks}


class Walks:
    """What the walks over a notebook found the last time, each with what names held before and after it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Names, Names, _CellWalk]] = {}

    def walks(self, cells: Sequence[tuple[Cell, Python]]) -> list[_CellWalk]:
        """A walk for each cell; only those are made that are of a new text, or come upon names that hold something
        else than before."""
        now = Names()
        found = {}
        for cell, python in cells:
            known = self._known.get(cell.index)
            if known is None or known[0] != cell.source or not (known[1] is now or known[1].tell_alike(now)):
                after = now.copy()
                known = cell.source, now, after, _walk(cell, python, after)
            # From the very object that the cell above left: next time they need not be compared.
            found[cell.index] = known[0], now, *known[2:]
            now = known[2]
        self._known = found
        return [walk for _, _, _, walk in found.values()]


def _walk(cell: Cell, python: Python, names: Names) -> _CellWalk:
    """Walk one cell, after the cells that `names` has seen."""
    walk = _CellWalk(cell.index, python, names)
    if python.tree is not None:
        try:
            walk.cell_body(python.tree, cell.source)
            return walk
        except RecursionError:
            walk = _CellWalk(cell.index, python, names)
    walk.unknown(cell.source)
    return walk


def _flow(walk: _CellWalk, bound: frozenset[str]) -> CellFlow:
    """What a walk has found, less what only a built-in, or nothing at all, can mean: `print`, `$HOME` in shell text."""

    def known(name: str) -> bool:
        return name in bound or not always_there(name)

    state = walk.state
    return CellFlow(
        walk.cell,
        {name: use for name, use in walk.uses.items() if name in bound or not (use.soft or always_there(name))},
        frozenset(state.must),
        frozenset(state.may - state.must),
        frozenset(walk.mutated),
        frozenset(state.gone),
        frozenset(walk.imports),
        {name: frozenset([n for n in free if known(n)]) for name, free in walk.functions.items()}
        if walk.functions
        else {},
        walk.wildcard,
        walk.opaque,
        walk.clears,
        {name: tuple(lines) for name, lines in walk.lines.items()},
    )


_WORD = pattern(r"[^\W\d]\w*")
_ANY_NAME = pattern(r"import\s+\*|\b(?:exec|execfile|globals|locals)\s*\(|%(?:run|pylab)\b")


class _CellWalk(Statements):
    """The walk over a cell's own code, magics included."""

    __slots__ = ()

    def cell_body(self, tree: ast.Module, source: str) -> None:
        if not self.python.magics:
            self._statements_of(tree)
            return
        for magic in self.python.magics:
            if magic.kind != "cell":
                self.magics.setdefault(magic.line, []).append(magic)
        wrappers = [
            (magic, self._effect_of_cell_magic(magic, source)) for magic in self.python.magics if magic.kind == "cell"
        ]
        for magic, happens in wrappers:
            self._before(happens, magic)
        discards = any(happens.discards for _, happens in wrappers)
        entered = self.state.copy() if discards else self.state
        for magic, happens in wrappers:
            self._set_up(happens, magic)
        self._statements_of(tree)
        if discards:
            self.state = entered
        for magic, happens in wrappers:
            self.statement = (magic.line, magic.line)
            self._after(happens)

    def _statements_of(self, tree: ast.Module) -> None:
        for node in tree.body:
            self.statement = (node.lineno, node.end_lineno or node.lineno)
            living = self.state
            self.statement_at(node)
            if self.state.dead:  # the cell always ends here (`raise`): what it bound before stays bound
                self.state = living
                break

    def unknown(self, source: str) -> None:
        """A cell that cannot be walked: each word of it may be a name it binds, and it may read anything."""
        words = (word for word in _WORD.findall(source) if not always_there(word) and not iskeyword(word))
        self.state.may_bind(words)
        self.wildcard = _ANY_NAME.search(source) is not None
        self.opaque = True

    def run_magics(self, node: ast.stmt) -> None:
        for magic in self.magics.get(node.lineno, ()):
            happens = effect(magic)
            self._before(happens, magic)
            if happens.statement:
                self._run_text(happens)
            self.fixed = None
            self._after(happens)

    def _effect_of_cell_magic(self, magic: Magic, source: str) -> Effect:
        body = "" if self.python.code.strip() else "\n".join(source.split("\n")[magic.line :])
        return effect(magic, body)

    def _before(self, happens: Effect, magic: Magic) -> None:
        """Names that the magic's text mentions are read before anything else."""
        self.fixed = Position(magic.line, 0)
        anywhere = ast.Pass(lineno=magic.line, col_offset=0)
        for name in sorted(happens.soft):
            self.need(name, anywhere, POSSIBLE, soft=True)
        if magic.kind == "cell":
            self.fixed = None

    def _set_up(self, happens: Effect, magic: Magic) -> None:
        """What stands on a cell magic's own line runs before the cell: `%%timeit total = 0`."""
        tree = read_python(happens.statement).tree if happens.statement else None
        if tree is not None:
            self.fixed, self.statement = Position(magic.line, 0), (magic.line, magic.line)
            magics, self.magics = self.magics, {}
            self.body(list(tree.body))
            self.magics, self.fixed = magics, None

    def _run_text(self, happens: Effect) -> None:
        tree = read_python(happens.statement).tree
        if tree is None:
            return
        saved = self.state.copy()
        magics, self.magics = self.magics, {}
        self.body(list(tree.body))
        self.magics = magics
        if happens.discards:
            self.state = saved

    def _after(self, happens: Effect) -> None:
        for name in happens.binds:
            self.bind(name)
        for name in happens.deletes:
            self.unbind(name)
        self.wildcard |= happens.wildcard
        if happens.clears:
            self.clears = True
            for name in list(self.state.may):
                self.unbind(name)
