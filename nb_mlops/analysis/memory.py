"""What was read of a notebook's cells before, for whoever looks at it again after an edit of one of them."""

from __future__ import annotations

from collections.abc import Sequence

from nb_mlops.analysis.flow.cell import Walks
from nb_mlops.analysis.python import Python, read_pythons
from nb_mlops.analysis.tables import Table, cell_tables
from nb_mlops.analysis.title import title_of
from nb_mlops.core.notebook import Cell, StoredOutputs


class Memory:
    """What the last look at a notebook has read, by what it was read from. For one notebook, and one thread."""

    def __init__(self) -> None:
        self.walks = Walks()
        self._pythons: dict[str, Python] = {}
        self._titles: dict[str, str] = {}
        self._tables: dict[int, tuple[Cell, StoredOutputs, tuple[Table, ...]]] = {}

    def pythons(self, sources: Sequence[str]) -> list[Python]:
        """Cells as Python; only what is new is parsed. What is no longer there is forgotten."""
        new = [source for source in dict.fromkeys(sources) if source not in self._pythons]
        found = self._pythons | dict(zip(new, read_pythons(new), strict=True))
        self._pythons = {source: found[source] for source in sources}
        return [found[source] for source in sources]

    def titles(self, sources: Sequence[str]) -> list[str]:
        """What cells are called; only what is new is read. What is no longer there is forgotten."""
        self._titles = {source: self._titles.get(source) or title_of(source) for source in sources}
        return [self._titles[source] for source in sources]

    def tables(self, cells: Sequence[Cell]) -> tuple[Table, ...]:
        """The tables that cells show or spell out; only those of new outputs and of new texts are looked for."""
        self._tables = {cell.index: self._of(cell) for cell in cells}
        return tuple(table for _, _, found in self._tables.values() for table in found)

    def _of(self, cell: Cell) -> tuple[Cell, StoredOutputs, tuple[Table, ...]]:
        known = self._tables.get(cell.index)
        if known is not None:
            before, outputs, _ = known
            # A code cell's own text holds no table; outputs that were kept are the very same object.
            alike = cell.kind is before.kind and (cell.is_code or cell.source == before.source)
            if alike and outputs is cell.stored:
                return known
        return cell, cell.stored, tuple(cell_tables(cell))
