"""`lint`: find notebooks, read each, run the rules over it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.ipynb.read import read
from nb_mlops.linter import engine
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import files, pool


def lint(paths: Sequence[str] | str = (".",), settings: Settings | None = None) -> Report:
    """What the rules find in the notebooks that `paths` name; folders are walked.

    `settings` default to the project's. A file that cannot be read is a finding. Raises UsageError for a path that
    does not exist and SettingsError for a rule that does not.
    """
    known = settings or files.load_settings(".")[0]
    found = files.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    engine.choose(load_rules(), known.lint)
    results = pool.in_order(partial(_lint_file, settings=known.lint), found, pool.worth_spreading(found))
    findings: list[Finding] = []
    suppressed = 0
    for result in results:
        findings.extend(result.findings)
        suppressed += result.suppressed
    return Report(tuple(findings), suppressed, len(found))


def lint_one(path: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """The findings of one file."""
    known = settings or files.load_settings(path)[0]
    return _lint_file(path, known.lint).findings


def _lint_file(path: str, settings: LintSettings) -> LintResult:
    """One file, whatever it holds; the findings' fixes are named but not carried along."""
    notebook = _read(path)
    if isinstance(notebook, Unreadable):
        return engine.lint_unreadable(notebook, load_rules(), settings)
    result = engine.lint(notebook, load_rules(), settings)
    return LintResult(tuple(map(engine.without_edits, result.findings)), result.suppressed, result.rules)


def _read(path: str) -> Notebook | Unreadable:
    try:
        return read(files.read_bytes(path), path)
    except OSError as error:
        return files.unreadable(path, error)
