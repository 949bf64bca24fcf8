"""What every page has: its frame, which forbids itself to load or run anything, its prose, its findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from nb_mlops import __version__
from nb_mlops.core.finding import Confidence, Finding, Safety
from nb_mlops.reporters.places import in_cell, related_place
from nb_mlops.reporters.replays import drawn as drawn_replays
from nb_mlops.reporters.style import CSS

_CODE = re.compile(r"`([^`\n]+)`")


def page(title: str, lead: str, body: Iterable[str], more_css: str = "") -> str:
    """A whole page: `title` is text, `lead` and `body` are HTML. Pictures may stand in it as data, nothing else."""
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        'img-src data:">',
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>',
        f"<style>{CSS}{more_css}</style></head><body>",
        f"<header><h1>{escape(title)}</h1><p>{lead}</p></header>",
        *body,
        f"<footer>nb-mlops {escape(__version__)}. Values of secrets and of people are covered.</footer>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def prose(text: str) -> str:
    """Text with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def finding_item(finding: Finding, known: bool) -> Iterator[str]:
    """A finding as an item of a list; `known` says that the page of its rule is on the same page."""
    severity = finding.severity.value
    code = f"{escape(finding.code)} {escape(finding.rule)}"
    rule = f'<a href="#rule-{escape(finding.code, quote=True)}">{code}</a>' if known else code
    place = escape(in_cell(finding.span, finding.cell)) if finding.span and finding.cell else "the file"
    sure = "" if finding.confidence is Confidence.HIGH else f" <small>{finding.confidence.value} confidence</small>"
    yield f'<li class="finding {severity}"><p class="where"><span class="tag {severity}">{severity}</span> {place}'
    yield f" {rule}{sure}</p><p>{prose(finding.message)}</p>"
    excerpt = finding.data.get("excerpt")
    if isinstance(excerpt, str) and excerpt.strip():
        yield f"<pre><code>{_excerpt(excerpt, finding.data.get('caret', (0, 0)))}</code></pre>"
    replays = drawn_replays(finding.data, lambda text, *styles: text)
    if replays:
        lines = "\n".join(map(escape, replays))
        yield f'<pre class="replays" aria-label="both replays">{lines}</pre>'
    elif finding.related:
        rows = "".join(f"<li>{escape(related_place(r))}: {prose(r.message)}</li>" for r in finding.related[:6])
        yield f'<ul class="related">{rows}</ul>'
    if finding.fix is not None:
        how = {Safety.SAFE: "nb-mlops fix", Safety.UNSAFE: "nb-mlops fix --unsafe"}.get(finding.fix.safety, "by hand")
        yield f'<p class="fix"><b>fix</b> {prose(finding.fix.title)} ({escape(how)})</p>'
    yield "</li>"


def _excerpt(line: str, caret: Sequence[int]) -> str:
    start, end = caret
    if not 0 <= start < end <= len(line):
        return escape(line.strip())
    marked = f"{escape(line[:start])}<mark>{escape(line[start:end])}</mark>{escape(line[end:])}"
    return marked.strip()
