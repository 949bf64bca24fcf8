"""`baseline`: what a project lives with for now, written down, so that `lint` shows what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nb_mlops.commands.steps.known import lint_files
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.core.value import Struct
from nb_mlops.linter import baseline as lines
from nb_mlops.linter import engine, foreign
from nb_mlops.linter.baseline import Baseline, Row
from nb_mlops.linter.engine import LintResult
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import baseline_file, discovery, settings_file
from nb_mlops.outside.baseline_file import BaselineFile


class BaselineReport(Struct, frozen=True):
    """The baseline held against notebooks: its file, how many of these were read, and a row for each rule in each."""

    path: str
    notebooks: int = 0
    rows: tuple[Row, ...] = ()


def write(paths: Sequence[str] = (".",), file: str | None = None, settings: Settings | None = None) -> BaselineReport:
    """Take what lint finds in the notebooks that `paths` name for known; drop what it finds no more.

    Entries of other notebooks stay, unless their file is gone. Raises UsageError and SettingsError as lint does.
    """
    known = settings or settings_file.load_settings(".")[0]
    place = baseline_file.locate(known.lint.baseline or LintSettings().baseline, file)
    old = lines.parse(place.read(), place.shown) if place.exists() else Baseline(baseline_file.new_salt())
    seen, asked, missing = _held_against(old, place, paths, known.lint)
    new = lines.render(lines.updated(old, seen, asked, missing))
    if not place.exists() or new != place.read():
        place.write(new)
    return BaselineReport(place.shown, len(seen), lines.rows(old, seen, asked, missing))


def show(paths: Sequence[str] = (".",), file: str | None = None, settings: Settings | None = None) -> BaselineReport:
    """What the baseline knows of the notebooks that `paths` name, and which of its entries match nothing any more."""
    known = settings or settings_file.load_settings(".")[0]
    place = baseline_file.locate(known.lint.baseline or LintSettings().baseline, file)
    old = lines.parse(place.read(), place.shown)
    seen, asked, missing = _held_against(old, place, paths, known.lint)
    return BaselineReport(place.shown, len(seen), lines.rows(old, seen, asked, missing))


def _held_against(
    old: Baseline, place: BaselineFile, paths: Sequence[str], settings: LintSettings
) -> tuple[Mapping[str, LintResult], frozenset[str], frozenset[str]]:
    """What lint says now by the notebooks' names, which rules were asked, and which notebooks are gone."""
    found = discovery.discover(paths, settings.exclude)
    said = zip(map(place.name_of, found), lint_files(found, settings, old.salt), strict=True)
    seen = {name: LintResult(one.findings, one.suppressed) for name, one in said}
    asked = engine.asked(load_rules(), settings) | foreign.asked_codes(seen.values(), old.codes, settings)
    missing = frozenset(name for name in old.notebooks if place.is_missing(name))
    return seen, asked, missing
