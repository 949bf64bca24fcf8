"""A notebook as plain text, cell by cell: what `git diff` compares instead of JSON.

Counts and metadata are left out, so that only what somebody wrote, and what came of it, shows as changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.core.notebook import Cell, Notebook, Output

_MOST_LINES = 40


def render(notebook: Notebook) -> str:
    """Every cell under a heading with its kind, its outputs indented below it."""
    return "".join(f"{line}\n" for cell in notebook.cells for line in _cell(cell))


def _cell(cell: Cell) -> Iterator[str]:
    tags = f" [{', '.join(cell.tags)}]" if cell.tags else ""
    yield f"=== {cell.kind.value} cell{f' {cell.id}' if cell.id else ''}{tags}"
    yield from cell.source.split("\n")
    for output in cell.outputs:
        lines = _output(output).split("\n")
        yield from (f"    > {line}" for line in lines[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            yield f"    > ... {len(lines) - _MOST_LINES} more lines"
    yield ""


def _output(output: Output) -> str:
    if output.error is not None:
        return f"{output.error.name}: {output.error.value}"
    if output.text:
        return output.text.rstrip("\n")
    plain = output.data.get("text/plain")
    others = ", ".join(mime for mime in output.data if mime != "text/plain")
    text = plain.rstrip("\n") if isinstance(plain, str) else ""
    return "\n".join(filter(None, (text, f"({others})" if others else "")))
