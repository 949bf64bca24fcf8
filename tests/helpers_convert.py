"""Small notebooks, converted and run beside plain execution."""

from __future__ import annotations

import importlib
import os
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nb_mlops.converter.package import Surroundings, draft, package_files
from nb_mlops.converter.plan import Level, Plan, Refused, make_plan
from nb_mlops.converter.rewrite import Shows
from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.outside.packages import portable_texts, write_tree
from nb_mlops.portable import golden
from nb_mlops.portable.fingerprint import fingerprint

SURROUNDINGS = Surroundings(portable_texts())


def code(source: str, *tags: str) -> Cell:
    return Cell(0, CellKind.CODE, source, tags=tags)


def text(source: str) -> Cell:
    return Cell(0, CellKind.MARKDOWN, source)


def notebook(*cells: Cell, path: str = "case.ipynb") -> Notebook:
    from nb_mlops.core.value import replace

    return Notebook(path, tuple(replace(cell, index=i, id=f"c{i}") for i, cell in enumerate(cells)))


def staged(*sources: str, path: str = "case.ipynb") -> Notebook:
    """A notebook in which every code cell has a heading, so that every name it shares crosses a stage."""
    cells = [
        cell for i, source in enumerate(sources) for cell in (text(f"## Part number {'abcdefgh'[i]}"), code(source))
    ]
    return notebook(*cells, path=path)


def planned(made: Notebook, level: Level = Level.FUNCTIONS, shown: Mapping[int, Shows] | None = None) -> Plan:
    plan = make_plan(made, level, shown)
    assert isinstance(plan, Plan), plan
    return plan


def files_of(plan: Plan) -> dict[str, str]:
    made = draft(plan, SURROUNDINGS)
    assert not isinstance(made, Refused), made
    return package_files(made, SURROUNDINGS, None, None, 1e-6)


def executed(sources: Sequence[str]) -> dict[str, Any]:
    """Fingerprints of the user's names after the cells ran one after another in one namespace, as a kernel does."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in sources:
        exec(compile(source, "<cell>", "exec", dont_inherit=True), namespace)
    hidden = {"__name__", "__builtins__", "__annotations__"}
    return {
        name: fingerprint(value, home=("__main__",))
        for name, value in namespace.items()
        if name not in hidden and not name.startswith("_") and not isinstance(value, types.ModuleType)
    }


def run_package(plan: Plan, root: Path, names: Sequence[str]) -> dict[str, Any]:
    """What the package's golden recorder sees: stages and final values of `names`."""
    write_tree(root, files_of(plan))
    with importable(root / "src", plan.package):
        return golden.record(plan.package, {"stages": [], "final": list(names)}, root)


@contextmanager
def importable(folder: Path, package: str) -> Iterator[None]:
    before = os.environ.get("MPLBACKEND")
    # A file that is written anew within a second, at the same length, would be taken from the cache of the first one.
    cached, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = cached
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]
        if before is None:
            os.environ.pop("MPLBACKEND", None)
