"""Which cell of a notebook depends on which, in a clean run and in the session that the file was saved from."""

from __future__ import annotations

from nb_mlops.core.value import Struct


class GraphNode(Struct, frozen=True):
    """A code cell by its index: its first line that says something, its count, and the names it binds and reads.

    `reads` are those that other cells give it in a clean run, `missing` those that it surely reads and no cell above
    binds; `opaque` is set where what it reads or binds cannot be listed (star import, `%run`, `eval`, a cell that does
    not parse).
    """

    cell: int
    id: str
    title: str
    count: int | None = None
    binds: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    opaque: bool = False


class GraphRead(Struct, frozen=True):
    """`reader` reads `name` as `source` left it: in a clean run, in the recorded session, or in both.

    `changed` says that `source` changes the object in place, `sure` that the read stands in no branch.
    """

    source: int
    reader: int
    name: str
    clean: bool = True
    recorded: bool = False
    changed: bool = False
    sure: bool = True


class Graph(Struct, frozen=True):
    """The code cells of a notebook in document order, who reads what from whom, and the cells in the order they ran.

    Where one of several cells may have bound a name, each of them is a source.
    """

    nodes: tuple[GraphNode, ...] = ()
    reads: tuple[GraphRead, ...] = ()
    ran: tuple[int, ...] = ()
