"""What a stored traceback says of the cell it is stored in: where it stopped, and which lines it quotes."""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.decode import ansi_text
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, ErrorValue

_FRAME = pattern(
    r"(?:<ipython-input-(\d+)-\w+>|\S*ipykernel_\d+[/\\]\d+\.py) in <(?:module|cell line: \d+)>(?:\(\))?\s*$"
    r"|(?:Cell |Input )In ?\[(\d+)\], (?:line \d+|in <(?:module|cell line: \d+)>(?:\(\))?)\s*$"
)
_LINE = pattern(r"\s*(-+> ?)?(\d+) ?(.*)$")


def quoted_lines(error: ErrorValue) -> Iterator[tuple[int, str, bool]]:
    """The lines that the traceback quotes of the cell itself: number, text, and whether it stopped there."""
    lines = ansi_text("\n".join(error.traceback)).split("\n")
    start = next((n for n, line in enumerate(lines) if _FRAME.match(line)), None)
    if start is None:
        return
    for line in lines[start + 1 :]:
        quoted = _LINE.match(line)
        if quoted is None:
            return
        yield int(quoted[2]), quoted[3], quoted[1] is not None


def stopped_at(cell: Cell) -> int | None:
    """The line of the cell at which its stored exception was raised, where the traceback quotes it as it stands."""
    lines = cell.source.split("\n")
    for output in cell.outputs:
        for number, text, here in quoted_lines(output.error) if output.error is not None else ():
            if here and 0 < number <= len(lines) and lines[number - 1].strip() == text.strip():
                return number
    return None


def lacks(cell: Cell, name: str) -> bool:
    """Whether the cell's stored exception is the NameError for this name."""
    errors = (output.error for output in cell.outputs if output.error is not None)
    return any(error.name == "NameError" and f"'{name}'" in _said(error) for error in errors)


def _said(error: ErrorValue) -> str:
    """What the exception says; Colab writes `ignored` there, and keeps it at the end of the traceback."""
    return error.traceback[-1] if error.value == "ignored" and error.traceback else error.value
