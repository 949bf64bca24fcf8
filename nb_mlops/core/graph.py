"""Which cell of a notebook depends on which."""

from __future__ import annotations

from nb_mlops.core.value import Struct


class GraphNode(Struct, frozen=True):
    """A code cell: the names it binds, those it reads from other cells, and the first line that says something.

    `missing` are names that it surely reads and no cell above binds; `opaque` is set where what it reads or binds
    cannot be listed (star import, `%run`, `eval`, a cell that does not parse).
    """

    cell: int
    id: str
    title: str
    binds: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    opaque: bool = False


class GraphEdge(Struct, frozen=True):
    """Cell `reads` takes `names` from cell `binds`; `changed` are those that it finds changed in place there."""

    binds: int
    reads: int
    names: tuple[str, ...]
    changed: tuple[str, ...] = ()


class Graph(Struct, frozen=True):
    """Which cell depends on which, as a run from top to bottom has it. Cells by index in the document."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
