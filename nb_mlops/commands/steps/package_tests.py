"""The tests of the packages that were converted from a notebook, in processes that see no key."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from nb_mlops import __version__
from nb_mlops.commands.steps import papers
from nb_mlops.commands.steps.opened import opened
from nb_mlops.converter.plan import converted_cells
from nb_mlops.converter.regenerate import out_of_date
from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.value import Struct, replace
from nb_mlops.evidence.digest import notebook_digest, tree_digest
from nb_mlops.evidence.kind import NotebookRef
from nb_mlops.evidence.predicates.tests import PackageTested, PackageTestsPredicate
from nb_mlops.evidence.statement import timestamp
from nb_mlops.outside import artefacts, ci_place, programs
from nb_mlops.outside.files import project_root


class Ended(Struct, frozen=True):
    """How the tests of one package ended: counts, or None where time was up, and the last line that was printed."""

    package: Path
    counts: programs.Counts | None
    said: str

    @property
    def passed(self) -> bool:
        """Whether there were tests, and all of them passed."""
        return self.counts is not None and self.counts.code == 0 and self.counts.passed > 0


def run(packages: Sequence[Path], passed: tuple[str, ...] = (), deadline: float = float("inf")) -> tuple[Ended, ...]:
    """Run each package's tests, one after another. `passed` are names of our variables that they may see; `deadline`
    is on the monotonic clock. Raises UsageError where pytest is not installed."""
    if packages and not programs.is_installed("pytest"):
        raise UsageError("The package has tests, and pytest is not installed here to run them.", "pip install pytest")
    found = []
    for package in packages:
        environ = ci_place.for_notebooks(os.environ, passed)
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(package / "src"), environ.get("PYTHONPATH", ""))))
        counts, said = programs.tests(package, environ, max(deadline - time.monotonic(), 0))
        found.append(Ended(package, counts, said))
    return tuple(found)


def file(path: str, ended: Sequence[Ended]) -> tuple[PackageTestsPredicate, str]:
    """What the tests came to, signed and filed with the notebook's last check: the statement and where it lies, "" when
    there is no check to file it with."""
    root = project_root(path)
    named = replace(opened(path)[1], path=artefacts.project_path(root, path))
    found = PackageTestsPredicate(
        tool=__version__,
        notebook=NotebookRef(named.path, notebook_digest(named)),
        packages=tuple(_tested(root, named, one) for one in ended),
        issued=timestamp(datetime.now(timezone.utc)),
    )
    filed = artefacts.current_evidence(root, named.path)
    if filed is None:
        return found, ""
    (written,) = papers.file(root, filed.subject, (found,), "tests")
    return found, artefacts.project_path(root, written)


def _tested(root: Path, notebook: Notebook, one: Ended) -> PackageTested:
    stale = out_of_date(programs.map_of(one.package), converted_cells(notebook))
    words = "; ".join(f"cell {s.index + 1}: {s.words}" if s.index >= 0 else s.words for s in stale[:3])
    counts = one.counts or programs.Counts(1)
    failed = counts.failed if counts.code == 0 or counts.failed else 1
    digest = tree_digest(artefacts.hash_files(one.package, programs.files_of(one.package)))
    path = artefacts.project_path(root, one.package)
    return PackageTested(path, digest, counts.passed, failed, counts.skipped, words)
