"""`lint`: find notebooks, take what is known from earlier runs, look at the others, remember."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import nb_mlops
from nb_mlops import catalogue
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.outside import baseline_file, cache, files
from nb_mlops.outside.cache import Said

Told = Callable[[int, int], None]


def _tell_nobody(done: int, of: int) -> None:
    """For callers who do not want to hear of progress."""


def lint(
    paths: Sequence[str] | str = (".",),
    settings: Settings | None = None,
    baseline: str | None = None,
    cached: bool = True,
    told: Told = _tell_nobody,
) -> Report:
    """What the rules find in the notebooks that `paths` name; folders are walked.

    `settings` default to the project's. Findings in the project's baseline, or in the file `baseline`, are counted
    only; with `baseline=""` there is none. With `cached`, what an earlier run said about the same content under the
    same circumstances is said again. `told` hears how many of how many files have been read. A file that cannot be
    read is a finding. Raises UsageError for a path that does not exist and SettingsError for a rule that does not.
    """
    known = settings or files.load_settings(".")[0]
    found = files.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
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


def lint_files(
    found: Sequence[str], settings: LintSettings, salt: str = "", cached: bool = True, told: Told = _tell_nobody
) -> Iterator[Said]:
    """What there is to say of each file, in order; `salt` keys the hashes of secrets, as a baseline has it."""
    store = cache.open_cache(_basis(settings, salt)) if cached else None
    facts = _facts(found, settings) if store else {}
    said = {path: one for path in found if (one := store.get(path, facts[path]))} if store else {}
    if len(said) < len(found) or not found:
        from nb_mlops.commands.look import look  # where all is known, nothing of the linter is needed

        missing = [path for path in found if path not in said]
        reads = look(missing, settings, salt, lambda done: told(len(said) + done, len(found)))
        fresh = {read.path: Said(read.result.findings, read.result.suppressed) for read in reads}
        if store:
            for read in reads:
                store.put(read.path, facts[read.path], read.before, read.digest, fresh[read.path])
            store.tidy()
        said.update(fresh)
    return (said[path] for path in found)


def lint_one(path: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """The findings of one file."""
    return lint((path,), settings or files.load_settings(path)[0]).findings


def _basis(settings: LintSettings, salt: str) -> str:
    """What every answer depends on: the settings, and the code of the tool and of its plug-ins."""
    package = Path(nb_mlops.__file__).parent
    rooms = [str(package / room) for room in ("core", "ipynb", "knowledge", "analysis", "linter", "rules")]
    plug_ins = catalogue.code_of("nb_mlops.rules")
    return cache.basis(nb_mlops.__version__, settings, salt, code=[*rooms, *plug_ins])


def _facts(paths: Sequence[str], settings: LintSettings) -> Mapping[str, str]:
    """By path, what an answer depends on that lies around the notebook: the program ruff and its settings there."""
    if not settings.ruff:
        return dict.fromkeys(paths, "")
    from nb_mlops.outside import ruff

    return ruff.digests(paths, cache.digest_of)
