"""Two sides of a cell's outputs next to each other: differing lines marked, pictures with what changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from html import escape

from nb_mlops.core.exhibit import Parting, Picture
from nb_mlops.core.wording import many

_AROUND, _MOST = 2, 120
_WORD = re.compile(r"\s+|[\w.]+|[^\w\s]")
CSS = """
.sides{table-layout:fixed;width:100%;border:1px solid var(--line)}
.sides th,.sides td{width:50%;padding:.1rem .6rem;border:0;border-left:1px solid var(--line);white-space:pre-wrap;
overflow-wrap:anywhere;font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.sides th{color:var(--dim);border-bottom:1px solid var(--line)}.sides tr.changed td{background:var(--error-soft)}
.sides mark{background:none;color:var(--error);font-weight:600;border:0}
.sides td.gap{color:var(--dim);text-align:center;background:var(--soft)}
.pictures{display:flex;flex-wrap:wrap;gap:1rem;margin:.5rem 0}
.pictures figure{margin:0;flex:1 1 18rem;max-width:22rem}
.pictures img{max-width:100%;background:#fff;border:1px solid var(--line)}figcaption{color:var(--dim);font-size:.85rem}
"""


def shown(parting: Parting) -> Iterator[str]:
    """A parting as HTML."""
    left, right = parting.sides
    if left.lines or right.lines:
        yield f'<table class="sides"><thead><tr><th scope="col">{escape(left.name)}</th>'
        yield f'<th scope="col">{escape(right.name)}</th></tr></thead><tbody>'
        yield from _rows(left.lines, right.lines)
        yield "</tbody></table>"
    count = max(len(left.pictures), len(right.pictures))
    for i in range(count):
        if left.pictures[i : i + 1] == right.pictures[i : i + 1]:
            continue
        yield '<div class="pictures">'
        for side in parting.sides:
            yield from _figure(side.pictures[i : i + 1], side.name)
        yield from _figure([p for p in parting.changes[i : i + 1] if p], "in red: what is not the same")
        yield "</div>"


def _figure(pictures: Sequence[Picture], name: str) -> Iterator[str]:
    if pictures:
        mime, data = (escape(text, quote=True) for text in (pictures[0].mime, pictures[0].data))
        words = escape(name, quote=True)
        yield f'<figure><img src="data:{mime};base64,{data}" alt="{words}"><figcaption>{words}</figcaption></figure>'


def _rows(left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    """The lines that differ, with a few around them; what is the same over a long stretch is left out."""
    rows = 0
    pairs = difflib.SequenceMatcher(None, left, right, autojunk=False) if len(left) * len(right) < 4e6 else None
    blocks = pairs.get_grouped_opcodes(_AROUND) if pairs else [[("replace", 0, len(left), 0, len(right))]]
    end = 0
    for block in blocks:
        if block[0][1] > end:
            yield _gap(block[0][1] - end)
        end = block[-1][2]
        for tag, a, b, c, d in block:
            for i in range(max(b - a, d - c)):
                if (rows := rows + 1) > _MOST:
                    yield '<tr><td class="gap" colspan="2">and more</td></tr>'
                    return
                yield _row(left[a + i] if a + i < b else "", right[c + i] if c + i < d else "", tag != "equal")
    if len(left) > end:
        yield _gap(len(left) - end)


def _gap(lines: int) -> str:
    return f'<tr><td class="gap" colspan="2">{many(lines, "equal line")}</td></tr>'


def _row(one: str, other: str, changed: bool) -> str:
    if not changed:
        return f"<tr><td>{escape(one)}</td><td>{escape(other)}</td></tr>"
    ours, theirs = _WORD.findall(one), _WORD.findall(other)
    marked: tuple[list[str], list[str]] = ([], [])
    for tag, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        for out, words in ((marked[0], ours[a:b]), (marked[1], theirs[c:d])):
            text = escape("".join(words))
            out.append(text if tag == "equal" or not text.strip() else f"<mark>{text}</mark>")
    return f'<tr class="changed"><td>{"".join(marked[0])}</td><td>{"".join(marked[1])}</td></tr>'
