"""A Report as GitLab's Code Quality artefact, which merge requests compare with that of the target branch."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import chain, repeat

from nb_mlops.core.exhibit import Exhibits
from nb_mlops.core.finding import Report, Severity
from nb_mlops.reporters.places import in_cell

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, exhibits: Exhibits) -> str:
    """A JSON array, an entry a finding. Fingerprints are unique and do not depend on lines."""
    seen: Counter[str] = Counter()
    entries = []
    for finding, region in zip(report.findings, chain(exhibits.regions, repeat(None)), strict=False):
        key = f"{finding.path}\0{finding.code}\0{finding.fingerprint}"
        seen[key] += 1
        place = f"{in_cell(finding.span, finding.cell)}: " if finding.span and finding.cell else ""
        entries.append(
            {
                "description": f"{place}{finding.message}",
                "check_name": f"{finding.code} {finding.rule}",
                "fingerprint": hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest()[:32],
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": region.line if region else 1}},
            }
        )
    return json.dumps(entries, indent=1) + "\n"
