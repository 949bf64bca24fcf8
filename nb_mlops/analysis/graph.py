"""Which cell depends on which, and through which variables, as a run from top to bottom has it."""

from __future__ import annotations

from collections import defaultdict

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.view import View
from nb_mlops.core.graph import Graph, GraphEdge, GraphNode
from nb_mlops.core.notebook import Cell

_LONGEST_TITLE = 60


def graph(view: View) -> Graph:
    """The cells that hold code, in document order, and an edge for each pair that a name joins."""
    if not view.notebook.is_python:
        return Graph(tuple(GraphNode(cell.index, cell.id, _title(cell)) for cell in view.code_cells))
    missing: defaultdict[int, list[str]] = defaultdict(list)
    for read in view.unmet:
        missing[read.cell].append(read.name)
    return Graph(tuple(_node(view, cell, missing[cell.index]) for cell in view.code_cells), _edges(view))


def _node(view: View, cell: Cell, missing: list[str]) -> GraphNode:
    flow = view.flows[cell.index]
    reads = [name for name in flow.uses if view.replays.document.version(cell.index, name).definitions]
    opaque = flow.wildcard or flow.opaque
    return GraphNode(
        cell.index, cell.id, _title(cell), tuple(sorted(flow.binds)), tuple(sorted(reads)), tuple(missing), opaque
    )


def _edges(view: View) -> tuple[GraphEdge, ...]:
    names: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    changed: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for reader, seen in view.replays.document.seen.items():
        for name, version in seen.items():
            for cell in version.definitions:
                names[cell, reader].add(name)
            for cell in version.changes:
                names[cell, reader].add(name)
                changed[cell, reader].add(name)
    pairs = sorted(pair for pair in names if pair[0] != pair[1])
    return tuple(GraphEdge(*pair, tuple(sorted(names[pair])), tuple(sorted(changed[pair]))) for pair in pairs)


def _title(cell: Cell) -> str:
    """The first line that says something, fit to be shown."""
    lines = [line.strip() for line in cell.source.split("\n") if line.strip()]
    told = [line for line in lines if not line.startswith(("import ", "from "))] or lines
    line = mask(told[0].lstrip("# ")) if told else ""
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"
