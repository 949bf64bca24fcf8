"""What a rule sees of a notebook: each thing worked out at most once, and only when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.analysis.python import Python, read_python
from nb_mlops.core.finding import CellRef, Related
from nb_mlops.core.notebook import Cell, Notebook, Position, Span
from nb_mlops.core.settings import LintSettings


class View:
    """A notebook, read closely. Shared by all rules of one lint, so nothing in it may be changed."""

    def __init__(self, notebook: Notebook, settings: LintSettings | None = None) -> None:
        self.notebook = notebook
        self.settings = settings or LintSettings()

    def cell(self, index: int) -> Cell:
        """The cell at a document index."""
        return self.notebook.cells[index]

    @cached_property
    def code_cells(self) -> tuple[Cell, ...]:
        """Code cells in document order."""
        return self.notebook.code_cells

    @cached_property
    def python(self) -> Mapping[int, Python]:
        """Every code cell as Python, by cell index."""
        return {cell.index: read_python(cell.source) for cell in self.code_cells}

    @cached_property
    def flows(self) -> Mapping[int, CellFlow]:
        """What every code cell does to names, by cell index."""
        return notebook_flow(self.code_cells, self.python)

    def line_span(self, cell: Cell, line: int = 1, column: int = 0, end_column: int | None = None) -> Span:
        """A stretch of one line of a cell's source; to the end of the line by default."""
        lines = cell.source.split("\n")
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        end = len(text) if end_column is None else end_column
        return Span(cell.index, "source", Position(line, column), Position(line, end))

    def related(self, cell: Cell, message: str, line: int = 1) -> Related:
        """Another cell that takes part in a finding."""
        return Related(message, self.line_span(cell, line), CellRef.of(cell))
