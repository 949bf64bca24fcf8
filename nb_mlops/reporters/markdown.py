"""A Report as a short page of Markdown: for a job's summary or a comment on a change. Texts are escaped."""

from __future__ import annotations

import re
from collections import Counter

from nb_mlops.core.exhibit import Exhibits
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.reporters.places import in_cell
from nb_mlops.reporters.text import summary

# A job's summary may hold one megabyte; whoever reads that many rows reads the artefact.
_MOST = 100
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~@])")
_CODE = re.compile(r"`([^`]+)`")
_MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def render(report: Report, exhibits: Exhibits) -> str:
    """The verdict, a table of the gravest findings, and how often each rule spoke."""
    failed = report.at_or_above(Severity(exhibits.fail_on))
    title = escape(exhibits.title or "nb-mlops")
    lines = [f"## {title}: {'failed' if failed else 'passed'}", "", escape(summary(report).strip()), ""]
    if exhibits.notes:
        lines += [*(f"- {escape(note)}" for note in exhibits.notes), ""]
    if report.findings:
        lines += _table(report) + _counts(report)
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text as text, whatever it holds; what stands in backticks as code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(
        f"`{part.replace('|', chr(92) + '|')}`" if at % 2 else _SPECIAL.sub(r"\\\1", part)
        for at, part in enumerate(parts)
    )


def _table(report: Report) -> list[str]:
    worst = sorted(report.findings, key=lambda finding: (-finding.severity.rank, finding.sort_key))
    rows = ["| severity | where | rule | what |", "| --- | --- | --- | --- |", *map(_row, worst[:_MOST])]
    if len(worst) > _MOST:
        rows += ["", f"… and {len(worst) - _MOST} more."]
    return [*rows, ""]


def _row(finding: Finding) -> str:
    place = f"<br>{escape(in_cell(finding.span, finding.cell))}" if finding.span and finding.cell else ""
    rule = f"{escape(finding.code)} {escape(finding.rule)}"
    return f"| {_MARKS[finding.severity]} | {escape(finding.path)}{place} | {rule} | {escape(finding.message)} |"


def _counts(report: Report) -> list[str]:
    counted = Counter((finding.code, finding.rule) for finding in report.findings)
    rows = [f"| {count} | {escape(code)} {escape(rule)} |" for (code, rule), count in counted.most_common()]
    head = ["<details><summary>How often each rule spoke</summary>", "", "| times | rule |", "| ---: | --- |"]
    return [*head, *rows, "", "</details>"]
