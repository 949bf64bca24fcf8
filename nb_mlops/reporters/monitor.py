"""What became of a model's rows, as text: alarms first, then each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.reporters.figures import figure, interval, percent

_SHOWN = 15


def render_monitor(report: Mapping[str, Any]) -> str:
    """The whole report."""
    return "\n".join([*_head(report), *_alarms(report), *_columns(report)])


def _head(report: Mapping[str, Any]) -> Iterator[str]:
    before, found = report["evaluated"], len(report["findings"])
    alarms = f"{found or 'no'} alarm{'s' if found != 1 else ''}"
    yield f"{report['model']['name']}: {alarms} in {report['rows']} rows of {report['data']}"
    yield f"  held against the {before['rows']} rows of its evaluation ({before['issued'][:10]})"
    was, now = report["metric"]["before"], report["metric"]["now"]
    if now:
        values = f"{figure(now['value'])}{interval(now)} now, {figure(was['value'])}{interval(was)} then"
        yield f"  {was['name']}: {values}; on {now['rows']} rows"
    else:
        yield f"  {was['name']}: not measured, for the rows do not say what was right"


def _alarms(report: Mapping[str, Any]) -> Iterator[str]:
    for found in report["findings"]:
        yield f"\n  {found['code']} {found['rule']}\n    {found['data']['problem']}\n    -> {found['data']['remedy']}"


def _columns(report: Mapping[str, Any]) -> Iterator[str]:
    rows = [*report["answers"], *report["columns"]]
    if not rows:
        return
    width = max(len(row["name"]) for row in rows)
    yield f"\n  {'column':{width}}  shift  by chance  missing (then)"
    for row in sorted(rows, key=lambda row: -(row["psi"] or row["ks"] or 0.0))[:_SHOWN]:
        if not row["there"]:
            yield f"  {row['name']:{width}}  not there"
            continue
        shift, limit = (row["psi"], row["psi_limit"]) if row["psi"] is not None else (row["ks"], row["ks_limit"])
        words = f"{figure(shift):>5}  {figure(limit):>9}" if shift is not None else f"{'-':>5}  {'-':>9}"
        yield f"  {row['name']:{width}}  {words}  {percent(row['missing'])} ({percent(row['missing_before'])})"
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN} more columns that shifted less"
    if report["more_columns"]:
        yield f"  columns that the model does not know: {', '.join(report['more_columns'][:8])}"
