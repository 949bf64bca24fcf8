"""A Report as one page that needs nothing else: no script, no network, light and dark, readable without a mouse.

What comes from notebooks is escaped wherever it stands, and the page forbids itself to load or run anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from nb_mlops.core.exhibit import Exhibits, RuleNote
from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.core.graph import Graph
from nb_mlops.reporters import drawing
from nb_mlops.reporters.page import finding_item, page, prose
from nb_mlops.reporters.text import summary

_RANKS = {severity.value: severity.rank for severity in Severity}


def render(report: Report, exhibits: Exhibits) -> str:
    """The whole page."""
    notes = {note.code: note for note in exhibits.rules}
    by_path = {path: list(found) for path, found in groupby(report.findings, key=lambda finding: finding.path)}
    names = {path: f"notebook-{number}" for number, path in enumerate(by_path, 1)}
    sections = (
        line
        for path, found in by_path.items()
        for line in _notebook(path, names[path], found, exhibits.graphs.get(path, Graph()), notes)
    )
    used = sorted({finding.code for finding in report.findings} & notes.keys())
    lines = [
        *_notes(exhibits.notes),
        *_filters(report),
        "<main>",
        *_index(by_path, names),
        *sections,
        *(['<h2 id="rules">Rules</h2>'] if used else []),
        *(line for code in used for line in _rule(notes[code])),
        "</main>",
    ]
    return page(exhibits.title or "nb-mlops lint", prose(summary(report).strip()), lines)


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield f"<ul>{''.join(f'<li>{prose(note)}</li>' for note in notes)}</ul>"


def _filters(report: Report) -> Iterator[str]:
    counted = Counter(finding.severity.value for finding in report.findings)
    if not counted:
        return
    yield '<fieldset class="filters"><legend>Show</legend>'
    for severity in Severity:
        if number := counted[severity.value]:
            name = severity.value
            yield f'<label><input type="checkbox" id="show-{name}" checked> '
            yield f'<span class="tag {name}">{name}</span> {number}</label>'
    yield "</fieldset>"


def _index(by_path: Mapping[str, Sequence[Finding]], names: Mapping[str, str]) -> Iterator[str]:
    if len(by_path) < 2:
        return
    heads = "".join(f'<th scope="col">{severity.value}</th>' for severity in Severity)
    yield '<table class="index"><caption>Notebooks with findings</caption>'
    yield f'<thead><tr><th scope="col">notebook</th>{heads}</tr></thead><tbody>'
    for path, found in by_path.items():
        counted = Counter(finding.severity for finding in found)
        cells = "".join(f"<td>{counted[severity] or '·'}</td>" for severity in Severity)
        yield f'<tr><th scope="row"><a href="#{names[path]}">{escape(path)}</a></th>{cells}</tr>'
    yield "</tbody></table>"


def _notebook(
    path: str, name: str, found: Sequence[Finding], graph: Graph, notes: Mapping[str, RuleNote]
) -> Iterator[str]:
    yield f'<section id="{name}" aria-labelledby="{name}-head"><h2 id="{name}-head">{escape(path)}</h2>'
    picture = drawing.drawn(graph, name, _marked(found))
    wrong = drawing.differing(graph)
    if picture:
        head = "Cell graph" + (f": {drawing.counted(wrong)} in a clean run" if wrong else "")
        yield f"<details{' open' if wrong else ''}><summary>{head}</summary>"
        yield f'<div class="graph" tabindex="0" role="group" aria-label="Cell graph">{picture}</div>'
        if wrong:
            yield from _words(graph)
        yield "</details>"
    yield '<ul class="findings">'
    for finding in found:
        yield from finding_item(finding, finding.code in notes)
    yield "</ul></section>"


def _marked(found: Sequence[Finding]) -> Mapping[int, str]:
    """The gravest severity by cell."""
    marks: dict[int, str] = {}
    for finding in found:
        if finding.cell is not None:
            index, severity = finding.cell.index, finding.severity.value
            marks[index] = max(severity, marks.get(index, "info"), key=_RANKS.__getitem__)
    return marks


def _words(graph: Graph) -> Iterator[str]:
    """The reads that differ as a table: the picture for those who do not see it."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("cell", "reads", "a clean run", "as it was run"))
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Reads that differ"><table class="reads">'
    yield f"<caption>Reads that differ</caption><thead><tr>{heads}</tr></thead><tbody>"
    reads: dict[tuple[int, str], tuple[list[int], list[int]]] = {}
    for read in drawing.sure(graph):
        clean, ran = reads.setdefault((read.reader, read.name), ([], []))
        clean.extend([read.source] * read.clean)
        ran.extend([read.source] * read.recorded)
    for reader, name in sorted({(read.reader, read.name) for read in drawing.differing(graph)}):
        sides = "".join(f"<td>{_cells(side)}</td>" for side in reads[reader, name])
        yield f'<tr><th scope="row">cell {reader + 1}</th><td><code>{escape(name)}</code></td>{sides}</tr>'
    yield "</tbody></table></div>"


def _cells(indices: Sequence[int]) -> str:
    return ", ".join(f"cell {index + 1}" for index in sorted(indices)) or "nothing"


def _rule(note: RuleNote) -> Iterator[str]:
    code = escape(note.code, quote=True)
    yield f'<details class="rule" id="rule-{code}"><summary>{code} {escape(note.slug)}</summary>'
    for block in note.page.split("\n\n"):
        text = block.strip("\n")
        if text.startswith("## "):
            yield f"<h3>{escape(text[3:])}</h3>"
        elif text.startswith(("```", "    ", "|")):
            yield f"<pre>{escape(text.strip('`'))}</pre>"
        elif text:
            yield f'<p class="page">{prose(text)}</p>'
    yield "</details>"
