"""A Report as JSON for machines: `schemas/lint-report.schema.json` says what each field is."""

from __future__ import annotations

import json
from typing import Any

from nb_mlops import __version__
from nb_mlops.core.finding import Finding, Report
from nb_mlops.reporters.places import numbers


def render(report: Report) -> str:
    """The report as one JSON document that ends with a newline. Any JSON reader can read it, in any encoding."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "notebooks": report.notebooks,
        "suppressed": report.suppressed,
        "baselined": report.baselined,
        "findings": [finding_json(finding) for finding in report.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as JSON values."""
    fix = finding.fix
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "path": finding.path,
        **numbers(finding.span, finding.cell),
        "fingerprint": finding.fingerprint,
        "fix": None if fix is None else {"title": fix.title, "safety": fix.safety.value},
        # Only where another tool found it: what the report promised before stays word for word.
        **({"url": finding.data["url"]} if finding.data.get("url") else {}),
        "related": [{"message": one.message, **numbers(one.span, one.cell)} for one in finding.related],
    }
