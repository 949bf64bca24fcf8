"""Notebooks that run only in the order in which their cells were run: that order, and the way back from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nb_mlops.analysis.flow import notebook_flow
from nb_mlops.analysis.replay import replays, unmet
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import CellKind, Notebook
from nb_mlops.core.value import replace

# What no other order would mend: something is not there at all.
_MISSING = frozenset({"ModuleNotFoundError", "ImportError", "FileNotFoundError", "ConnectionError", "URLError"})


def recorded_order(notebook: Notebook) -> tuple[int, ...]:
    """Indices of the cells in the order in which the code cells were run, each with the text above it.

    Code cells without a count were not run and are left out, with their text. () where the counts tell no order, or no
    other than the one in which the cells stand.
    """
    groups: list[list[int]] = [[]]
    for cell in notebook.cells:
        groups[-1].append(cell.index)
        if cell.kind is CellKind.CODE:
            groups.append([])
    counted = [(notebook.cells[group[-1]].execution_count, group) for group in groups[:-1]]
    ran = sorted((count, group) for count, group in counted if count)
    if len(ran) < 2 or len({count for count, _ in ran}) != len(ran):
        return ()
    order = [index for _, group in ran for index in group] + groups[-1]
    code = [cell.index for cell in notebook.code_cells if cell.source.strip()]
    return () if [index for index in order if index in code] == code else tuple(order)


def may_be_order(error: str) -> bool:
    """Whether an exception of this name may come of cells that stand in another order than they were run."""
    return error not in _MISSING


def runs_only_as_recorded(notebook: Notebook) -> bool:
    """Whether names that are not there from top to bottom would be there in the recorded order, by the text alone."""
    flows = notebook_flow(notebook.code_cells)
    both = replays(notebook, flows)
    return bool(unmet(both.document, flows)) and not unmet(both.recorded, flows)


def arranged(notebook: Notebook, order: Sequence[int]) -> Notebook:
    """The notebook with its cells in this order, and with no others."""
    cells = tuple(replace(notebook.cells[index], index=place) for place, index in enumerate(order))
    return replace(notebook, cells=cells)


def restored(findings: Iterable[Finding], order: Sequence[int]) -> tuple[Finding, ...]:
    """Findings about an arranged notebook, with the places that their cells have in the document."""
    return tuple(_restored(finding, order) for finding in findings)


def _restored(finding: Finding, order: Sequence[int]) -> Finding:
    span, cell = finding.span, finding.cell
    if span is not None and span.cell is not None:
        span = replace(span, cell=order[span.cell])
    if cell is not None and cell.index is not None:
        cell = replace(cell, index=order[cell.index])
    return replace(finding, span=span, cell=cell)
