"""How a secret is taken out of a notebook: what shows it is redacted, what uses it reads the environment instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from nb_mlops.analysis.python import Python
from nb_mlops.analysis.segment import SegmentKind, output_of
from nb_mlops.analysis.sensitive.collect import Hiding, Place, Secret
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Edit, Fix, ReplaceOutputText, ReplaceText, Safety
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.mend import change_metadata, clear_outputs

REDACTED = "[removed]"
_IMPORTS_OS = pattern(r"^[ \t]*import[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*os\b(?![ \t]*(?:\.|as\b))", re.M)
_PLAIN_PREFIX = pattern(r"[uU]?(?P<quote>[\"'])(?![\"']{2})")


def mending(view: View, secret: Secret) -> Fix | None:
    """The safe fix while there is something that only shows the value; else the unsafe one, of code that uses it."""
    return _redacted(view, secret) or _moved(view, secret)


def _redacted(view: View, secret: Secret) -> Fix | None:
    """Outputs, metadata, text and comments: none of them changes what the notebook computes."""
    spans = [span for place in secret.places for span in place.spans]
    edits: dict[Edit, None] = {}
    cleared = {
        (place.cell, output_of(span.part)) for place in secret.places if not place.verbatim for span in place.spans
    }
    whole = clear_outputs(span for span in spans if (span.cell, output_of(span.part)) in cleared)
    for place in secret.places:
        span = place.spans[0]
        if not place.verbatim or span.cell is None:
            continue
        if output_of(span.part) is not None and (span.cell, output_of(span.part)) not in cleared:
            edits[ReplaceOutputText(span.cell, span.part, span.start, span.end, REDACTED)] = None
        elif place.kind is SegmentKind.MARKDOWN or (place.kind is SegmentKind.SOURCE and _in_comment(view, span)):
            edits[ReplaceText(span.cell, span.start, span.end, REDACTED)] = None
    metadata = change_metadata(view, spans, lambda text: text.replace(secret.value, REDACTED))
    if not (edits or whole or metadata):
        return None
    doing = "Clear the output that holds it" if whole and not edits and not metadata else "Redact it where it is shown"
    return Fix(doing, (*whole, *edits, *metadata))


def _in_comment(view: View, span: Span) -> bool:
    if span.cell is None or span.start.line != span.end.line:
        return False
    line = view.cell(span.cell).source.split("\n")[span.start.line - 1]
    return line.lstrip().startswith("#") and "nbm:" not in line


def _moved(view: View, secret: Secret) -> Fix | None:
    """Code reads it from an environment variable; whether that is set, nobody can know here."""
    name = _variable(view, secret)
    edits: list[Edit] = []
    cells: set[int] = set()
    for place in secret.places:
        edit = _in_code(view, secret, place, name)
        if edit is not None:
            edits.append(edit)
            cells.add(edit.cell)
    if not edits:
        return None
    edits.extend(_import_os(view, min(cells)))
    return Fix(f'Read it from os.environ["{name}"]', tuple(edits), Safety.UNSAFE)


def _variable(view: View, secret: Secret) -> str:
    """The variable's name: two secrets that code uses never share one."""
    name = secret.match.env
    same = [
        other.value for other in view.secrets if other.match.env == name and (other is secret or _is_used(view, other))
    ]
    number = same.index(secret.value) + 1
    return name if number == 1 else f"{name}_{number}"


def _is_used(view: View, secret: Secret) -> bool:
    """Whether it stands in code, and not only in comments on it."""
    return any(
        place.kind is SegmentKind.SOURCE and place.cell in view.python and not _in_comment(view, place.spans[0])
        for place in secret.places
    )


def _in_code(view: View, secret: Secret, place: Place, name: str) -> ReplaceText | None:
    cell = place.cell
    python = view.python.get(cell) if place.kind is SegmentKind.SOURCE and cell is not None else None
    if cell is None or python is None or python.tree is None or "from __future__" in python.code:
        return None
    span, read = place.spans[0], f'os.environ["{name}"]'
    if place.hiding is Hiding.JOINED:
        return _joined(python, cell, span, secret.value, read)
    if not place.verbatim or span.start.line != span.end.line:
        return None
    return _literal(python, cell, span, secret.value, name)


def _joined(python: Python, cell: int, span: Span, value: str, read: str) -> ReplaceText | None:
    """An expression that is put together to the secret and nothing else."""
    for node in walk(python.tree) if python.tree else ():
        if isinstance(node, ast.expr) and python.position(node.lineno, node.col_offset) == span.start:
            end = python.position(node.end_lineno or node.lineno, node.end_col_offset or 0)
            if end == span.end and _value_of(node) == value:
                return ReplaceText(cell, span.start, span.end, read)
    return None


def _value_of(node: ast.expr) -> str | None:
    from nb_mlops.analysis.sensitive.hidden import folded  # only where a secret was joined

    return folded(node)


def _literal(python: Python, cell: int, span: Span, value: str, name: str) -> ReplaceText | None:
    """The literal that holds the secret: all of it, or its part, in brackets so that whatever follows applies."""
    line = python.code.split("\n")[span.start.line - 1]
    for node in walk(python.tree) if python.tree else ():
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and value in node.value):
            continue
        if node.lineno != span.start.line or node.end_lineno != span.start.line:
            continue
        start, end = (
            python.position(node.lineno, node.col_offset),
            python.position(node.lineno, node.end_col_offset or 0),
        )
        opened = _PLAIN_PREFIX.match(line, start.column)
        if opened is None or not start.column < span.start.column < span.end.column < end.column:
            continue
        quote, inner = opened["quote"], line[opened.end() : end.column - 1]
        if line[end.column - 1] != quote or quote in inner:
            continue
        before, after = line[opened.end() : span.start.column], line[span.end.column : end.column - 1]
        read = f'os.environ["{name}"]'
        if before or after:
            pieces = (f"{quote}{before}{quote}" if before else "", read, f"{quote}{after}{quote}" if after else "")
            read = f"({' + '.join(piece for piece in pieces if piece)})"
        return ReplaceText(cell, start, end, read)
    return None


def _import_os(view: View, cell: int) -> Iterator[Edit]:
    """`import os` at the top of the cell, unless it or a cell above has it."""
    if any(_IMPORTS_OS.search(other.source) for other in view.code_cells if other.index <= cell):
        return
    lines: Sequence[str] = view.cell(cell).source.split("\n")
    row = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")), 1)
    yield ReplaceText(cell, Position(row, 0), Position(row, 0), "import os\n")
