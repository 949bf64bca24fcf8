"""What came of a check as JSON values, for machines: see schemas/check-report.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nb_mlops.checker.tables import tables_json
from nb_mlops.checker.verdict import Judgement
from nb_mlops.core.run import RunRecord
from nb_mlops.reporters.json import finding_json


def report_json(judgement: Judgement, records: Sequence[RunRecord], evidence: str) -> dict[str, Any]:
    """The result of a check; `evidence` is the statement's path, "" when none was written."""
    around = records[0].environment
    return {
        "version": 1,
        "verdict": judgement.verdict.value,
        "runs": [_run_json(record) for record in records],
        "findings": [finding_json(finding) for finding in judgement.findings],
        "metrics": [
            {
                "name": m.name,
                "value": m.value,
                "higher_is_better": m.higher_is_better,
                "values": list(m.by_run.values()),
                "by_run": dict(m.by_run),
            }
            for m in judgement.metrics
        ],
        "cause": judgement.cause.value if judgement.cause else None,
        "culprit": list(judgement.culprit),
        "saved": [
            {"cell": one.cell, "difference": one.difference, "cause": one.cause.value} for one in judgement.saved
        ],
        "forgiven": list(judgement.forgiven),
        "tables": tables_json(records[0]),
        "environment": {
            "python": around.python,
            "implementation": around.implementation,
            "platform": around.platform,
            "packages": dict(sorted(around.packages.items())),
        },
        "evidence": evidence or None,
    }


def _run_json(record: RunRecord) -> dict[str, Any]:
    error = record.error
    return {
        "label": record.label,
        "status": record.status.value,
        "seconds": record.seconds,
        "factors": dict(record.factors),
        "error": {"name": error.name, "cell": error.cell} if error else None,
        "files_read": [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in record.files_read],
        "files_written": list(record.files_written),
        "network": list(record.network),
        "isolation": record.isolation or None,
        "peak_mb": record.peak_mb or None,
        "cells": [{"cell": cell.index, "seconds": cell.seconds} for cell in record.cells],
        "model": {"kind": record.model.kind, "name": record.model.name} if record.model else None,
    }
