"""A grid as a page: each metric against each parameter, the points, what stands out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from nb_mlops.core.finding import Finding
from nb_mlops.reporters import plots
from nb_mlops.reporters.page import finding_item, page

_MOST_POINTS, _MOST_PLOTS = 1000, 24
CSS = ".tag.good{color:var(--good)}.num td{font-variant-numeric:tabular-nums}.num tr.bad td{color:var(--error)}"


def render(notebook: str, report: Mapping[str, Any], findings: Sequence[Finding]) -> str:
    """The page of what `commands.grid.grid_report` makes."""
    points = report["points"]
    good = report["verdict"] == "passed"
    ended = sum(point["status"] == "ok" for point in points)
    lead = f'<span class="tag {"good" if good else "error"}">{report["verdict"]}</span> '
    lead += f"{ended} of {len(points)} points ran to their end."
    body = ["<main>"]
    if findings:
        body += ['<h2>Findings</h2><ul class="findings">']
        body += [line for finding in findings for line in finding_item(finding, known=False)]
        body.append("</ul>")
    body += [*_plots(points, report["bounds"]), *_table(points), *_times(points), "</main>"]
    return page(f"Grid of {notebook}", lead, body, plots.CSS + CSS)


def _varied(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """The parameters that are not the same in all points, those with many values first."""
    seen: dict[str, set[str]] = {}
    for point in points:
        for name, value in point["parameters"].items():
            seen.setdefault(name, set()).add(repr(value))
    return sorted((name for name in seen if len(seen[name]) > 1), key=lambda name: -len(seen[name]))


def _metrics(points: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for point in points for name in point["metrics"]))


def _plots(points: Sequence[Mapping[str, Any]], bounds: Mapping[str, Mapping[str, float | None]]) -> Iterator[str]:
    drawn = 0
    for metric in _metrics(points):
        limits = bounds.get(metric, {})
        least, most = limits.get("min"), limits.get("max")
        within = (-math.inf if least is None else least, math.inf if most is None else most)
        yield f'<section><h2>{escape(metric)}</h2><div class="plots">'
        for parameter in _varied(points):
            known = [
                (point["parameters"][parameter], point["metrics"][metric], point["name"])
                for point in points
                if metric in point["metrics"] and parameter in point["parameters"]
            ]
            if known and drawn < _MOST_PLOTS:
                drawn += 1
                yield plots.against(parameter, metric, known, within)
        yield "</div></section>"


def _table(points: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    metrics = _metrics(points)
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in ("point", "end", "seconds", *metrics))
    yield '<h2>Points</h2><div class="scroll" tabindex="0" role="group" aria-label="Points"><table class="num">'
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for point in points[:_MOST_POINTS]:
        error = point["error"]
        where = f" in cell {error['cell'] + 1} ({error['name']})" if error and error["cell"] is not None else ""
        ended = f"{point['status']}{where}" + (", known from before" if point["kept"] else "")
        values = [f"{point['metrics'][name]:.6g}" if name in point["metrics"] else "·" for name in metrics]
        cells = "".join(f"<td>{escape(text)}</td>" for text in (ended, f"{point['seconds']:.1f}", *values))
        look = "" if point["status"] == "ok" else ' class="bad"'
        yield f'<tr{look}><th scope="row">{escape(point["name"])}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    if len(points) > _MOST_POINTS:
        yield f"<p>and {len(points) - _MOST_POINTS} more; the JSON report lists all.</p>"


def _times(points: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [(point["name"], point["seconds"], "" if point["status"] == "ok" else "other") for point in points]
    slow = sorted(rows, key=lambda row: -row[1])[:25]
    yield f"<h2>Time{', the slowest 25' if len(rows) > 25 else ''}</h2>"
    yield plots.bars([(name, took, took, took, look) for name, took, look in slow], "seconds of each point")
