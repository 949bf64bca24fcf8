"""A Report as one page that needs nothing else: no script, no network, light and dark, readable without a mouse.

What comes from notebooks is escaped wherever it stands, and the page forbids itself to load or run anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby

from nb_mlops import __version__
from nb_mlops.core.exhibit import CellGraph, Exhibits, RuleNote
from nb_mlops.core.finding import Confidence, Finding, Report, Safety, Severity
from nb_mlops.reporters import drawing
from nb_mlops.reporters.places import in_cell, related_place
from nb_mlops.reporters.replays import drawn as drawn_replays
from nb_mlops.reporters.style import CSS
from nb_mlops.reporters.text import summary

_CODE = re.compile(r"`([^`\n]+)`")
_RANKS = {severity.value: severity.rank for severity in Severity}


def render(report: Report, exhibits: Exhibits) -> str:
    """The whole page."""
    title = escape(exhibits.title or "nb-mlops lint")
    notes = {note.code: note for note in exhibits.rules}
    by_path = {path: list(found) for path, found in groupby(report.findings, key=lambda finding: finding.path)}
    names = {path: f"notebook-{number}" for number, path in enumerate(by_path, 1)}
    sections = (
        line
        for path, found in by_path.items()
        for line in _notebook(path, names[path], found, exhibits.graphs.get(path, CellGraph()), notes)
    )
    used = sorted({finding.code for finding in report.findings} & notes.keys())
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f'<meta name="color-scheme" content="light dark"><title>{title}</title><style>{CSS}</style></head><body>',
        f"<header><h1>{title}</h1><p>{_prose(summary(report).strip())}</p></header>",
        *_notes(exhibits.notes),
        *_filters(report),
        "<main>",
        *_index(by_path, names),
        *sections,
        *(['<h2 id="rules">Rules</h2>'] if used else []),
        *(line for code in used for line in _rule(notes[code])),
        "</main>",
        f"<footer>nb-mlops {escape(__version__)}. Values of secrets and of people are covered.</footer>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield f"<ul>{''.join(f'<li>{_prose(note)}</li>' for note in notes)}</ul>"


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
    path: str, name: str, found: Sequence[Finding], graph: CellGraph, notes: Mapping[str, RuleNote]
) -> Iterator[str]:
    yield f'<section id="{name}" aria-labelledby="{name}-head"><h2 id="{name}-head">{escape(path)}</h2>'
    picture = drawing.drawn(graph, name, _marked(found))
    wrong = drawing.differing(graph)
    if picture:
        head = "Cell graph" + (f": {len(wrong)} reads that a clean run answers otherwise" if wrong else "")
        yield f"<details{' open' if wrong else ''}><summary>{head}</summary>"
        yield f'<div class="graph" tabindex="0" role="group" aria-label="Cell graph">{picture}</div>'
        if wrong:
            yield from _words(graph)
        yield "</details>"
    yield '<ul class="findings">'
    for finding in found:
        yield from _finding(finding, finding.code in notes)
    yield "</ul></section>"


def _marked(found: Sequence[Finding]) -> Mapping[int, str]:
    """The gravest severity by cell."""
    marks: dict[int, str] = {}
    for finding in found:
        if finding.cell is not None:
            index, severity = finding.cell.index, finding.severity.value
            marks[index] = max(severity, marks.get(index, "info"), key=_RANKS.__getitem__)
    return marks


def _words(graph: CellGraph) -> Iterator[str]:
    """The reads that differ as a table: the picture for those who do not see it."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("cell", "reads", "a clean run", "as it was run"))
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Reads that differ"><table class="reads">'
    yield f"<caption>Reads that differ</caption><thead><tr>{heads}</tr></thead><tbody>"
    reads: dict[tuple[int, str], tuple[list[int], list[int]]] = {}
    for link in graph.links:
        for name in link.names:
            clean, ran = reads.setdefault((link.reader, name), ([], []))
            clean.extend([link.source] * link.clean)
            ran.extend([link.source] * link.recorded)
    wrong = {(link.reader, name) for link in drawing.differing(graph) for name in link.names}
    for reader, name in sorted(wrong):
        sides = "".join(f"<td>{_cells(side)}</td>" for side in reads[reader, name])
        yield f'<tr><th scope="row">cell {reader + 1}</th><td><code>{escape(name)}</code></td>{sides}</tr>'
    yield "</tbody></table></div>"


def _cells(indices: Sequence[int]) -> str:
    return ", ".join(f"cell {index + 1}" for index in sorted(indices)) or "nothing"


def _finding(finding: Finding, known: bool) -> Iterator[str]:
    severity = finding.severity.value
    code = f"{escape(finding.code)} {escape(finding.rule)}"
    rule = f'<a href="#rule-{escape(finding.code, quote=True)}">{code}</a>' if known else code
    place = escape(in_cell(finding.span, finding.cell)) if finding.span and finding.cell else "the file"
    sure = "" if finding.confidence is Confidence.HIGH else f" <small>{finding.confidence.value} confidence</small>"
    yield f'<li class="finding {severity}"><p class="where"><span class="tag {severity}">{severity}</span> {place}'
    yield f" {rule}{sure}</p><p>{_prose(finding.message)}</p>"
    excerpt = finding.data.get("excerpt")
    if isinstance(excerpt, str) and excerpt.strip():
        yield f"<pre><code>{_excerpt(excerpt, finding.data.get('caret', (0, 0)))}</code></pre>"
    replays = drawn_replays(finding.data, lambda text, *styles: text)
    if replays:
        lines = "\n".join(map(escape, replays))
        yield f'<pre class="replays" aria-label="both replays">{lines}</pre>'
    elif finding.related:
        rows = "".join(f"<li>{escape(related_place(r))}: {_prose(r.message)}</li>" for r in finding.related[:6])
        yield f'<ul class="related">{rows}</ul>'
    if finding.fix is not None:
        how = {Safety.SAFE: "nb-mlops fix", Safety.UNSAFE: "nb-mlops fix --unsafe"}.get(finding.fix.safety, "by hand")
        yield f'<p class="fix"><b>fix</b> {_prose(finding.fix.title)} ({escape(how)})</p>'
    yield "</li>"


def _excerpt(line: str, caret: Sequence[int]) -> str:
    start, end = caret
    if not 0 <= start < end <= len(line):
        return escape(line.strip())
    marked = f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"
    return marked.strip()


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
            yield f'<p class="page">{_prose(text)}</p>'
    yield "</details>"


def _prose(text: str) -> str:
    """Text with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
