"""Notebook files, as little of them as the measurements need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Cell:
    """One cell as JupyterLab saves it."""

    kind: str
    source: str
    id: str = ""
    count: int | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


def load(path: Path) -> list[Cell]:
    """The cells of an nbformat 4 file."""
    return [
        Cell(
            raw["cell_type"],
            "".join(raw["source"]),
            raw.get("id", ""),
            raw.get("execution_count"),
            raw.get("outputs", []),
            raw.get("metadata", {}),
        )
        for raw in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


def save(path: Path, cells: Sequence[Cell]) -> None:
    """Write the cells as nbformat 4.5, for a Python 3 kernel."""
    raw = [
        {"cell_type": c.kind, "id": c.id or f"cell-{i}", "metadata": c.metadata, "source": c.source.splitlines(True)}
        | ({"execution_count": c.count, "outputs": c.outputs} if c.kind == "code" else {})
        for i, c in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11.0"}}
    file = {"cells": raw, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(file, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
