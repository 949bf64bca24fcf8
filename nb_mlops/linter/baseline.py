"""The baseline: findings that a project has decided to live with for now, so that new ones stand out. Pure.

A finding is known by `Finding.baseline_key`, which running, moving and reformatting do not change; equal findings are
counted. The file holds no line numbers, no times and no texts of notebooks, and is sorted: what changes in it is what
has changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nb_mlops.core.errors import SettingsError
from nb_mlops.core.finding import Finding
from nb_mlops.core.value import Struct, field
from nb_mlops.linter.engine import CRASHED, LintResult

_VERSION = 1

# Of one notebook: how often each key is known, by the rule's code.
Known = Mapping[str, Mapping[str, int]]


class Baseline(Struct, frozen=True):
    """What is known, by the notebook's path from the project's root. `salt` keys the hashes of secrets."""

    salt: str = ""
    notebooks: Mapping[str, Known] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Every rule that has an entry."""
        return frozenset(code for entries in self.notebooks.values() for code in entries)

    def split(self, path: str, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """The findings of a notebook that are new, and those that are known; each entry speaks for one finding."""
        left = {code: Counter(keys) for code, keys in self.notebooks.get(path, {}).items()}
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in findings:
            keys = left.get(finding.code, Counter())
            if finding.baseline_key and keys[finding.baseline_key] > 0:
                keys[finding.baseline_key] -= 1
                known.append(finding)
            else:
                new.append(finding)
        return tuple(new), tuple(known)


class Row(Struct, frozen=True):
    """What became of a rule's entries in a notebook: matched, matching nothing any more, and findings without entry."""

    path: str
    code: str
    known: int = 0
    gone: int = 0
    new: int = 0


def rows(
    baseline: Baseline, seen: Mapping[str, LintResult], asked: Collection[str], missing: Collection[str]
) -> tuple[Row, ...]:
    """The baseline held against what lint says now: a row for each rule that has a say in a notebook.

    `seen` are the notebooks that were linted, `asked` the codes of the rules that were selected, `missing` the paths
    of the baseline that no file has any more. Entries of other notebooks and rules are taken for known.
    """
    found = []
    for path in sorted({*baseline.notebooks, *seen}):
        entries = {code: sum(keys.values()) for code, keys in baseline.notebooks.get(path, {}).items()}
        new, known = baseline.split(path, seen[path].findings) if path in seen else ((), ())
        news = Counter(finding.code for finding in new if finding.baseline_key)
        matched = Counter(finding.code for finding in known)
        for code in sorted({*entries, *news}):
            total = entries.get(code, 0)
            judged = path in missing or (path in seen and _judged(code, seen[path], asked))
            here = matched[code] if judged else total
            found.append(Row(path, code, here, total - here, news[code]))
    return tuple(found)


def updated(
    baseline: Baseline, seen: Mapping[str, LintResult], asked: Collection[str], missing: Collection[str]
) -> Baseline:
    """The baseline that knows exactly what lint says now; what lint was not asked about stays as it was."""
    notebooks: dict[str, dict[str, dict[str, int]]] = {}
    for path, entries in baseline.notebooks.items():
        if path in missing:
            continue
        kept = {c: dict(keys) for c, keys in entries.items() if path not in seen or not _judged(c, seen[path], asked)}
        notebooks[path] = kept
    for path, result in seen.items():
        here = notebooks.setdefault(path, {})
        for finding in result.findings:
            if finding.baseline_key and _judged(finding.code, result, asked):
                keys = here.setdefault(finding.code, {})
                keys[finding.baseline_key] = keys.get(finding.baseline_key, 0) + 1
    return Baseline(baseline.salt, {path: entries for path, entries in notebooks.items() if entries})


def _judged(code: str, result: LintResult, asked: Collection[str]) -> bool:
    """Whether lint had a say about this rule: it was selected, and did not crash."""
    return code in asked and not any(f.code == CRASHED and f.data.get("rule") == code for f in result.findings)


def render(baseline: Baseline) -> bytes:
    """The file."""
    value = {"version": _VERSION, "salt": baseline.salt, "notebooks": baseline.notebooks}
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape")


def parse(data: bytes, name: str) -> Baseline:
    """The baseline in a file; `name` is the file's in errors. Raises SettingsError for anything else."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        conflict = b"<" * 7 in data
        remedy = "It holds a merge conflict: take either side, then run" if conflict else "Restore it, or run"
        raise SettingsError(
            f"`{name}` is no baseline: it is not JSON.", f"{remedy} `nb-mlops baseline write`."
        ) from error
    if not isinstance(value, dict) or value.get("version") != _VERSION or not _is_baseline(value):
        raise SettingsError(
            f"`{name}` is no baseline of version {_VERSION}.",
            "Delete it and run `nb-mlops baseline write` with this version of nb-mlops.",
        )
    return Baseline(value["salt"], value["notebooks"])


def _is_baseline(value: Mapping[str, Any]) -> bool:
    notebooks = value.get("notebooks")
    return (
        isinstance(value.get("salt"), str)
        and isinstance(notebooks, dict)
        and all(isinstance(entries, dict) for entries in notebooks.values())
        and all(isinstance(keys, dict) for entries in notebooks.values() for keys in entries.values())
        and all(
            type(count) is int for entries in notebooks.values() for keys in entries.values() for count in keys.values()
        )
    )
