"""Notebook to bytes."""

from __future__ import annotations

from nb_mlops.core.notebook import Notebook


def write(notebook: Notebook) -> bytes:
    """The bytes of the file: those it was read from, changed only where the notebook was changed."""
    return notebook.raw
