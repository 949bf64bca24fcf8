"""tests: do the packages that were converted from a notebook pass their own tests? Runs them, and signs what it saw."""

from __future__ import annotations

import time
from pathlib import Path
from shlex import quote
from typing import Any

from nb_mlops.commands.steps import package_tests
from nb_mlops.core.errors import NothingToDoError
from nb_mlops.core.value import Struct
from nb_mlops.evidence.predicates.tests import PackageTestsPredicate
from nb_mlops.evidence.strict import to_json
from nb_mlops.outside import programs
from nb_mlops.outside.files import project_root
from nb_mlops.outside.settings_file import load_settings


class PackagesResult(Struct, frozen=True):
    """What was signed, where it lies ("" when the notebook was not checked yet, so that there is nothing to file it
    with), and what each package's tests said last."""

    predicate: PackageTestsPredicate
    evidence: str
    said: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every package is of this code and passed."""
        return all(one.passed and not one.failed and not one.stale for one in self.predicate.packages)


def tests(path: str) -> PackagesResult:
    """Run the tests of every package that was converted from a notebook and file a signed statement with its last
    check. Raises NothingToDoError where there is no package."""
    settings, _ = load_settings(path)
    packages = programs.packages_of(project_root(path), Path(path))
    if not packages:
        raise NothingToDoError(
            f"No package of `{path}` was found.", f"Run `nb-mlops convert {quote(path)}` and commit it."
        )
    ended = package_tests.run(packages, deadline=time.monotonic() + settings.convert.timeout)
    found, evidence = package_tests.file(path, ended)
    return PackagesResult(found, evidence, tuple(one.said for one in ended))


def report(result: PackagesResult) -> dict[str, Any]:
    """The result as JSON values; see schemas/tests-predicate.schema.json for `packages`."""
    values: dict[str, Any] = to_json(result.predicate)
    return {
        "version": 1,
        "notebook": values["notebook"]["path"],
        "passed": result.passed,
        "packages": values["packages"],
        "evidence": result.evidence,
    }
