"""Mends a notebook until nothing more can be mended: lint, apply what fits together, lint again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nb_mlops import fixer
from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.project import Project
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.value import Struct
from nb_mlops.linter.engine import LintResult, lint
from nb_mlops.linter.rule import Rule

# A fix may bring up another finding with a fix of its own; one that never comes to rest is a fault of a rule.
_PASSES = 10


class Repaired(Struct, frozen=True):
    """The mended notebook, the findings that were mended, and what is left."""

    notebook: Notebook
    fixed: tuple[Finding, ...]
    left: LintResult


def repair(
    notebook: Notebook,
    rules: Mapping[str, Rule],
    settings: LintSettings,
    allow_unsafe: bool = False,
    salt: str = "",
    foreign: Sequence[Finding] = (),
    project: Project | None = None,
) -> Repaired:
    """The notebook with every fix applied that may be: safe ones, with `allow_unsafe` the others too.

    What others found (`foreign`) is mended too; once anything has changed, it no longer counts for what is left.
    """
    fixed: list[Finding] = []
    result = lint(notebook, rules, settings, salt, foreign=foreign, project=project)
    for _ in range(_PASSES):
        mendable = [finding for finding in result.findings if finding.fix is not None]
        fixes = [finding.fix for finding in mendable if finding.fix is not None]
        changed, applied = fixer.apply(notebook, fixes, allow_unsafe)
        if not applied:
            break
        done = {id(fix) for fix in applied}
        fixed.extend(finding for finding in mendable if id(finding.fix) in done)
        notebook, result = changed, lint(changed, rules, settings, salt, project=project)
    return Repaired(notebook, tuple(fixed), result)
