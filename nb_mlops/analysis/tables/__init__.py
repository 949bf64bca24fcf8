"""The tables in a notebook's outputs and texts, in whatever form, with the way back to each value's place."""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.tables.code import code_tables
from nb_mlops.analysis.tables.html import html_tables
from nb_mlops.analysis.tables.table import Column, Form, Item, Table
from nb_mlops.analysis.tables.text import text_tables
from nb_mlops.core.notebook import Cell, CellKind, Notebook, OutputKind
from nb_mlops.core.value import replace

__all__ = ["Column", "Form", "Item", "Table", "cell_tables", "code_tables", "tables"]


def tables(notebook: Notebook) -> tuple[Table, ...]:
    """Every table that an output shows or carries or a text spells out, in document order."""
    return tuple(table for cell in notebook.cells for table in cell_tables(cell))


def cell_tables(cell: Cell) -> Iterator[Table]:
    """Those of one cell."""
    if cell.kind is not CellKind.CODE and "|" in cell.source:
        for table in text_tables(cell.source, cell.index, None, "source", "text/markdown"):
            yield replace(table, form=Form.MARKDOWN)
    for number, output in enumerate(cell.outputs):
        if output.kind is OutputKind.STREAM:
            yield from text_tables(output.text, cell.index, number, f"outputs/{number}/text", "text/plain")
        for mime, value in output.data.items():
            part = f"outputs/{number}/data/{mime.replace('~', '~0').replace('/', '~1')}"
            if not isinstance(value, str):
                if isinstance(value, (dict, list)):
                    from nb_mlops.analysis.tables.payload import payload_tables  # plots of few libraries

                    yield from payload_tables(value, cell.index, number, part, mime)
            elif mime == "text/html":
                if "<t" in value or "<T" in value:
                    yield from html_tables(value, cell.index, number, part, mime)
            elif mime in ("text/plain", "text/markdown", "text/csv"):
                yield from text_tables(value, cell.index, number, part, mime)
