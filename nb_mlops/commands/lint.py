"""`lint`: find notebooks, take what is known from earlier runs, look at the others, remember."""

from __future__ import annotations

from collections.abc import Sequence

from nb_mlops.commands.steps.known import Told, lint_files, tell_nobody
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.settings import Settings
from nb_mlops.outside import baseline_file, discovery, settings_file


def lint(
    paths: Sequence[str] | str = (".",),
    settings: Settings | None = None,
    baseline: str | None = None,
    cached: bool = True,
    told: Told = tell_nobody,
) -> Report:
    """What the rules find in the notebooks that `paths` name; folders are walked.

    `settings` default to the project's. Findings in the project's baseline, or in the file `baseline`, are counted
    only; with `baseline=""` there is none. With `cached`, what an earlier run said about the same content under the
    same circumstances is said again. `told` hears how many of how many files have been read. A file that cannot be
    read is a finding. Raises UsageError for a path that does not exist and SettingsError for a rule that does not.
    """
    known = settings or settings_file.load_settings(".")[0]
    found = discovery.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    place = baseline_file.in_force(known.lint.baseline, baseline)
    if place is None:
        said = tuple(lint_files(found, known.lint, "", cached, told))
        findings = tuple(finding for one in said for finding in one.findings)
        return Report(findings, sum(one.suppressed for one in said), len(found), 0, found)
    from nb_mlops.linter import baseline as lines  # most projects have none

    accepted = lines.parse(place.read(), place.shown)
    new: list[Finding] = []
    suppressed = baselined = 0
    for path, one in zip(found, lint_files(found, known.lint, accepted.salt, cached, told), strict=True):
        fresh, old = accepted.split(place.name_of(path), one.findings)
        new.extend(fresh)
        suppressed += one.suppressed
        baselined += len(old)
    return Report(tuple(new), suppressed, len(found), baselined, found)
