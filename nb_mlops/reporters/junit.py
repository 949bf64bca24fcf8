"""A Report as JUnit XML: a test case a notebook, failed by the findings that fail the run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from nb_mlops.core.exhibit import Exhibits
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.core.wording import many
from nb_mlops.reporters.places import finding_place

# What XML 1.0 cannot hold at all, escaped or not.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, exhibits: Exhibits) -> str:
    """The report as one test suite; findings below the threshold are told in the case's output."""
    grave = set(map(id, report.at_or_above(Severity(exhibits.fail_on))))
    by_path = {path: list(found) for path, found in groupby(report.findings, key=lambda finding: finding.path)}
    names = dict.fromkeys((*report.paths, *by_path))
    failed = sum(any(id(finding) in grave for finding in found) for found in by_path.values())
    cases = [_case(path, by_path.get(path, ()), grave) for path in names]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="nb-mlops" tests="{len(names)}" failures="{failed}" errors="0">',
        f'<testsuite name="nb-mlops lint" tests="{len(names)}" failures="{failed}" errors="0" skipped="0">',
        *cases,
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(path: str, found: Iterable[Finding], grave: set[int]) -> str:
    failures = [finding for finding in found if id(finding) in grave]
    others = [finding for finding in found if id(finding) not in grave]
    lines = [f"<testcase name={attribute(path)} classname={attribute('nb-mlops')}>"]
    if failures:
        head = ", ".join(dict.fromkeys(finding.code for finding in failures))
        count = f"{many(len(failures), 'finding')}: {head}"
        lines.append(f'<failure message={attribute(count)} type="finding">{told(failures)}</failure>')
    if others:
        lines.append(f"<system-out>{told(others)}</system-out>")
    return "\n".join((*lines, "</testcase>"))


def told(findings: Iterable[Finding]) -> str:
    """Findings as the text of an element, a line each."""
    lines = (f"{finding_place(f)}: {f.severity.value} {f.code} {f.rule}: {f.message}" for f in findings)
    return escape(_clean("\n".join(lines)))


def attribute(text: str) -> str:
    """The text as an attribute's value, quotes included."""
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
