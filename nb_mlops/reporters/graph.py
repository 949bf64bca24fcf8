"""A Graph for others to draw: Mermaid for pages that render it, JSON values for doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nb_mlops.core.graph import Graph, GraphRead

_MOST_NAMES = 4


def mermaid(graph: Graph) -> str:
    """A clean run as a Mermaid flowchart; cells counted from 1, as people do, and variables on the edges."""
    lines = ["flowchart TD"]
    lines += [f'  c{node.cell + 1}["{node.cell + 1} · {_text(node.title) or "(empty)"}"]' for node in graph.nodes]
    for (source, reader), reads in _edges(graph).items():
        lines.append(f'  c{source + 1} -->|"{_names([read.name for read in reads])}"| c{reader + 1}')
    return "\n".join(lines) + "\n"


def values(graph: Graph) -> dict[str, Any]:
    """What a clean run does, as JSON values; the front end is held against tests/contract/graph.json."""
    return {
        "version": 1,
        "nodes": [
            {
                "cell": node.cell,
                "id": node.id,
                "title": node.title,
                "binds": list(node.binds),
                "reads": list(node.reads),
                "missing": list(node.missing),
                "opaque": node.opaque,
            }
            for node in graph.nodes
        ],
        "edges": [
            {
                "from": source,
                "to": reader,
                "names": [read.name for read in reads],
                "changed": [read.name for read in reads if read.changed],
            }
            for (source, reader), reads in _edges(graph).items()
        ],
    }


def _edges(graph: Graph) -> Mapping[tuple[int, int], Sequence[GraphRead]]:
    """What each cell reads from each other in a clean run, by source and reader."""
    edges: dict[tuple[int, int], list[GraphRead]] = {}
    for read in graph.reads:
        if read.clean:
            edges.setdefault((read.source, read.reader), []).append(read)
    return edges


def _names(names: Sequence[str]) -> str:
    more = f" +{len(names) - _MOST_NAMES}" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _text(title: str) -> str:
    """Text that Mermaid takes for text: it reads entities, and quotes and brackets would end the label."""
    return "".join(c if c.isalnum() or c in " .,_-=+*/:·…" else f"#{ord(c)};" for c in title)
