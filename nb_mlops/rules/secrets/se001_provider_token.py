"""A token or key of a known provider, anywhere in the notebook.

## What it does

Tokens whose format their issuer has published (OpenAI, Anthropic, Hugging Face, GitHub, AWS, Google, Slack, Databricks
and more), in every part of a notebook: code, markdown, raw cells, printed text even where the kernel split it in
chunks, HTML, JSON behind plots and widgets, tracebacks under their colours, metadata, attachments. One finding for each
value; the other places it stands in are listed with it. Where a format carries a checksum and it does not hold,
confidence is lower.

## Why is this bad?

Whoever can read the file can act as you: the repository's readers, its mirrors, its history, everyone the notebook
was ever sent to. Deleting the line does not take that back.

## What it leaves alone

Placeholders: values with telling words (`EXAMPLE`, `your-token`), repeated or counted-up characters.

## What to do

Revoke the token at its issuer first (the finding says where). Then `nb-mlops fix` clears the outputs that hold it, and
`nb-mlops fix --unsafe` reads it from an environment variable where the code spells it out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from nb_mlops.analysis.segments import Segment, SegmentKind
from nb_mlops.analysis.sensitive.secrets import Token, find_tokens, may_hold_tokens
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import CellRef, Confidence, Edit, Fix, Related, ReplaceText, Safety, Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.value import Struct
from nb_mlops.linter.mend import change_metadata, clear_outputs
from nb_mlops.linter.rule import Hit, Rule, code, example, markdown, stdout

_REDACTED = "[removed]"
_IMPORTS_OS = pattern(r"^[ \t]*import[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*os\b(?![ \t]*(?:\.|as\b))", re.M)


class _Place(Struct, frozen=True):
    segment: Segment
    token: Token
    spans: tuple[Span, ...]


def check(view: View) -> Iterable[Hit]:
    """One finding for each token value, all its places related."""
    found: dict[str, list[_Place]] = {}
    for segment in view.segments:
        if not may_hold_tokens(segment.haystack):
            continue
        text = segment.text
        for token in find_tokens(text):
            place = _Place(segment, token, segment.spans(token.start, token.end))
            found.setdefault(text[token.start : token.end], []).append(place)
    for value, places in found.items():
        yield _hit(view, value, places)


def _hit(view: View, value: str, places: Sequence[_Place]) -> Hit:
    first, form = places[0], places[0].token.format
    related = tuple(_related(view, places))
    others = f" and in {len(related)} other place{'s' if len(related) > 1 else ''}" if related else ""
    message = (
        f"{form.title} found in the {first.segment.place}{others}: whoever can read this file can use it. "
        f"Now {form.leaked}; then take it out of the notebook."
    )
    high = any(place.token.confidence is Confidence.HIGH for place in places)
    return Hit(
        message,
        first.spans[0],
        confidence=Confidence.HIGH if high else Confidence.MEDIUM,
        related=related,
        fix=_safe_fix(view, value, places) or _unsafe_fix(view, places),
        data={"format": form.name, "source": form.source},
        secret=value,
    )


def _related(view: View, places: Sequence[_Place]) -> Iterator[Related]:
    """Every place but the first one, each once; the further chunks of a split stream are places too."""
    seen = {places[0].spans[0]}
    for place in places:
        for span in place.spans:
            if span not in seen:
                seen.add(span)
                ref = None if span.cell is None else CellRef.of(view.cell(span.cell))
                yield Related(f"also in the {place.segment.place}", span, ref)


def _safe_fix(view: View, value: str, places: Sequence[_Place]) -> Fix | None:
    """Outputs that hold it are cleared, metadata is redacted: neither changes what the notebook computes."""
    spans = [span for place in places for span in place.spans]
    cleared = clear_outputs(spans)
    redacted = change_metadata(view, spans, lambda text: text.replace(value, _REDACTED))
    if not cleared and not redacted:
        return None
    doing = [words for words, edits in (("Clear the output", cleared), ("Redact the metadata", redacted)) if edits]
    return Fix(f"{' and '.join(doing)} that holds it".replace(" and R", " and r"), (*cleared, *redacted))


def _unsafe_fix(view: View, places: Sequence[_Place]) -> Fix | None:
    """Code reads it from an environment variable; whether that is set, nobody can know here."""
    edits: list[Edit] = []
    cells: set[int] = set()
    name = places[0].token.format.env
    for place in places:
        if place.segment.kind is SegmentKind.SOURCE and place.segment.cell is not None:
            span = _literal(view, place)
            if span is None:
                continue
            edits.append(ReplaceText(place.segment.cell, span.start, span.end, f'os.environ["{name}"]'))
            cells.add(place.segment.cell)
    if not edits:
        return None
    edits.extend(_import_os(view, min(cells)))
    return Fix(f'Read it from os.environ["{name}"]', tuple(edits), Safety.UNSAFE)


def _literal(view: View, place: _Place) -> Span | None:
    """The string literal that holds this token and nothing else."""
    span, cell = place.spans[0], place.spans[0].cell
    python = view.python.get(cell) if cell is not None else None
    if python is None or python.tree is None or "from __future__" in python.code:
        return None
    value = place.segment.text[place.token.start : place.token.end]
    for node in ast.walk(python.tree):
        if not (isinstance(node, ast.Constant) and node.value == value and node.end_lineno == node.lineno):
            continue
        start = python.position(node.lineno, node.col_offset)
        end = python.position(node.lineno, node.end_col_offset or 0)
        line = python.code.split("\n")[start.line - 1]
        whole = line[start.column : end.column].strip("\"'") == value and line[start.column] in "\"'"
        if whole and start.line == span.start.line and start.column <= span.start.column < end.column:
            return Span(cell, "source", start, end)
    return None


def _import_os(view: View, cell: int) -> Iterator[Edit]:
    """`import os` at the top of the cell, unless it or a cell above has it."""
    if any(_IMPORTS_OS.search(other.source) for other in view.code_cells if other.index <= cell):
        return
    lines = view.cell(cell).source.split("\n")
    row = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")), 1)
    yield ReplaceText(cell, Position(row, 0), Position(row, 0), "import os\n")


def _sample(*parts: str) -> str:
    """A value of the right shape, put together here so that no token stands in this file."""
    return "".join(parts)


_TOKEN = _sample("hf", "_", "QzRvTmKpWxLbNcYd", "GhJfSaUeOiPqVtBwXr")

RULE = Rule(
    "SE001",
    "provider-token",
    Severity.ERROR,
    bad=(
        example(
            code(f'token = "{_TOKEN}"'),
            fixed=('import os\ntoken = os.environ["HF_TOKEN"]',),
            note="in code; the fix is unsafe",
        ),
        example(
            code("import os\nprint(os.environ)", stdout(f"HF_TOKEN={_TOKEN[:20]}"), stdout(f"{_TOKEN[20:]}\n")),
            fixed=("import os\nprint(os.environ)",),
            note="printed in two chunks",
        ),
        example(markdown(f"Log in with `{_TOKEN}`.")),
    ),
    good=(
        example(
            code(f'token = "{_TOKEN[:3]}{"x" * 34}"\nimport os\nkey = os.environ["HF_TOKEN"]'), note="a placeholder"
        ),
        example(code("digest = 'd41d8cd98f00b204e9800998ecf8427e'"), note="a checksum"),
    ),
    check=check,
    every_language=True,
    sensitive=True,
)
