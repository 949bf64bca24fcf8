"""A Report as SARIF 2.1.0: places in the file for code hosts, the cell as logical location for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain, repeat
from typing import Any
from urllib.parse import quote

from nb_mlops import __version__
from nb_mlops.core.exhibit import Exhibits, Region, Replacement, RuleNote
from nb_mlops.core.finding import CellRef, Confidence, Finding, Report, Severity
from nb_mlops.core.notebook import Span
from nb_mlops.reporters.places import in_cell

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/nb-mlops/nb-mlops"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
# Rules whose findings are a matter of security, as code scanning ranks them (CVSS-like, from 0 to 10).
_SECURITY = {"SE": "8.0", "PI": "6.0", "SC": "7.0"}
_TAGS = {
    "SE": "secrets",
    "PI": "privacy",
    "EX": "reproducibility",
    "RE": "reproducibility",
    "ED": "data",
    "FM": "format",
    "ML": "machine-learning",
}


def render(report: Report, exhibits: Exhibits) -> str:
    """The report as one SARIF log with one run."""
    used = dict.fromkeys(finding.code for finding in report.findings)
    notes = {note.code: note for note in exhibits.rules if note.code in used}
    rules = {code: number for number, code in enumerate(notes)}
    found = zip(
        report.findings,
        chain(exhibits.regions, repeat(None)),
        chain(exhibits.patches, repeat(())),
        strict=False,
    )
    driver = {
        "name": "nb-mlops",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [_rule(note) for note in notes.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, region, patch, rules) for finding, region, patch in found],
        "properties": {
            "notebooks": report.notebooks, "suppressed": report.suppressed, "baselined": report.baselined,
        },
    }  # fmt: skip
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(note: RuleNote) -> dict[str, Any]:
    family = note.code[:2]
    properties: dict[str, Any] = {"tags": [tag] if (tag := _TAGS.get(family)) else []}
    if family in _SECURITY:
        properties["tags"].append("security")
        properties["security-severity"] = _SECURITY[family]
    return {
        "id": note.code,
        "name": "".join(word.capitalize() for word in note.slug.split("-")) or note.code,
        "shortDescription": {"text": note.summary},
        "help": {"text": note.page, "markdown": note.page},
        "helpUri": note.url or f"{_HOME}#rules",
        "defaultConfiguration": {"level": _LEVELS[Severity(note.severity)]},
        "properties": properties,
    }


def _result(
    finding: Finding, region: Region | None, patch: tuple[Replacement, ...], rules: Mapping[str, int]
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding, region)],
        "partialFingerprints": {"nbMlops/v1": finding.fingerprint},
        "properties": {"confidence": finding.confidence.value, "precision": _PRECISION[finding.confidence]},
    }
    if finding.code in rules:
        result["ruleIndex"] = rules[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": one.message},
                "physicalLocation": {"artifactLocation": _artifact(finding.path)},
                "logicalLocations": [_logical(one.span, one.cell)],
            }
            for number, one in enumerate(finding.related, 1)
        ]
    if patch and finding.fix:
        change = {"artifactLocation": _artifact(finding.path), "replacements": list(_replacements(patch))}
        result["fixes"] = [{"description": {"text": finding.fix.title}, "artifactChanges": [change]}]
    return result


def _location(finding: Finding, region: Region | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(finding.path)}
    place["region"] = _region(region) if region else {"startLine": 1}
    found: dict[str, Any] = {"physicalLocation": place}
    if finding.cell is not None and finding.span is not None:
        found["logicalLocations"] = [_logical(finding.span, finding.cell)]
    return found


def _logical(span: Span, cell: CellRef | None) -> dict[str, Any]:
    index = span.cell if cell is None else cell.index
    if index is None:
        return {"name": "notebook metadata", "fullyQualifiedName": span.part, "kind": "object"}
    name = in_cell(span, cell) if cell else f"cell {index + 1}"
    return {"name": name, "fullyQualifiedName": f"cells/{index}/{span.part}", "kind": "element"}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _replacements(patch: Iterable[Replacement]) -> Iterable[dict[str, Any]]:
    for one in patch:
        replacement: dict[str, Any] = {"deletedRegion": _region(one.region)}
        if one.text:
            replacement["insertedContent"] = {"text": one.text}
        yield replacement
