"""The cell graph as SVG: what each cell reads from which, in a clean run on the left and as it was run on the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from nb_mlops.core.graph import Graph, GraphNode, GraphRead

_ROW, _TOP = 24, 34
_ARCS, _COLUMN, _GAP = 120, 320, 70
_LETTERS = 46
# More cells than this and only those are drawn whose reads differ.
_MOST = 160


class _Link(NamedTuple):
    """What one cell reads from another, on the same sides."""

    source: int
    reader: int
    clean: bool
    recorded: bool
    differs: bool
    names: Sequence[str]

    def on(self, side: str) -> bool:
        return self.clean if side == "clean" else self.recorded


def sure(graph: Graph) -> tuple[GraphRead, ...]:
    """The reads that stand in no branch; of others a picture would promise too much."""
    return tuple(read for read in graph.reads if read.sure)


def differing(graph: Graph) -> tuple[GraphRead, ...]:
    """The sure reads between cells that both ran which a clean run answers otherwise than the session did."""
    ran = set(graph.ran)
    return tuple(x for x in sure(graph) if x.clean != x.recorded and x.source in ran and x.reader in ran)


def counted(wrong: Sequence[GraphRead]) -> str:
    """How many names are read otherwise, in words."""
    number = len({(read.reader, read.name) for read in wrong})
    return f"{number or 'no'} read{'s differ' if number > 1 else ' differs'}"


def _links(graph: Graph) -> tuple[_Link, ...]:
    names: dict[tuple[int, int, bool, bool, bool], list[str]] = {}
    wrong = set(differing(graph))
    for read in sure(graph):
        key = (read.source, read.reader, read.clean, read.recorded, read in wrong)
        names.setdefault(key, []).append(read.name)
    return tuple(_Link(*key, names[key]) for key in sorted(names))


def drawn(graph: Graph, name: str, marked: Mapping[int, str]) -> str:
    """The picture; "" where there is nothing to see. `name` tells its elements apart from those of other pictures on
    the page, `marked` gives the gravest severity found in a cell."""
    wrong = differing(graph)
    part = {cell for read in wrong for cell in (read.source, read.reader)}
    nodes = {n.cell: n for n in graph.nodes if len(graph.nodes) <= _MOST or n.cell in part or n.cell in marked}
    links = _links(graph)
    if len(nodes) < 2 or not links:
        return ""
    clean, ran = tuple(nodes), tuple(index for index in graph.ran if index in nodes)
    both = bool(ran) and (bool(wrong) or tuple(sorted(ran)) != ran)
    width = _ARCS + _COLUMN + (_GAP + _COLUMN + _ARCS if both else 0)
    height = _TOP + _ROW * len(clean) + 6
    lines = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-labelledby="{name}-title {name}-text">',
        f'<title id="{name}-title">What each cell reads from which</title>',
        f'<desc id="{name}-text">{escape(_in_words(graph, wrong, both))}</desc>',
        *_column(links, nodes, clean, _ARCS, marked, "clean"),
    ]
    if both:
        at = _ARCS + _COLUMN + _GAP
        lines += [*_between(clean, ran, at), *_column(links, nodes, ran, at, marked, "recorded")]
    return "\n".join((*lines, "</svg>"))


def _in_words(graph: Graph, wrong: Sequence[GraphRead], both: bool) -> str:
    if not graph.ran:
        return "The cells in document order. No cell has an execution count, so only a clean run is drawn."
    if not both:
        return "The cells in document order, which is the order in which they were run."
    sides = "On the left the cells as a clean run goes, on the right in the order in which they were run"
    return f"{sides}: {counted(wrong)}."


def _column(
    links: Sequence[_Link],
    nodes: Mapping[int, GraphNode],
    order: Sequence[int],
    x: int,
    marked: Mapping[int, str],
    which: str,
) -> Iterator[str]:
    """One replay: arcs on the outer side, then the cells."""
    rows = {index: _TOP + _ROW * number for number, index in enumerate(order)}
    head = "a clean run" if which == "clean" else "as it was run"
    yield f'<text class="head" x="{x}" y="{_TOP - 16}">{head}</text>'
    outer, side = (x - 4, -1) if which == "clean" else (x + _COLUMN + 4, 1)
    drawable = (link for link in links if link.on(which) and link.source in rows and link.reader in rows)
    for link in sorted(drawable, key=lambda link: link.differs):
        a, b = rows[link.source] + _ROW // 2 - 2, rows[link.reader] + _ROW // 2 + 2
        reach = outer + side * min(14 + abs(a - b) * 0.22, _ARCS * 1.25)
        look = f"differs {which}" if link.differs else "same"
        names = escape(", ".join(link.names[:6]) + ("…" if len(link.names) > 6 else ""))
        title = f"cell {link.reader + 1} reads {names} from cell {link.source + 1}"
        curve = f"M{outer} {a} C{reach:.0f} {a} {reach:.0f} {b} {outer} {b}"
        yield f'<path class="{look}" d="{curve}"><title>{title}</title></path>'
        yield f'<circle class="{look}" cx="{outer}" cy="{b}" r="2.5"/>'
    for index in order:
        yield from _node(nodes[index], x, rows[index], marked.get(index, ""), which)


def _node(node: GraphNode, x: int, y: int, severity: str, which: str) -> Iterator[str]:
    count = "" if node.count is None else f"In[{node.count}]"
    place = f"cell {node.cell + 1} {count}".strip() if which == "clean" else f"{count} cell {node.cell + 1}".strip()
    left = max(_LETTERS - len(place) - 2, 8)
    title = node.title if len(node.title) <= left else f"{node.title[: left - 1]}…"
    yield f'<rect class="cell {severity}" x="{x}" y="{y + 1}" width="{_COLUMN}" height="{_ROW - 4}" rx="3"/>'
    yield f'<text x="{x + 8}" y="{y + 15}"><tspan class="place">{place}</tspan> {escape(title)}</text>'


def _between(clean: Sequence[int], ran: Sequence[int], right: int) -> Iterator[str]:
    """The same cell on both sides, joined; what was moved shows as what crosses."""
    rows = {index: _TOP + _ROW * number + _ROW // 2 - 1 for number, index in enumerate(clean)}
    left = _ARCS + _COLUMN
    for number, index in enumerate(ran):
        y = _TOP + _ROW * number + _ROW // 2 - 1
        curve = f"M{left + 3} {rows[index]} C{left + 30} {rows[index]} {right - 30} {y} {right - 3} {y}"
        yield f'<path class="twin" d="{curve}"/>'
