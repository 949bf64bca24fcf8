"""`lint`: find notebooks, read each, run the rules over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.ipynb.read import read
from nb_mlops.linter import baseline as lines
from nb_mlops.linter import engine
from nb_mlops.linter.baseline import Baseline
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import baseline_file, files, pool


def lint(paths: Sequence[str] | str = (".",), settings: Settings | None = None, baseline: str | None = None) -> Report:
    """What the rules find in the notebooks that `paths` name; folders are walked.

    `settings` default to the project's. Findings in the project's baseline, or in the file `baseline`, are counted
    only; with `baseline=""` there is none. A file that cannot be read is a finding. Raises UsageError for a path that
    does not exist and SettingsError for a rule that does not.
    """
    known = settings or files.load_settings(".")[0]
    found = files.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    engine.choose(load_rules(), known.lint)
    place = baseline_file.in_force(known.lint.baseline, baseline)
    accepted = lines.parse(place.read(), place.shown) if place else Baseline()
    findings: list[Finding] = []
    suppressed = baselined = 0
    for path, result in zip(found, lint_files(found, known.lint, accepted.salt), strict=True):
        new, old = accepted.split(place.name_of(path) if place else path, result.findings)
        findings.extend(new)
        suppressed += result.suppressed
        baselined += len(old)
    return Report(tuple(findings), suppressed, len(found), baselined)


def lint_files(found: Sequence[str], settings: LintSettings, salt: str = "") -> Iterator[LintResult]:
    """What the rules say of each file, in order; `salt` keys the hashes of secrets, as a baseline has it."""
    return pool.in_order(partial(_lint_file, settings=settings, salt=salt), found, pool.worth_spreading(found))


def lint_one(path: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """The findings of one file."""
    known = settings or files.load_settings(path)[0]
    return _lint_file(path, known.lint).findings


def _lint_file(path: str, settings: LintSettings, salt: str = "") -> LintResult:
    """One file, whatever it holds; the findings' fixes are named but not carried along."""
    notebook = _read(path)
    if isinstance(notebook, Unreadable):
        return engine.lint_unreadable(notebook, load_rules(), settings)
    result = engine.lint(notebook, load_rules(), settings, salt)
    return LintResult(tuple(map(engine.without_edits, result.findings)), result.suppressed, result.rules)


def _read(path: str) -> Notebook | Unreadable:
    try:
        return read(files.read_bytes(path), path)
    except OSError as error:
        return files.unreadable(path, error)
