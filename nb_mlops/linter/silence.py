"""How a finding is silenced where it stands: the fix that writes the words which suppress.py reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Edit, Finding, Fix, ReplaceText, Safety, SetMetadata
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Position

_SIGNS = {"julia": "#", "r": "#", "ruby": "#", "bash": "#", "c++": "//", "javascript": "//", "c#": "//", "scala": "//"}


def silence(notebook: Notebook, findings: Sequence[Finding], reason: str, whole_cell: bool = False) -> Fix:
    """The fix that silences these findings, each for the given reason.

    What stands in code or markdown gets a comment there, for the line or the `whole_cell`; anything else, and a line
    that a comment would change the meaning of, an entry in the notebook's metadata that names the finding.
    """
    words = " ".join(reason.replace("-->", "").split())
    edits: dict[Edit, None] = {}
    entries: list[dict[str, str]] = []
    for finding in findings:
        edit = _comment(notebook, finding, words, whole_cell)
        if edit is None:
            entries.append({"rule": finding.code, "fingerprint": finding.fingerprint, "reason": words})
        else:
            edits[edit] = None
    metadata: tuple[Edit, ...] = ()
    if entries:
        ours = notebook.metadata.get("nbm")
        before = ours.get("ignore") if isinstance(ours, dict) else None
        kept = before if isinstance(before, list) else []
        metadata = (SetMetadata(None, ("nbm", "ignore"), [*kept, *entries]),)
    codes = ", ".join(dict.fromkeys(finding.code for finding in findings))
    return Fix(f"Ignore {codes}", (*edits, *metadata), Safety.SAFE)


def _comment(notebook: Notebook, finding: Finding, reason: str, whole_cell: bool) -> ReplaceText | None:
    span = finding.span
    if span is None or span.cell is None or (span.part != "source" and not whole_cell):
        return None
    cell = notebook.cells[span.cell]
    code = f"nbm: ignore[{finding.code}] {reason}".rstrip()
    if cell.kind is CellKind.MARKDOWN:
        return _at(cell, len(cell.source.split("\n")), f"\n<!-- {code} -->", end=True)
    if not cell.is_code:
        return None
    sign = _SIGNS.get(notebook.language, "#") if not notebook.is_python else "#"
    lines = cell.source.split("\n")
    first = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")), 1)
    if whole_cell or not notebook.is_python:
        return _at(cell, first, f"{sign} {code}\n")
    number = span.start.line
    if number == first:
        # In the first line a comment would speak for the whole cell.
        return None
    return _at(cell, number, f"  # {code}", end=True) if _may_end(notebook, cell, number) else None


def _at(cell: Cell, line: int, text: str, end: bool = False) -> ReplaceText:
    place = Position(line, len(cell.source.split("\n")[line - 1]) if end else 0)
    return ReplaceText(cell.index, place, place, text)


def _may_end(notebook: Notebook, cell: Cell, line: int) -> bool:
    """Whether a comment at the end of the line is one and changes nothing: not in a text, nor in a magic."""
    python = View(notebook).python[cell.index]
    if python.tree is None or any(magic.line == line for magic in python.magics):
        return False
    import ast  # only where something is silenced

    lines = python.code.split("\n")
    lines[line - 1] += "  # nbm"
    try:
        return ast.dump(ast.parse("\n".join(lines))) == ast.dump(python.tree)
    except (SyntaxError, ValueError):
        return False
