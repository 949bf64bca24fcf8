"""`lint`: find notebooks, take what is known from earlier runs, look at the others, remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nb_mlops
from nb_mlops import catalogue
from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.settings import LintSettings, Settings
from nb_mlops.outside import cache, files

Told = Callable[[int, int], None]


def lint(
    paths: Sequence[str] | str = (".",),
    settings: Settings | None = None,
    cached: bool = True,
    told: Told = lambda done, all_of_them: None,
) -> Report:
    """What the rules find in the notebooks that `paths` name; folders are walked.

    `settings` default to the project's. A file that cannot be read is a finding. With `cached`, what an earlier run
    said about the same content under the same circumstances is said again. `told` hears how many of how many files
    have been read. Raises UsageError for a path that does not exist and SettingsError for a rule that does not.
    """
    known = settings or files.load_settings(".")[0]
    found = files.discover([paths] if isinstance(paths, str) else paths, known.lint.exclude)
    store = cache.open_cache(_basis(known.lint)) if cached else None
    facts = _facts(found, known.lint) if store else {}
    said = {path: one for path in found if (one := store.get(path, facts[path]))} if store else {}
    ours: tuple[Finding, ...] = ()
    if len(said) < len(found) or not found:
        from nb_mlops.commands.look import look  # where all is known, nothing of the linter is needed

        missing = [path for path in found if path not in said]
        reads, ours = look(missing, known.lint, lambda done: told(len(said) + done, len(found)))
        said.update((read.path, cache.Said(read.result.findings, read.result.suppressed)) for read in reads)
        if store and not ours:
            for read in reads:
                store.put(read.path, facts[read.path], read.before, read.digest, said[read.path])
            store.tidy()
    findings = (finding for path in found for finding in said[path].findings)
    return Report((*ours, *findings), sum(one.suppressed for one in said.values()), len(found))


def lint_one(path: str, settings: Settings | None = None) -> tuple[Finding, ...]:
    """The findings of one file."""
    return lint((path,), settings or files.load_settings(path)[0]).findings


def _basis(settings: LintSettings) -> str:
    """What every answer depends on: the settings, and the code of the tool and of its plug-ins."""
    package = Path(nb_mlops.__file__).parent
    rooms = ("core", "ipynb", "knowledge", "analysis", "linter", "rules")
    plug_ins = catalogue.code_of("nb_mlops.rules")
    return cache.basis(nb_mlops.__version__, settings, code=[*(str(package / room) for room in rooms), *plug_ins])


def _facts(paths: Sequence[str], settings: LintSettings) -> Mapping[str, str]:
    """By path, what an answer depends on that lies around the notebook: the program ruff and its settings there."""
    if not settings.ruff:
        return dict.fromkeys(paths, "")
    from nb_mlops.outside import ruff

    return ruff.digests(paths, cache.digest_of)
