"""What cells do to one name, by the statements that bind, change and read it: whether two cells mean the same by it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cached_property

from nb_mlops.analysis.flow import CellFlow
from nb_mlops.analysis.lines import lines_of
from nb_mlops.analysis.parts import changed_parts, parts_read, surely_changes
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.replay import Replays
from nb_mlops.analysis.shown import literal, shows
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, Notebook

_Tell = Callable[[ast.Module, str], frozenset[str] | None]

_WORD = pattern(r"[^\W\d]\w*")


class Definitions:
    """Answers about the names of one notebook, each found at most once."""

    def __init__(
        self,
        notebook: Notebook,
        python: Mapping[int, Python],
        flows: Mapping[int, CellFlow],
        replays: Replays,
    ) -> None:
        self._notebook, self._python, self._flows, self._replays = notebook, python, flows, replays
        self._definitions: dict[tuple[str, int], list[str]] = {}
        self._said: dict[tuple[str, int], frozenset[str]] = {}
        self._known_parts: dict[tuple[_Tell, int, str], frozenset[str] | None] = {}
        self._made_of: dict[tuple[int, str], frozenset[str]] = {}
        self._words: dict[int, frozenset[str]] = {}

    def _cell(self, index: int) -> Cell:
        return self._notebook.cells[index]

    def surely_changes(self, cell: int, name: str) -> bool:
        """Whether the cell changes the object of `name` in place whenever it runs."""
        tree = self._python[cell].tree
        return tree is not None and surely_changes(tree, name)

    def apart(self, name: str, reader: int, writer: int) -> bool:
        """Whether the reader does not look at the parts of `name` that the writer changes: other columns of a table."""
        if name in self._flows[reader].mutates or name in self._read_by_functions:
            return False
        changed = self._parts(changed_parts, writer, name)
        looked = self._parts(parts_read, reader, name) if changed is not None else None
        return changed is not None and looked is not None and not changed & looked

    @cached_property
    def _read_by_functions(self) -> frozenset[str]:
        """The names that functions of the notebook read when they are called."""
        return frozenset(name for flow in self._flows.values() for free in flow.functions.values() for name in free)

    def _parts(self, tell: _Tell, cell: int, name: str) -> frozenset[str] | None:
        """What a function of parts.py tells of the name in the cell; most is asked for again and again."""
        key = tell, cell, name
        if key not in self._known_parts:
            tree = self._python[cell].tree
            self._known_parts[key] = None if tree is None else tell(tree, name)
        return self._known_parts[key]

    def shown(self, name: str, reader: int, writer: int) -> bool | None:
        """Whether saved output shows that the reader read the value of `name` that the writer's text gives now.

        What another cell shows that read the same version counts too, where no run between the two is lost.
        """
        tree = self._python[writer].tree
        given = literal(tree, name) if tree is not None else None
        if given is None:
            return None
        recorded, session = self._replays.recorded, self._replays.session
        mine, here = recorded.version(reader, name), session.counts[reader]
        for cell, count in sorted(session.counts.items(), key=lambda item: abs(item[1] - here)):
            source = self._python[cell].tree
            use = self._flows[cell].uses.get(name)
            if source is None or use is None or use.via or name in self._flows[cell].binds:
                continue
            if cell != reader:
                apart = session.repeated or session.lost_between(min(count, here), max(count, here))
                if apart or recorded.version(cell, name) != mine:
                    continue
            told = shows(self._cell(cell), source, name, given)
            if told is not None:
                return told
        return None

    def made_of(self, cell: int, name: str) -> frozenset[str]:
        """The names from before the cell that what it makes of `name` is made of, as far as its statements tell."""
        known = self._made_of.get((cell, name))
        if known is None:
            known = self._made_of[cell, name] = self._ingredients(cell, name)
        return known

    def _ingredients(self, cell: int, name: str) -> frozenset[str]:
        flow = self._flows[cell]
        if self._python[cell].tree is None or flow.opaque:
            return frozenset(flow.uses)
        words: set[str] = set()
        asked = [name]
        while asked:
            new = self._words_of(asked.pop(), cell) - words
            words |= new
            asked.extend(new & (flow.binds | flow.mutates))
        said = self._words.get(cell)
        if said is None:
            said = self._words[cell] = frozenset(("", *_WORD.findall(self._cell(cell).source)))
        return frozenset(n for n, use in flow.uses.items() if n in words or use.via in words or use.via not in said)

    def _words_of(self, name: str, cell: int) -> frozenset[str]:
        """The words in the statements that bind or change the name; asked again for all that is made of it."""
        known = self._said.get((name, cell))
        if known is None:
            known = self._said[name, cell] = frozenset(_WORD.findall(" ".join(self._definition(name, cell))))
        return known

    def same(self, name: str, one: int, other: int) -> bool:
        """Whether both cells bind the name alike: both import it, or by the same text from the same definitions."""
        return one == other or self._alike(name, one, other, {name})

    def _alike(self, name: str, one: int, other: int, asked: set[str]) -> bool:
        flow, twin = self._flows[one], self._flows[other]
        if name in flow.imports and name in twin.imports:
            return True
        text = self._definition(name, one)
        if text != self._definition(name, other):
            return False
        for word in self._words_of(name, one) - asked:
            asked.add(word)
            if word in flow.binds & twin.binds and not self._alike(word, one, other, asked):
                return False
            if word in flow.uses.keys() | twin.uses.keys() and self._origin(word, one) != self._origin(word, other):
                return False
        return True

    def _origin(self, name: str, cell: int) -> frozenset[int]:
        """The cells that a clean run of the cell takes the name from: itself where it binds it before it reads it."""
        if name in self._flows[cell].must and name not in self._flows[cell].uses:
            return frozenset((cell,))
        return self._replays.document.version(cell, name).definitions

    def _definition(self, name: str, cell: int) -> list[str]:
        """The statements that bind or change the name, less their layout."""
        known = self._definitions.get((name, cell))
        if known is None:
            lines = lines_of(self._cell(cell).source)
            ranges = self._flows[cell].lines.get(name, ())
            known = [" ".join("\n".join(lines[first - 1 : last]).split()) for first, last in ranges]
            self._definitions[name, cell] = known
        return known
