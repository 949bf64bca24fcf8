"""Everything said to a person is a Finding: lint results, conversion losses, drift between runs, gate refusals."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeAlias

from nb_mlops.core.notebook import Cell, Position, Span
from nb_mlops.core.value import Struct, field


class Severity(str, Enum):
    """How bad it is when it is true."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info to 2 for error, to compare with a threshold."""
        return {"info": 0, "warning": 1, "error": 2}[self.value]


class Confidence(str, Enum):
    """How sure we are that it is true: what the file proves, and what it only suggests."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Safety(str, Enum):
    """SAFE keeps the exact meaning, UNSAFE may change it and asks consent, DISPLAY is advice and never applied."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class ReplaceText(Struct, frozen=True):
    """Replace a stretch of a cell's source; an empty stretch inserts."""

    cell: int
    start: Position
    end: Position
    text: str


class ReplaceCell(Struct, frozen=True):
    """Replace a cell's whole source."""

    cell: int
    source: str


class InsertCell(Struct, frozen=True):
    """Insert a new cell before the cell that stands at `index` in the notebook as it was read."""

    index: int
    cell: Cell


class DeleteCell(Struct, frozen=True):
    """Delete a cell."""

    cell: int


class MoveCell(Struct, frozen=True):
    """Move a cell before the cell that stands at `before` in the notebook as it was read."""

    cell: int
    before: int


class ClearOutput(Struct, frozen=True):
    """Remove one output (by index), or all outputs and the execution count of a cell when `output` is None."""

    cell: int
    output: int | None = None


class ReplaceOutputText(Struct, frozen=True):
    """Replace a stretch of a text in an output; `part` is the span's part, e.g. `outputs/0/text`."""

    cell: int
    part: str
    start: Position
    end: Position
    text: str


class SetMetadata(Struct, frozen=True):
    """Set (or, with value None, remove) a metadata entry of a cell, or of the notebook when `cell` is None."""

    cell: int | None
    keys: tuple[str, ...]
    value: Any


class SetCellId(Struct, frozen=True):
    """Give a cell another id."""

    cell: int
    id: str


class SetFormat(Struct, frozen=True):
    """Call the notebook one of another minor version of nbformat 4."""

    minor: int


class AddParts(Struct, frozen=True):
    """Put parts that nbformat asks for, empty, where a cell lacks them, or the notebook when `cell` is None."""

    cell: int | None
    parts: tuple[str, ...]


Edit: TypeAlias = (
    ReplaceText
    | ReplaceCell
    | InsertCell
    | DeleteCell
    | MoveCell
    | ClearOutput
    | ReplaceOutputText
    | SetMetadata
    | SetCellId
    | SetFormat
    | AddParts
)


class Fix(Struct, frozen=True):
    """What would mend a finding, as one whole: all of its edits or none."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE


class CellRef(Struct, frozen=True):
    """How people and tools name a cell: index in the document, id, and the In[n] they remember."""

    index: int
    id: str
    execution_count: int | None

    @classmethod
    def of(cls, cell: Cell) -> CellRef:
        """The reference to a cell."""
        return cls(cell.index, cell.id, cell.execution_count)


class Related(Struct, frozen=True):
    """Another place that takes part in a finding."""

    message: str
    span: Span
    cell: CellRef | None = None


class Finding(Struct, frozen=True):
    """One thing to say to a person.

    `message` names the thing, then the harm, then the way out; it never carries a secret or a personal value.
    `rule` is the slug, which reads well after "allow". `fingerprint` survives re-execution and moved cells.
    `baseline_key` is what a baseline knows it by: the same for equal findings, "" for one that cannot be accepted.
    `data` is for machines (JSON values only): what a door may show beside the message.
    """

    code: str
    rule: str
    severity: Severity
    message: str
    path: str
    confidence: Confidence = Confidence.HIGH
    span: Span | None = None
    cell: CellRef | None = None
    fingerprint: str = ""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    baseline_key: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, int, int, str]:
        """Path, then document order, then code."""
        if self.span is None:
            return (self.path, -1, "", 0, 0, self.code)
        cell = -1 if self.span.cell is None else self.span.cell
        return (self.path, cell, self.span.part, self.span.start.line, self.span.start.column, self.code)


class Report(Struct, frozen=True):
    """What a run has to say: findings in reading order, how many were suppressed, how many notebooks were read, how
    many more findings the baseline knows, and the paths that were read where whoever made the report tells them."""

    findings: tuple[Finding, ...] = ()
    suppressed: int = 0
    notebooks: int = 0
    baselined: int = 0
    paths: tuple[str, ...] = ()

    def at_or_above(self, threshold: Severity) -> tuple[Finding, ...]:
        """The findings that count against the threshold."""
        return tuple(f for f in self.findings if f.severity.rank >= threshold.rank)
