"""A Report as workflow commands of GitHub Actions, which show each finding beside the line it is about.

A step shows ten annotations of each severity and drops the rest, so the gravest come first and the summary says how
many there are in all.
"""

from __future__ import annotations

from itertools import chain, repeat

from nb_mlops.core.exhibit import Exhibits, Region
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.reporters.places import in_cell
from nb_mlops.reporters.text import summary

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, exhibits: Exhibits) -> str:
    """One line a finding, then the sum."""
    found = sorted(
        zip(report.findings, chain(exhibits.regions, repeat(None)), strict=False),
        key=lambda pair: (-pair[0].severity.rank, pair[0].sort_key),
    )
    return "".join(f"{_line(finding, region)}\n" for finding, region in found) + summary(report)


def _line(finding: Finding, region: Region | None) -> str:
    where = {"file": finding.path}
    if region:
        where |= {"line": str(region.line), "endLine": str(region.end_line)}
    cell = f" in {in_cell(finding.span, finding.cell)}" if finding.span and finding.cell else ""
    where["title"] = f"{finding.code} {finding.rule}{cell}"
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
