"""Calls of `autolog(registered_model_name=…)`: MLflow swallows what the registry refuses there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.walk import walk
from nb_mlops.core.notebook import Notebook


def autolog_lines(source: str) -> Iterator[int]:
    """The lines (from 1) of such calls in Python source; none in what does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in walk(tree):
        if isinstance(node, ast.Call) and any(keyword.arg == "registered_model_name" for keyword in node.keywords):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "autolog":
                yield node.lineno


def autolog_cells(notebook: Notebook) -> Iterator[int]:
    """The index of the cell of each such call in a notebook."""
    for cell in notebook.code_cells:
        if "registered_model_name" in cell.source:
            yield from (cell.index for _ in autolog_lines(cell.source))
