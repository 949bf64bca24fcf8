"""Which cell depends on which, and through which variables, in a clean run and as the notebook was run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.replay import Replay
from nb_mlops.analysis.view import View
from nb_mlops.core.graph import Graph, GraphNode, GraphRead
from nb_mlops.core.notebook import Cell
from nb_mlops.core.value import replace

# Source, reader and name.
_Read = tuple[int, int, str]


def graph(view: View) -> Graph:
    """The cells that hold code, in document order, and what they read from each other; without reads where the
    notebook is in another language."""
    if not view.notebook.is_python:
        return Graph(tuple(_bare(view, cell) for cell in view.code_cells))
    missing: defaultdict[int, list[str]] = defaultdict(list)
    for read in view.unmet:
        missing[read.cell].append(read.name)
    nodes = tuple(_node(view, cell, missing[cell.index]) for cell in view.code_cells)
    return Graph(nodes, _reads(view), view.replays.recorded.order)


def _bare(view: View, cell: Cell) -> GraphNode:
    return GraphNode(cell.index, cell.id, view.titles[cell.index], cell.execution_count)


def _node(view: View, cell: Cell, missing: list[str]) -> GraphNode:
    flow = view.flows[cell.index]
    reads = [name for name in flow.uses if view.replays.document.version(cell.index, name).definitions]
    return replace(
        _bare(view, cell),
        binds=tuple(sorted(flow.binds)),
        reads=tuple(sorted(reads)),
        missing=tuple(missing),
        opaque=flow.wildcard or flow.opaque,
    )


def _reads(view: View) -> tuple[GraphRead, ...]:
    clean = _met(view.replays.document)
    ran = {_twin(view, read, clean): changed for read, changed in _met(view.replays.recorded).items()}
    return tuple(
        GraphRead(
            *read,
            clean=read in clean,
            recorded=read in ran,
            changed=clean[read] if read in clean else ran[read],
            sure=_is_sure(view, read),
        )
        for read in sorted(clean.keys() | ran.keys())
    )


def _met(replay: Replay) -> Mapping[_Read, bool]:
    """Every read that another cell meets, and whether that cell changed the object in place."""
    return {
        (source, reader, name): source in version.changes
        for reader, seen in replay.seen.items()
        for name, version in seen.items()
        for source in {*version.definitions, *version.changes}
        if source != reader
    }


def _twin(view: View, read: _Read, clean: Mapping[_Read, bool]) -> _Read:
    """The read of a clean run that gives the same: a module that was imported again is the same module."""
    if read in clean:
        return read
    source, reader, name = read
    for other in view.replays.document.version(reader, name).definitions:
        if (other, reader, name) in clean and view.definitions.same(name, source, other):
            return other, reader, name
    return read


def _is_sure(view: View, read: _Read) -> bool:
    use = view.flows[read[1]].uses[read[2]]
    return not use.soft and use.certainty is not Certainty.POSSIBLE
