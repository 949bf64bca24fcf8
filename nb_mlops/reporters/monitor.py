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
    lines = [("column", "shift", "by chance", "missing (then)")]
    for row in sorted(rows, key=lambda row: -(row["psi"] or row["ks"] or 0.0))[:_SHOWN]:
        lines.append(_cells(row) if row["there"] else (row["name"], "-", "-", "not there"))
    names, shifts, limits = (max(len(line[column]) for line in lines) for column in range(3))
    yield ""
    for name, shift, limit, missing in lines:
        yield f"  {name:{names}}  {shift:>{shifts}}  {limit:>{limits}}  {missing}"
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN} more columns that shifted less"
    if report["more_columns"]:
        yield f"  columns that the model does not know: {', '.join(report['more_columns'][:8])}"


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    missing = f"{percent(row['missing'])} ({percent(row['missing_before'])})"
    shift, limit = (row["psi"], row["psi_limit"]) if row["psi"] is not None else (row["ks"], row["ks_limit"])
    return (row["name"], "-", "-", missing) if shift is None else (row["name"], figure(shift), figure(limit), missing)
