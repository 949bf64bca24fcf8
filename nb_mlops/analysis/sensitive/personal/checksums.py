"""The checksums of python-stdnum, each loaded when a number asks for it."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from nb_mlops.core.lazy import spared


@cache
def checksum(module: str) -> Any:
    """A module of python-stdnum, by its name there: it has `is_valid(text)`."""
    # Its common module can ask web services and print documentation; what it loads for that takes 7 MB in each process.
    with spared("pydoc", "ssl"):
        return importlib.import_module(f"stdnum.{module}")
