"""What the notebook imports and nobody declares: there today, missing or another version elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nb_mlops.analysis.view import View
from nb_mlops.checker import findings as say
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace

# What every kernel has, and we ourselves.
_GIVEN = frozenset({"ipython", "ipykernel", "ipywidgets", "jupyter-client", "jupyter-core", "traitlets", "nb-mlops"})
_SHOWN = 8


def undeclared_packages(notebook: Notebook, base: RunRecord, declared: Collection[str] | None) -> Iterator[Finding]:
    """A finding when distributions that the notebook itself imports are not among `declared` (None: the project
    declares nothing, which is for information)."""
    if not notebook.is_python or not base.environment.modules:
        return
    heads = dict.fromkeys(name.partition(".")[0] for name in View(notebook).imported.values())
    used = [base.environment.modules[head] for head in heads if base.environment.modules.get(head)]
    missing = [name for name in dict.fromkeys(used) if _normal(name) not in {*(declared or ()), *_GIVEN}]
    if not missing:
        return
    names = ", ".join(f"`{name}` {base.environment.packages.get(name, '')}".strip() for name in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    if declared is None:
        words = f"The project declares no packages; this ran with {names}{more}: elsewhere others are there, or none. "
        found = say.finding(say.UNDECLARED_PACKAGE, notebook, words + "`nb-mlops check --lock` writes them down.")
        yield replace(found, severity=Severity.INFO)
    else:
        words = f"{names}{more} {'is' if len(missing) == 1 else 'are'} imported and not declared in the project's "
        words += "dependencies: an installation from them cannot run this. Declare them."
        yield say.finding(say.UNDECLARED_PACKAGE, notebook, words)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
