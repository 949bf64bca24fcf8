"""A model's card: what it is for, how good, for whom, at what cost. One list of sections, as Markdown and as a page.

What people wrote and what stands in data is escaped wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from nb_mlops.reporters.card_css import CARD_CSS
from nb_mlops.reporters.card_parts import Bars, Rows, Section, lead_of, sections_of
from nb_mlops.reporters.page import page

_MARKED = "\\`*_{}[]<>()#+!|~$"


def render_markdown(values: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    lines = [f"# {_plain(_title(values))}", "", _plain(lead_of(values)), ""]
    for section in sections_of(values):
        lines += [f"## {section.title}", ""]
        for part in section.parts:
            lines += [*_markdown(part), ""]
    return "\n".join(lines).rstrip() + "\n"


def _title(values: Mapping[str, Any]) -> str:
    model = values["model"]
    return f"{model['name']}, version {model['version']}" if model["version"] else str(model["name"])


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in _MARKED else " " if c in "\r\n" else c for c in text)


def _markdown(part: str | Rows | Bars) -> list[str]:
    if isinstance(part, str):
        return [_plain(part)]
    heads = part.heads if isinstance(part, Rows) else (part.what, part.measure, *(["rows"] if part.notes else []))
    rows: Sequence[Sequence[str]] = (
        part.rows
        if isinstance(part, Rows)
        else [(bar.label, bar.text, *([bar.note] if part.notes else [])) for bar in part.bars]
    )
    table = [heads, ("---",) * len(heads), *rows]
    return ["| " + " | ".join(cell if i == 1 else _plain(cell) for cell in row) + " |" for i, row in enumerate(table)]


def render_html(values: Mapping[str, Any]) -> str:
    """The card as a page for people who do not code."""
    body = [line for section in sections_of(values) for line in _section(section)]
    return page(f"Model card: {_title(values)}", escape(lead_of(values)), ["<main>", *body, "</main>"], CARD_CSS)


def _section(section: Section) -> Iterator[str]:
    tag = "details" if section.aside else "section"
    head = f"<summary><h2>{section.title}</h2></summary>" if section.aside else f"<h2>{section.title}</h2>"
    yield f"<{tag}>{head}"
    for part in section.parts:
        if isinstance(part, str):
            yield f"<p>{escape(part)}</p>"
        elif isinstance(part, Rows):
            yield from _table(part)
        else:
            yield from _bars(part)
    yield f"</{tag}>"


def _table(rows: Rows) -> Iterator[str]:
    yield '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
    if any(rows.heads):
        yield "<thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in rows.heads) + "</tr></thead>"
    yield "<tbody>"
    for first, *rest in rows.rows:
        yield (
            f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>"
        )
    yield "</tbody></table></div>"


def _bars(bars: Bars) -> Iterator[str]:
    most = max((abs(bar.value) for bar in bars.bars), default=0.0) or 1.0
    yield f'<table class="bars"><thead><tr><th scope="col">{escape(bars.what)}</th>'
    yield f'<th scope="col" colspan="2">{escape(bars.measure)}</th>{"<th scope=col>rows</th>" if bars.notes else ""}'
    yield "</tr></thead><tbody>"
    for bar in bars.bars:
        width = 100 * max(bar.value, 0.0) / most
        own = ' class="own"' if bar.own else ""
        yield f'<tr{own}><th scope="row">{escape(bar.label)}</th>'
        yield f'<td class="bar" aria-hidden="true"><span style="width:{width:.1f}%"></span></td>'
        yield f"<td>{escape(bar.text)}</td>{f'<td>{escape(bar.note)}</td>' if bars.notes else ''}</tr>"
    yield "</tbody></table>"
