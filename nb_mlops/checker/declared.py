"""What the notebook imports and nobody declares: there today, missing or another version elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from nb_mlops.analysis.imports import left_out
from nb_mlops.analysis.view import View
from nb_mlops.checker import findings as say
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.run import RunRecord
from nb_mlops.core.value import replace

_SHOWN = 8


def undeclared_packages(notebook: Notebook, base: RunRecord, declared: Collection[str] | None) -> Iterator[Finding]:
    """A finding when distributions that the notebook itself imports are not among `declared` (None: the project
    declares nothing, which is for information)."""
    if not notebook.is_python or not base.environment.modules:
        return
    heads = dict.fromkeys(found.head for found in View(notebook).imports if not found.guarded)
    used = [base.environment.modules[head] for head in heads if base.environment.modules.get(head)]
    missing = left_out(used, declared or ())
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
