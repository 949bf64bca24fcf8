"""A check as a page: verdict and reasons, the spread of metrics, where runs part side by side, times, data."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from nb_mlops.core.exhibit import CheckExhibits, Parting
from nb_mlops.core.finding import Finding
from nb_mlops.core.wording import size
from nb_mlops.reporters import plots, side_by_side
from nb_mlops.reporters.check import changed_words, meaning
from nb_mlops.reporters.page import finding_item, page, prose
from nb_mlops.reporters.plots import facts

_TOP_CELLS = 25
_MOST_FILES = 200
_LOOKS = {"reproducible": "good", "not-reproducible": "error", "failed": "error"}
CSS = ".tag.good{color:var(--good)}.num td:not(:first-of-type){font-variant-numeric:tabular-nums}"


def render(notebook: str, report: Mapping[str, Any], findings: Sequence[Finding], exhibits: CheckExhibits) -> str:
    """The page of what `commands.check.report` makes."""
    verdict = report["verdict"]
    lead = f'<span class="tag {_LOOKS[verdict]}">{escape(verdict)}</span> {prose(meaning(report))}'
    if exhibits.executed:
        lead += f' <a href="{escape(exhibits.executed, quote=True)}">The executed notebook.</a>'
    body = [
        "<main>",
        *_section("Runs", _runs(report["runs"])),
        *_section("Findings", _findings(findings)),
        *_section("Metrics", _metrics(report)),
        *_section("Where runs part", _partings(exhibits.parted)),
        *_section("Other than when it was saved", _partings(exhibits.aged)),
        *_section("Time", _times(report["runs"], exhibits.titles)),
        *_section("What was read", _data(report)),
        *_section("Surroundings", _surroundings(report)),
        "</main>",
    ]
    return page(f"Check of {notebook}", lead, body, plots.CSS + side_by_side.CSS + CSS)


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    """A section, unless there is nothing in it."""
    found = list(lines)
    if found:
        name = title.lower().replace(" ", "-")
        yield f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>'
        yield from found
        yield "</section>"


def _runs(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("run", "what is different", "end", "seconds", "MB"))
    yield f'<table class="num"><thead><tr>{heads}</tr></thead><tbody>'
    for run in runs:
        error = run["error"]
        where = f" in cell {error['cell'] + 1} ({escape(error['name'])})" if error and error["cell"] is not None else ""
        changed = escape(changed_words(run["factors"]) or ("the base" if run["label"] == "R0" else "nothing"))
        peak = f"{run['peak_mb']:,.0f}" if run["peak_mb"] else "·"
        yield f'<tr><th scope="row">{escape(run["label"])}</th><td>{changed}</td>'
        yield f"<td>{escape(run['status'])}{where}</td><td>{run['seconds']:.1f}</td><td>{peak}</td></tr>"
    yield "</tbody></table>"


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield '<ul class="findings">'
        for finding in findings:
            yield from finding_item(finding, known=False)
        yield "</ul>"


def _metrics(report: Mapping[str, Any]) -> Iterator[str]:
    looks = {run["label"]: "luck" if "seeds" in run["factors"] else "" for run in report["runs"]}
    for metric in report["metrics"]:
        by_run = metric["by_run"]
        rows = [(label, value, looks.get(label, "")) for label, value in by_run.items()]
        rows = [(label, v, look or ("other" if v != metric["value"] else "")) for label, v, look in rows]
        better = {True: "higher is better", False: "lower is better", None: ""}[metric["higher_is_better"]]
        apart = max(by_run.values()) - min(by_run.values())
        words = f"from {min(by_run.values())!r} to {max(by_run.values())!r}" if apart else "the same in every run"
        yield f"<h3>{escape(metric['name'])} = {metric['value']!r}</h3>"
        yield f"<p>{escape('; '.join(filter(None, (better, words))))}</p>"
        yield plots.spread(metric["name"], rows)
    if any(len(set(metric["values"])) > 1 for metric in report["metrics"]):
        luck = " Grey: the run with other seeds, which may differ." if "luck" in looks.values() else ""
        yield f"<p>Red: other than in the first run.{luck}</p>"


def _partings(partings: Sequence[Parting]) -> Iterator[str]:
    for number, parting in enumerate(partings):
        opened = " open" if number == 0 else ""
        yield f"<details{opened}><summary>Cell {parting.cell + 1} <code>{escape(parting.title)}</code></summary>"
        yield f"<p>{escape(parting.difference)}</p>"
        yield from side_by_side.shown(parting)
        yield "</details>"


def _times(runs: Sequence[Mapping[str, Any]], titles: Mapping[int, str]) -> Iterator[str]:
    rows = [(run["label"], run["seconds"], run["seconds"], run["seconds"], _look(run)) for run in runs]
    yield "<h3>Runs</h3>"
    yield plots.bars(rows, "seconds of each run")
    by_cell: dict[int, list[float]] = {}
    for run in runs:
        for cell in run["cells"]:
            by_cell.setdefault(cell["cell"], []).append(cell["seconds"])
    slow = sorted(by_cell, key=lambda cell: -statistics.median(by_cell[cell]))[:_TOP_CELLS]
    shown = [cell for cell in sorted(slow) if max(by_cell[cell]) >= 0.005]
    if shown:
        more = f", the slowest {_TOP_CELLS} of {len(by_cell)}" if len(by_cell) > _TOP_CELLS else ""
        yield f"<h3>Cells{more}: median, and range over the runs</h3>"
        yield plots.bars([_cell_row(cell, by_cell[cell], titles) for cell in shown], "seconds of each cell")


def _look(run: Mapping[str, Any]) -> str:
    return "" if run["status"] == "ok" else "other"


def _cell_row(cell: int, seconds: Sequence[float], titles: Mapping[int, str]) -> tuple[str, float, float, float, str]:
    label = f"{cell + 1} {titles.get(cell, '')}".strip()
    return label, min(seconds), statistics.median(seconds), max(seconds), ""


def _data(report: Mapping[str, Any]) -> Iterator[str]:
    base = report["runs"][0]
    files = base["files_read"]
    if files:
        yield '<table class="num"><thead><tr><th scope="col">file</th><th scope="col">size</th>'
        yield '<th scope="col">sha256</th></tr></thead><tbody>'
        for file in files[:_MOST_FILES]:
            yield f'<tr><th scope="row">{escape(file["path"])}</th><td>{size(file["size"])}</td>'
            yield f"<td><code>{file['sha256'][:16]}…</code></td></tr>"
        yield "</tbody></table>"
        if len(files) > _MOST_FILES:
            yield f"<p>and {len(files) - _MOST_FILES} more</p>"
    rows = {"written": base["files_written"][:50], "network": base["network"]}
    yield from facts({name: escape(", ".join(values)) for name, values in rows.items() if values})
    for name, table in report["tables"].items():
        yield from _table(name, table)


def _table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    said = [f"{table['rows']:,} rows", f"{len(table['columns']) + table['more_columns']} columns"]
    said += [f"{table['duplicates']:,} duplicates"] if table["duplicates"] else []
    if table["contradicting"]:
        said.append(f"{table['contradicting']:,} rows contradict others in {table['target']}")
    yield f"<details><summary>Table <code>{escape(name)}</code>: {escape(', '.join(said))}</summary>"
    heads = ("column", "type", "missing", "distinct", "least", "most", "mean", "labels")
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Columns"><table class="num"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for column in table["columns"]:
        labels = ", ".join(f"{label} ({count})" for label, count in list(column.get("labels", {}).items())[:8])
        cells = [
            column["dtype"],
            column["missing"],
            *(column.get(key, "") for key in ("distinct", "min", "max", "mean")),
        ]
        row = "".join(f"<td>{escape(_cell(value))}</td>" for value in (*cells, labels))
        yield f'<tr><th scope="row">{escape(column["name"])}</th>{row}</tr>'
    yield "</tbody></table></div></details>"


def _cell(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _surroundings(report: Mapping[str, Any]) -> Iterator[str]:
    around = report["environment"]
    rows = {"Python": f"{around['python']} ({around['implementation']}), {around['platform']}"}
    rows["packages"] = ", ".join(f"{name} {version}" for name, version in around["packages"].items())
    rows["set aside"] = ", ".join(report["forgiven"])
    rows["evidence"] = report["evidence"] or ""
    yield from facts({name: escape(text) for name, text in rows.items() if text.strip(" (),")})
