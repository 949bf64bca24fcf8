"""nb-mlops: the road from notebook to registered model on which nothing unproven passes.

The public names below are loaded when first used, so that `import nb_mlops` in a kernel or a hook costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

_PUBLIC = {
    "metric": "nb_mlops.portable.declare",
    "model": "nb_mlops.portable.declare",
    "lint": "nb_mlops.commands.lint",
    "fix": "nb_mlops.commands.fix",
    "clean": "nb_mlops.commands.clean",
    "convert": "nb_mlops.commands.convert",
    "check": "nb_mlops.commands.check",
    "gate": "nb_mlops.commands.gate",
    "register": "nb_mlops.commands.register",
    "load_model": "nb_mlops.commands.load",
    "report": "nb_mlops.doors.notebook.report",
}

# What Jupyter looks for at the top of an extension's package.
_JUPYTER = {
    "_jupyter_labextension_paths": ("nb_mlops.doors.lab.extension", "labextension_paths"),
    "_jupyter_server_extension_points": ("nb_mlops.doors.lab.extension", "server_extension_points"),
    "_load_jupyter_server_extension": ("nb_mlops.doors.lab.extension", "load_server_extension"),
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> object:
    module, attribute = _JUPYTER.get(name) or (_PUBLIC.get(name), name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
