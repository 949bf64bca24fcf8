"""Cells and flows for tests of the rooms that read code."""

from __future__ import annotations

from collections.abc import Mapping

from nb_mlops.analysis.flow import CellFlow, notebook_flow
from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.core.value import replace


def cells(*sources: str) -> tuple[Cell, ...]:
    """Code cells of these sources, numbered."""
    return tuple(Cell(index, CellKind.CODE, source) for index, source in enumerate(sources))


def flows(*sources: str) -> Mapping[int, CellFlow]:
    """The flows of a notebook of these code cells."""
    return notebook_flow(cells(*sources))


def counted(*pairs: tuple[str, int | None]) -> Notebook:
    """A notebook of (source, execution count) cells."""
    made = (
        replace(cell, execution_count=count)
        for cell, (_, count) in zip(cells(*(source for source, _ in pairs)), pairs, strict=True)
    )
    return Notebook("n.ipynb", tuple(made))
