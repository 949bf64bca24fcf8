"""Which notebooks make registered models, by their own words."""

from __future__ import annotations

from collections.abc import Iterable

from nb_mlops.analysis.declared import declared_models
from nb_mlops.analysis.view import View
from nb_mlops.core.notebook import Notebook
from nb_mlops.ipynb.read import read
from nb_mlops.outside import files


def models_of(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(notebook, model name) for each model that a notebook hands to `nb_mlops.model()` under a name; "" for a name
    that only a run can tell."""
    found: list[tuple[str, str]] = []
    for path in paths:
        try:
            data = files.read_bytes(path)
        except OSError:
            continue
        notebook = read(data, path) if b"nb_mlops" in data else None
        if isinstance(notebook, Notebook) and notebook.is_python:
            found.extend((path, name) for name in declared_models(View(notebook)))
    return tuple(found)
