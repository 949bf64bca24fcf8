"""How a place in a notebook is called: for people in words, for machines in numbers."""

from __future__ import annotations

from typing import Any

from nb_mlops.core.finding import CellRef, Finding, Related
from nb_mlops.core.notebook import Span


def place(path: str, span: Span | None, cell: CellRef | None) -> str:
    """`train.ipynb:cell 4 [In 7] line 3`: cells counted from 1, and the In[n] that people remember."""
    where = _within(span, cell)
    return f"{path}:{where}" if where else path


def within(finding: Finding) -> str:
    """The place of a finding below the name of its notebook."""
    return _within(finding.span, finding.cell) or "notebook"


def _within(span: Span | None, cell: CellRef | None) -> str:
    if span is None:
        return ""
    if cell is None:
        return f"line {span.start.line}" if span.part == "" else "notebook metadata"
    return in_cell(span, cell)


def in_cell(span: Span, cell: CellRef) -> str:
    """`cell 4 [In 7] line 3`, `cell 4 [In 7] output 1 line 2`, `cell 4 metadata`."""
    count = "" if cell.execution_count is None else f" [In {cell.execution_count}]"
    head, _, rest = span.part.partition("/")
    if head == "source":
        return f"cell {cell.index + 1}{count} line {span.start.line}"
    if head == "outputs" and rest:
        number, _, below = rest.partition("/")
        line = f" line {span.start.line}" if below else ""
        return f"cell {cell.index + 1}{count} output {int(number) + 1}{line}"
    return f"cell {cell.index + 1}{count} {head}".rstrip()


def numbers(span: Span | None, cell: CellRef | None) -> dict[str, Any]:
    """The place as the JSON schema has it: lines and columns from 1, the end column just after the last character."""
    known = None if cell is None else {"index": cell.index, "id": cell.id, "execution_count": cell.execution_count}
    if span is None:
        empty = dict.fromkeys(("part", "line", "column", "end_line", "end_column"))
        return {"cell": known, **empty}
    return {
        "cell": known,
        "part": span.part,
        "line": span.start.line,
        "column": span.start.column + 1,
        "end_line": span.end.line,
        "end_column": span.end.column + 1,
    }


def related_place(related: Related) -> str:
    """The place of a related span, without the path."""
    if related.cell is None:
        return "notebook metadata" if related.span.cell is None else f"cell {related.span.cell + 1}"
    return in_cell(related.span, related.cell)


def finding_place(finding: Finding) -> str:
    """The place of a finding."""
    return place(finding.path, finding.span, finding.cell)
