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
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> object:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
