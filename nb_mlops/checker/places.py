"""Places outside of the project that a notebook's code names: absolute paths, those of a home, those above."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.core.notebook import Notebook

_LONGEST = 300


def places_named(notebook: Notebook) -> tuple[str, ...]:
    """Texts of the code that could be such places, each once."""
    if not notebook.is_python:
        return ()
    return tuple(dict.fromkeys(text for cell in notebook.code_cells for text in _texts(cell.source) if _is_place(text)))


def _texts(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _is_place(text: str) -> bool:
    return text.startswith(("/", "~/", "../")) and len(text) < _LONGEST and "\n" not in text and "\0" not in text
