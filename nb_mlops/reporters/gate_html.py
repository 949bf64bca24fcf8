"""A gate report as a page of its own: the verdict, each proof with what it judged, the statements, the waivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from nb_mlops.core.wording import many
from nb_mlops.reporters.gate import in_words
from nb_mlops.reporters.page import page, prose

_TAGS = {"ok": "good", "waived": "warning", "missing": "error", "failed": "error", "not judged": "dim"}
_SEALS = {
    "valid": "counts",
    "broken": "edited after it was signed",
    "stranger": "not trusted",
    "barred": "may not sign",
}
_CSS = """
.tag.good{color:var(--good)}
.verdict{font-size:1.05rem;border-left:4px solid var(--good);padding:.4rem .9rem;margin:1rem 0}
.verdict.shut{border-color:var(--error)}table{width:100%}td small,td p{color:var(--dim);margin:.15rem 0}
td code{overflow-wrap:anywhere}.finding p.way::before{content:"→ ";color:var(--dim)}
"""


def render_gate_html(report: Mapping[str, Any]) -> str:
    """The report that `commands.gate.report` makes, as a page that loads and runs nothing."""
    lead = f"from <code>{escape(report['notebook'])}</code>"
    if report["digest"]:
        lead += f", tree <code>{report['digest'][:12]}</code>"
    return page(f"Gate: {report['model']}", lead, _body(report), _CSS)


def _body(report: Mapping[str, Any]) -> Iterator[str]:
    findings = report["findings"]
    if report["passed"]:
        words = "Open. What does not hold is waived." if report["waivers"] else "Open: everything that is asked holds."
        yield f'<p class="verdict">{words}</p>'
    else:
        reasons = many(len(findings), "reason")
        yield f'<p class="verdict shut">Shut, for {reasons}. Nothing may be registered.</p>'
    if findings:
        yield '<h2>What stands against it</h2><ul class="findings">'
        for found in findings:
            data = found["data"]
            yield f'<li class="finding error"><p class="where">{escape(found["code"])} {escape(found["rule"])}</p>'
            yield f'<p>{prose(data["problem"])}</p><p class="way">{prose(data["remedy"])}</p></li>'
        yield "</ul>"
    yield from _waivers(report)
    yield "<h2>Proofs</h2>"
    yield from _table(("how it stands", "proof", "what was looked at"), map(_proof, report["proofs"]))
    if report["statements"]:
        yield "<h2>Statements</h2>"
        yield from _table(("kind", "seal", "what was signed"), map(_statement, report["statements"]))


def _waivers(report: Mapping[str, Any]) -> Iterator[str]:
    for number, waiver in enumerate(report["waivers"]):
        yield "" if number else "<h2>Waivers</h2>"
        yield f'<div class="finding warning"><p><b>{escape(waiver["proof"])}</b> until {escape(waiver["until"])}, '
        yield f"by {escape(waiver['approver'])}: {escape(waiver['reason'])}</p>"
        yield from (f"<p>{prose(refusal)}</p>" for refusal in waiver["refusals"])
        yield "</div>"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f'<div class="scroll-x"><table><thead><tr>{cells}</tr></thead><tbody>'
    yield from ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    yield "</tbody></table></div>"


def _proof(proof: Mapping[str, Any]) -> tuple[str, ...]:
    status = proof["status"]
    commands = "".join(f"<p>made by <code>{escape(command)}</code></p>" for command in proof["commands"])
    return (
        f'<span class="tag {_TAGS[status]}">{escape(status)}</span>',
        f"{escape(proof['name'])}<p>{prose(proof['question'])}</p>",
        f"{prose(proof['looked_at'])}{commands}",
    )


def _statement(statement: Mapping[str, Any]) -> tuple[str, ...]:
    counts = statement["digest"] is not None
    said = prose(in_words(statement)) if counts else f"key <code>{escape(statement['key'][:12]) or 'none'}</code>"
    seal = "says nothing here" if statement["seal"] == "valid" and not counts else _SEALS[statement["seal"]]
    tag = "good" if counts else "dim" if statement["seal"] == "valid" else "error"
    return (
        escape(statement["kind"]),
        f'<span class="tag {tag}">{seal}</span>',
        f"{said}<p><code>{escape(statement['path'])}</code></p>",
    )
