"""How the cells of a notebook depend on each other, in a clean run and in the session that the file was saved from."""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.replay import Replay
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.view import View
from nb_mlops.core.exhibit import CellGraph, CellLink, CellNode
from nb_mlops.core.notebook import Cell

_LONGEST_TITLE = 60


def cell_graph(view: View) -> CellGraph:
    """The graph of a notebook's code cells. Where one of several cells may have bound a name, each of them is a source.

    Titles are fit to be shown: secrets and personal values in them are covered.
    """
    recorded = view.replays.recorded
    clean = _reads(view, view.replays.document)
    ran = {_twin(view, read, clean) for read in _reads(view, recorded)}
    names: dict[tuple[int, int, bool, bool], set[str]] = {}
    for source, reader, name in clean | ran:
        read = (source, reader, name)
        # A cell that never ran has no part in the session; nothing is said about it there.
        names.setdefault((source, reader, read in clean, read in ran), set()).add(name)
    links = tuple(CellLink(s, r, tuple(sorted(found)), c, o) for (s, r, c, o), found in sorted(names.items()))
    nodes = tuple(CellNode(cell.index, cell.execution_count, _title(cell)) for cell in view.code_cells)
    return CellGraph(nodes, links, recorded.order)


def _reads(view: View, replay: Replay) -> set[tuple[int, int, str]]:
    """(source, reader, name) for every read of a replay that some cell meets."""
    return {
        (source, reader, name)
        for reader in replay.order
        for name, use in view.flows[reader].uses.items()
        if not use.soft and use.certainty is not Certainty.POSSIBLE
        for source in _sources(view, replay, reader, name)
        if source != reader
    }


def _twin(view: View, read: tuple[int, int, str], clean: set[tuple[int, int, str]]) -> tuple[int, int, str]:
    """The read of a clean run that gives the same: a module that was imported again is the same module."""
    if read in clean:
        return read
    source, reader, name = read
    for other in view.replays.document.version(reader, name).definitions if reader in view.flows else ():
        if (other, reader, name) in clean and view.same_definition(name, source, other):
            return other, reader, name
    return read


def _sources(view: View, replay: Replay, reader: int, name: str) -> Iterable[int]:
    version = replay.version(reader, name)
    return {*version.definitions, *version.changes}


def _title(cell: Cell) -> str:
    lines = (line.strip() for line in cell.source.split("\n"))
    first = mask(next((line for line in lines if line and not line.startswith("#")), cell.source.strip()[:200]))
    return first if len(first) <= _LONGEST_TITLE else f"{first[: _LONGEST_TITLE - 1]}…"
