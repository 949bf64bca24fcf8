"""A Graph for others to draw: Mermaid for pages that render it, JSON values for doors."""

from __future__ import annotations

from typing import Any

from nb_mlops.core.graph import Graph

_MOST_NAMES = 4


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart; cells counted from 1, as people do, and variables on the edges."""
    lines = ["flowchart TD"]
    lines += [f'  c{node.cell + 1}["{node.cell + 1} · {_text(node.title) or "(empty)"}"]' for node in graph.nodes]
    lines += [f'  c{edge.binds + 1} -->|"{_names(edge.names)}"| c{edge.reads + 1}' for edge in graph.edges]
    return "\n".join(lines) + "\n"


def values(graph: Graph) -> dict[str, Any]:
    """The graph as JSON values; see schemas/graph.schema.json."""
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
            {"from": edge.binds, "to": edge.reads, "names": list(edge.names), "changed": list(edge.changed)}
            for edge in graph.edges
        ],
    }


def _names(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - _MOST_NAMES}" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _text(title: str) -> str:
    """Text that Mermaid takes for text: it reads entities, and quotes and brackets would end the label."""
    return "".join(c if c.isalnum() or c in " .,_-=+*/:·…" else f"#{ord(c)};" for c in title)
