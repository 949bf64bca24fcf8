"""How a secret is taken out of a notebook: what shows it is redacted, what uses it reads the environment instead."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from nb_mlops.analysis.lines import line_of, lines_of
from nb_mlops.analysis.python import Python
from nb_mlops.analysis.segment import SegmentKind, output_of
from nb_mlops.analysis.sensitive.collect import Hiding, Place, Secret
from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Edit, Fix, ReplaceOutputText, ReplaceText, Safety
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.value import replace
from nb_mlops.linter.mend import change_metadata, clear_outputs

REDACTED = "[removed]"
_IMPORTS_OS = pattern(r"^[ \t]*import[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*os\b(?![ \t]*(?:\.|as\b))", re.M)
_PLAIN_PREFIX = pattern(r"[uU]?(?P<quote>[\"'])(?![\"']{2})")
# A statement that puts a literal into the environment, up to the literal, and what may stand behind it.
_PUTS = pattern(r"[ \t]*(?P<environ>(?:\w+\.)?environ)\[[\"'](?P<name>\w+)[\"']\][ \t]*=[ \t]*")
_ENDS = pattern(r"[ \t]*(?:#.*)?")


class Mending:
    """How the secrets of one notebook are mended. What is the same for all of them is worked out once."""

    def __init__(self, secrets: Sequence[Secret]) -> None:
        self._secrets = secrets
        self._future: dict[int, bool] = {}
        self._texts: dict[int, Mapping[int, Sequence[ast.Constant]]] = {}

    def of(self, view: View, secret: Secret) -> Fix | None:
        """The safe fix while something only shows the value; else the unsafe one, of code that uses it."""
        return _redacted(view, secret) or _moved(view, secret, self)

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """By value, the variable that code may read a secret from: two secrets never share one."""
        counts: Counter[str] = Counter()
        names = {}
        for secret in self._secrets:
            name = secret.match.env
            counts[name] += 1
            names[secret.value] = name if counts[name] == 1 else f"{name}_{counts[name]}"
        return names

    def begins_with_future(self, cell: int, python: Python) -> bool:
        """Whether a cell imports from `__future__`, before which no other import may stand."""
        if cell not in self._future:
            self._future[cell] = "from __future__" in python.code
        return self._future[cell]

    def texts(self, cell: int, python: Python) -> Mapping[int, Sequence[ast.Constant]]:
        """By line, the literals of a cell that begin and end on it."""
        if cell not in self._texts:
            found: dict[int, list[ast.Constant]] = {}
            for node in walk(python.tree) if python.tree else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == node.end_lineno:
                    found.setdefault(node.lineno, []).append(node)
            self._texts[cell] = found
        return self._texts[cell]


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
    line = line_of(view.cell(span.cell).source, span.start.line)
    return line.lstrip().startswith("#") and "nbm:" not in line


def _moved(view: View, secret: Secret, mending: Mending) -> Fix | None:
    """Code reads it from an environment variable; whether that is set, nobody can know here."""
    name = _put(view, secret) or mending.variables[secret.value]
    edits: list[Edit] = []
    cells: set[int] = set()
    for place in secret.places:
        edit = _in_code(view, secret, place, name, mending)
        if edit is not None:
            edits.append(edit)
            cells.add(edit.cell)
    if not edits:
        return None
    if view.once(_importing_os) > min(cells):
        edits.append(_import_os(view, min(cells)))
    return Fix(f'Read it from os.environ["{name}"]', tuple(edits), Safety.UNSAFE)


def _put(view: View, secret: Secret) -> str:
    """The environment variable that code puts the secret into; "" where none does."""
    for place in secret.places:
        span = place.spans[0]
        if place.kind is SegmentKind.SOURCE and place.verbatim and span.cell is not None:
            line = line_of(view.python[span.cell].code, span.start.line) if span.cell in view.python else ""
            if put := _PUTS.fullmatch(line, 0, span.start.column - 1):
                return put["name"]
    return ""


def _in_code(view: View, secret: Secret, place: Place, name: str, mending: Mending) -> ReplaceText | None:
    cell = place.cell
    python = view.python.get(cell) if place.kind is SegmentKind.SOURCE and cell is not None else None
    if cell is None or python is None or python.tree is None or mending.begins_with_future(cell, python):
        return None
    span, read = place.spans[0], f'os.environ["{name}"]'
    if place.hiding is Hiding.JOINED:
        return _joined(python, cell, span, secret.value, read)
    if not place.verbatim or span.start.line != span.end.line:
        return None
    return _literal(python, mending.texts(cell, python), cell, span, secret.value, name)


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


def _literal(
    python: Python, texts: Mapping[int, Sequence[ast.Constant]], cell: int, span: Span, value: str, name: str
) -> ReplaceText | None:
    """The literal that holds the secret: all of it, or its part, in brackets so that whatever follows applies."""
    line = line_of(python.code, span.start.line)
    for node in texts.get(span.start.line, ()):
        if value not in str(node.value):
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
        put = _PUTS.fullmatch(line, 0, start.column)
        if put and not (before or after) and _ENDS.fullmatch(line, end.column):
            # What it is set to would be itself; where it is not set, the notebook stops here and says so.
            start = replace(start, column=put.start("environ"))
            read = f'assert "{put["name"]}" in {put["environ"]}, "{put["name"]} is not set"'
        elif before or after:
            pieces = (f"{quote}{before}{quote}" if before else "", read, f"{quote}{after}{quote}" if after else "")
            read = f"({' + '.join(piece for piece in pieces if piece)})"
        return ReplaceText(cell, start, end, read)
    return None


def _importing_os(view: View) -> int:
    """The first cell that imports `os`; behind the last one where none does."""
    cells = (cell.index for cell in view.code_cells if _IMPORTS_OS.search(cell.source))
    return next(cells, len(view.notebook.cells))


def _import_os(view: View, cell: int) -> Edit:
    """`import os` at the top of the cell."""
    lines = lines_of(view.cell(cell).source)
    row = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")), 1)
    return ReplaceText(cell, Position(row, 0), Position(row, 0), "import os\n")
