"""What the commands about one notebook begin with: its bytes and the notebook in them, or an error for a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb_mlops.checker.places import places_named
from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import Settings
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.outside import named, watch
from nb_mlops.outside.files import project_root
from nb_mlops.outside.settings_file import load_settings


def opened(path: str) -> tuple[bytes, Notebook]:
    """The file's bytes and the notebook. Raises UsageError."""
    data = named.bytes_of(path)
    found = read(data, path)
    if isinstance(found, Notebook):
        return data, found
    raise UsageError(f"`{path}` is not a notebook. {found.detail}")


def model_of(path: str, wanted: str = "") -> str:
    """The name that is `wanted`, else the one name that the notebook itself gives its model. Raises UsageError where it
    gives none or several."""
    if wanted:
        return wanted
    notebook = opened(path)[1]
    from nb_mlops.analysis.declared import declared_models  # who gives the name needs no analysis
    from nb_mlops.analysis.view import View

    names = declared_models(View(notebook)) if notebook.is_python else ()
    if len(names) == 1 and names[0]:
        return names[0]
    told = ", ".join(f"`{name}`" for name in names if name)
    raise UsageError(
        f"`{path}` makes several models: {told}." if len(names) > 1 and told else f"`{path}` names no model.",
        'Say which: --model NAME; or name it where it is made: nb_mlops.model(model, name="NAME").',
    )


def chosen(path: str, changes: Mapping[str, Any]) -> Settings:
    """The settings in force for a notebook, with the keys of [check] that are not None in `changes` laid over them."""
    settings = load_settings(path)[0]
    given = {name: value for name, value in changes.items() if value is not None}
    return replace(settings, check=replace(settings.check, **given)) if given else settings


def watched(notebook: Notebook) -> tuple[str, ...]:
    """The folders in which a run's reads are seen: the project, and what the code names outside of it."""
    root = str(project_root(notebook.path))
    here = str(Path(notebook.path).resolve().parent)
    return (root, *watch.folders_named(places_named(notebook), here, root))
