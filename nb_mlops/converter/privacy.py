"""Keeps secrets and personal data out of golden files: recorded values are shown to the linter before they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from nb_mlops.core.finding import Finding
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind, StoredOutputs
from nb_mlops.core.run import RunRecord

# Rules whose findings keep a value out: secrets, personal data, names of this machine and its user.
RULES = ("SE", "PI", "ED013")
IsPrivate = Callable[[Any], bool]


def texts_of(record: RunRecord) -> tuple[str, ...]:
    """Every recorded value of a run that a golden file could hold, as text."""
    values = [*record.names.values(), *(value for cell in record.cells for value in cell.names.values())]
    printed = [o.text for cell in record.cells for o in cell.outputs if o.kind is OutputKind.STREAM]
    return _distinct([*(as_text(value) for value in values), *printed])


def texts_of_shows(found: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """What a package showed, as text."""
    return _distinct(as_text(stage["shown"]) for run in found for stage in run["stages"])


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if len(text) > 2))


def as_text(value: Any) -> str:
    """The strings in a recorded value, a line each: what of it could be private."""
    return value if isinstance(value, str) else "\n".join(_strings(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("sha256", "type", "dtype"):
                yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)


def as_notebook(texts: Sequence[str], path: str) -> Notebook:
    """A notebook whose outputs are these texts, one a cell, for rules to read."""
    return Notebook(path, tuple(_cell(index, text) for index, text in enumerate(texts)))


def _cell(index: int, text: str) -> Cell:
    output = Output(OutputKind.STREAM, text=text, stream="stdout", size=len(text))
    return Cell(index, CellKind.CODE, "", f"value-{index}", StoredOutputs.of((output,)))


def is_private(texts: Sequence[str], findings: Iterable[Finding]) -> IsPrivate:
    """A test for values, from what the rules found in `as_notebook(texts)`."""
    marked = {texts[f.span.cell] for f in findings if f.span is not None and f.span.cell is not None}
    return lambda value: bool(marked) and as_text(value) in marked
