"""Faults through the versions of a repository's notebooks: which commit brought each in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.sighting import Sighting, Version
from nb_mlops.core.value import replace
from nb_mlops.core.wording import many
from nb_mlops.linter import engine
from nb_mlops.linter.identity import Identity, digest, keyed
from nb_mlops.linter.rule import Rule
from nb_mlops.linter.suppress import apply, suppressions

# What the history keeps although the notebook loses it. Everything else is mended by mending the notebook.
LASTING = ("SE", "PI")
_SECRETS = "SE"


def lasting(settings: LintSettings) -> LintSettings:
    """The settings for old versions: secrets and personal data, unless rules were named; ruff has nothing to say."""
    return replace(settings, select=settings.select or LASTING, ruff=False)


def sightings(notebook: Notebook, rules: Mapping[str, Rule], settings: LintSettings, salt: str) -> tuple[Sighting, ...]:
    """What the selected rules find in one version, the silenced included, and which rules crashed on it."""
    view, identity = View(notebook, settings), Identity(notebook, salt)
    given = suppressions(notebook)
    found = []
    for rule in engine.choose(rules, settings).values():
        if rule.check is None or not (rule.every_language or notebook.is_python):
            continue
        try:
            hits = tuple(rule.look(view))
        except Exception as error:
            crashed = engine.crash(rule, notebook.path, error)
            found.append(_sighting(crashed, crashed.fingerprint, False))
            continue
        for hit in hits:
            (finding,) = engine.findings_of(notebook, identity, rule, (hit,))
            found.append(_sighting(finding, _key(finding, hit.secret, salt), bool(apply((finding,), given)[1])))
    return tuple(found)


def _key(finding: Finding, secret: str, salt: str) -> str:
    """A secret is known by itself, wherever it stands; anything else by its place."""
    if not secret:
        return finding.baseline_key or digest(finding.code, finding.fingerprint)
    return keyed(salt, f"{finding.code}\0{secret}")


def _sighting(finding: Finding, key: str, silenced: bool) -> Sighting:
    return Sighting(
        key,
        finding.code,
        finding.rule,
        finding.severity,
        finding.confidence,
        finding.message,
        finding.span,
        finding.cell,
        silenced,
    )


def told(
    versions: Sequence[Version], seen: Mapping[str, Sequence[Sighting]], current: Iterable[str]
) -> tuple[tuple[Finding, ...], int]:
    """One finding for each fault, where it came in first, and how many are silenced in some version.

    `versions` come oldest first; `seen` is what each blob shows; `current` are the blobs that HEAD has.
    """
    now = frozenset(current)
    first: dict[str, tuple[Version, Sighting]] = {}
    stands: dict[str, set[str]] = {}
    silenced: set[str] = set()
    for version in versions:
        for one in seen.get(version.blob, ()):
            first.setdefault(one.key, (version, one))
            stands.setdefault(one.key, set()).add(version.blob)
            if one.silenced:
                silenced.add(one.key)
    findings = [_finding(*first[key], stands[key], now) for key in first if key not in silenced]
    unknown = [version for version in versions if version.blob not in seen]
    if unknown:
        findings.append(_unknown(unknown))
    return tuple(sorted(findings, key=lambda finding: finding.sort_key)), len(silenced)


UNKNOWN = "NB003"
UNKNOWN_SLUG = "version-missing"
UNKNOWN_PAGE = """A version of a notebook could not be looked at.

## What it does

Said once by `lint --history` when contents that the history names are not in this clone, or could not be read.

## Why is this bad?

What they hold is not known: no finding is no all-clear.

## What to do

Look in a clone that has the whole history: `git fetch --unshallow`, `git fetch --refetch`."""


def _unknown(versions: Sequence[Version]) -> Finding:
    count = f"{many(len(versions), 'version')} of notebooks"
    message = f"{count} could not be read, so nothing is known of them; look in a clone that has the whole history."
    return Finding(
        UNKNOWN, UNKNOWN_SLUG, Severity.WARNING, message, versions[0].path, fingerprint=digest("history", UNKNOWN)
    )


def _finding(version: Version, one: Sighting, stands: set[str], now: frozenset[str]) -> Finding:
    still = bool(stands & now)
    count = many(len(stands), "version")
    came = f"It came in with commit {version.commit[:10]} of {version.date} and stands in {count}"
    here = "the one at HEAD included" if still else "none of them at HEAD"
    way = (
        "deleting it from the notebook leaves it there, so revoke it and issue another one"
        if one.code.startswith(_SECRETS)
        else "only rewriting the history takes it out, and no clone that exists follows"
    )
    data = {"commit": version.commit, "date": version.date, "versions": len(stands), "at_head": still}
    stays = "" if one.code == engine.CRASHED else f" {came}, {here}: {way}."
    return Finding(
        one.code,
        one.rule,
        one.severity if one.code.startswith(_SECRETS) or still else Severity.WARNING,
        f"{one.message}{stays}",
        version.path,
        one.confidence,
        one.span,
        one.cell,
        digest("history", one.key),
        data=data,
    )
