"""A grid as text: a table of the points, what stands out, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nb_mlops.core.finding import Finding, Report
from nb_mlops.core.run import RunRecord
from nb_mlops.reporters.text import painter, render

_MOST = 100


def render_point(name: str, record: RunRecord, kept: bool) -> str:
    """One point in one line, as it comes."""
    status = "known from before" if kept else "ok" if record.ok else record.status.value
    return f"  {record.label}  {name}: {status}" + ("" if kept else f", {record.seconds:.1f} s")


def render_grid(
    notebook: str, report: Mapping[str, Any], findings: Sequence[Finding] = (), colour: bool = False
) -> str:
    """The report that `commands.grid.grid_report` makes, for people."""
    paint = painter(colour)
    points = report["points"]
    good = report["verdict"] == "passed"
    known = sum(point["kept"] for point in points)
    ended = sum(point["status"] == "ok" for point in points)
    words = f"{ended} of {len(points)} points ran to their end" + (f", {known} known from before" if known else "")
    lines = [f"{notebook}: {paint(report['verdict'], 'green' if good else 'red', 'bold')}. {words}.", ""]
    metrics = list(dict.fromkeys(name for point in points for name in point["metrics"]))
    width = max(len(point["name"]) for point in points[:_MOST])
    lines.append(f"  {'':<{width}}  {'status':<12}" + "".join(f"{name:>14}" for name in metrics))
    for point in points[:_MOST]:
        shown = (f"{point['metrics'][name]:>14.6g}" if name in point["metrics"] else " " * 14 for name in metrics)
        lines.append(f"  {point['name']:<{width}}  {point['status']:<12}" + "".join(shown))
    if len(points) > _MOST:
        lines.append(f"  and {len(points) - _MOST} more (--format json lists all)")
    lines += [*_spread(points, metrics, width), ""]
    if findings:
        lines += [render(Report(tuple(findings), 0, 1), colour).rpartition("\n\n")[0], ""]
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _spread(points: Sequence[Mapping[str, Any]], metrics: Sequence[str], width: int) -> list[str]:
    """The least and the most of each metric."""
    known = [[p["metrics"][name] for p in points if name in p["metrics"]] for name in metrics]
    return [
        f"  {word:<{width}}  {'':<12}" + "".join(f"{which(values):>14.6g}" for values in known)
        for word, which in (("least", min), ("most", max))
        if metrics
    ]
