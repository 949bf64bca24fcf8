"""A notebook as values: what was read from the file, in the field's own words (nbformat 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from nb_mlops.core.value import Struct, field


class CellKind(str, Enum):
    """What a cell is. A type that nbformat does not know is kept, written back, and called UNKNOWN."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"
    UNKNOWN = "unknown"


class OutputKind(str, Enum):
    """What an output is."""

    STREAM = "stream"
    DISPLAY_DATA = "display_data"
    EXECUTE_RESULT = "execute_result"
    ERROR = "error"
    UNKNOWN = "unknown"


class Position(Struct, frozen=True, order=True):
    """A place in a text: `line` counts from 1, `column` from 0 in characters (not bytes)."""

    line: int
    column: int


class Span(Struct, frozen=True, gc=False):
    """A stretch of one part of a notebook.

    `cell` is the index in document order, or None for the notebook itself. `part` is a JSON pointer without its
    leading slash, relative to the cell (or notebook): `source`, `outputs/0/text`, `outputs/2/data/text~1html`,
    `metadata/papermill/input_path`. Positions count in the text of that part, list sources and streams joined.
    """

    cell: int | None
    part: str
    start: Position
    end: Position


class Oddity(Struct, frozen=True):
    """A part that is not as nbformat 4 has it.

    `part` is a JSON pointer as in a Span, relative to what it is a part of, "" for the whole. `found` and `wanted` name
    in JSON's words what stands there ("nothing", "null", "a list") and what belongs there. `opens` says whether Jupyter
    opens the file all the same.
    """

    part: str
    found: str
    wanted: str
    opens: bool = True


class ErrorValue(Struct, frozen=True):
    """A stored exception; the traceback's lines still carry their ANSI colours."""

    name: str
    value: str
    traceback: tuple[str, ...]


class Output(Struct, frozen=True):
    """One output of a code cell.

    `data` maps a mime type to its text (list forms joined) or to its JSON value; `text` is a stream's text and
    `stream` its name; `size` is what the output weighs in the file, in bytes. `odd` is what the file has otherwise than
    nbformat.
    """

    kind: OutputKind
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    stream: str = ""
    error: ErrorValue | None = None
    execution_count: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    odd: tuple[Oddity, ...] = ()


class Head(Struct, frozen=True, gc=False):
    """What an output is, without what it shows; the names are those of Output. `fits` is set where nothing about the
    output is odd; else it may be."""

    kind: OutputKind
    stream: str = ""
    execution_count: int | None = None
    fits: bool = False


_Raw = bytes | memoryview


class StoredOutputs:
    """A cell's outputs, decoded when someone first looks.

    Outputs are four fifths of the bytes of real notebooks and most rules never ask for them, so the reader hands
    in the raw bytes and two decoders: one for all of them, and one for their heads alone, which takes a quarter of the
    time; it may say None where it cannot tell. Equality is equality of what they decode to.
    """

    __slots__ = ("_decode", "_failed", "_glance", "_heads", "_outputs", "_raw")

    def __init__(
        self,
        raw: _Raw,
        decode: Callable[[_Raw], tuple[Output, ...]],
        glance: Callable[[_Raw], tuple[Head, ...] | None] = lambda _: None,
    ) -> None:
        self._raw = raw
        self._decode = decode
        self._glance = glance
        self._outputs: tuple[Output, ...] | None = None
        self._heads: tuple[Head, ...] | None = None
        self._failed: bool | None = None

    @classmethod
    def of(cls, outputs: tuple[Output, ...]) -> StoredOutputs:
        """Outputs that were made, not read: there are no bytes behind them."""
        stored = cls(b"", lambda _: outputs)
        stored._outputs = outputs
        return stored

    @property
    def raw(self) -> bytes:
        """The bytes in the file, b"" where there are none; taken from the file's each time, not held a second time."""
        return bytes(self._raw)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._raw)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The decoded outputs."""
        if self._outputs is None:
            self._outputs = self._decode(self._raw)
        return self._outputs

    @property
    def heads(self) -> tuple[Head, ...]:
        """What the outputs are, one by one."""
        if self._heads is None:
            self._heads = self._glance(self._raw) if self._outputs is None else None
            if self._heads is None:
                outputs = self.outputs
                self._heads = tuple([Head(one.kind, one.stream, one.execution_count, not one.odd) for one in outputs])
        return self._heads

    @property
    def failed(self) -> bool:
        """Whether one of the outputs is an exception."""
        if self._failed is None:
            self._failed = any(head.kind is OutputKind.ERROR for head in self.heads)
        return self._failed

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredOutputs):
            return NotImplemented
        return self is other or (bool(self.size) and self._raw == other._raw) or self.outputs == other.outputs

    def __hash__(self) -> int:
        return hash(len(self.outputs))

    def __repr__(self) -> str:
        seen = "not yet decoded" if self._outputs is None else f"{len(self._outputs)} outputs"
        return f"<StoredOutputs: {self.size} bytes, {seen}>"


NO_OUTPUTS = StoredOutputs.of(())


class Cell(Struct, frozen=True):
    """One cell. `id` is the file's own id, or "" when it has none; `source` is joined text.

    `origin` is the index the cell had in the file it was read from, None for a cell that a fix inserted: the writer
    finds the original bytes by it. `odd` is what the file has otherwise than nbformat, outputs apart.
    """

    index: int
    kind: CellKind
    source: str
    id: str = ""
    stored: StoredOutputs = NO_OUTPUTS
    execution_count: int | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    origin: int | None = None
    odd: tuple[Oddity, ...] = ()

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The cell's outputs, decoded on first use."""
        return self.stored.outputs

    @property
    def is_code(self) -> bool:
        """Whether a kernel would run this cell."""
        return self.kind is CellKind.CODE


# What a kernel names as its lexer where its language is Python. (Coconut, which is not, names its own.)
_LEXERS = frozenset({"python", "python2", "python3", "ipython", "ipython2", "ipython3"})


class Notebook(Struct, frozen=True):
    """A notebook read from a file.

    `path` is posix text as the user would write it, relative to the project where possible. `raw` are the bytes it
    was read from (empty for one made in memory), kept so that writing changes only what was changed. `upgraded_from`
    is the original nbformat version when the cells came through nbformat's upgrade; such a file is not written back.
    `odd` is what the file has otherwise than nbformat, cells apart.
    """

    path: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    nbformat: tuple[int, int] = (4, 5)
    raw: bytes = b""
    upgraded_from: int | None = None
    odd: tuple[Oddity, ...] = ()

    @property
    def code_cells(self) -> tuple[Cell, ...]:
        """Code cells in document order."""
        return tuple([cell for cell in self.cells if cell.kind is CellKind.CODE])

    @property
    def language(self) -> str:
        """The language of the code cells, lower case: what the file says, else `python`.

        Kernels that run Python elsewhere call their language by a name of their own (`pyspark`, `Python_Glue_Session`),
        and colour it as Python. Databricks says it in an entry of its own.
        """
        info = self.metadata.get("language_info")
        lexer = info.get("pygments_lexer") if isinstance(info, Mapping) else None
        if isinstance(lexer, str) and lexer in _LEXERS and isinstance(info, Mapping) and info.get("name"):
            return "python"
        for section, key in (("language_info", "name"), ("kernelspec", "language")):
            part = self.metadata.get(section)
            if isinstance(part, Mapping) and isinstance(part.get(key), str) and part[key]:
                return str(part[key]).lower()
        databricks = self.metadata.get("application/vnd.databricks.v1+notebook")
        if isinstance(databricks, Mapping) and isinstance(databricks.get("language"), str) and databricks["language"]:
            return str(databricks["language"]).lower()
        spec = self.metadata.get("kernelspec")
        name = spec.get("name") if isinstance(spec, Mapping) else None
        if isinstance(name, str) and name and "python" not in name.lower():
            known = {"ir": "r", "xcpp17": "c++", "iruby": "ruby", "javascript": "javascript", ".net-csharp": "c#"}
            lowered = name.lower()
            return known.get(lowered, "julia" if lowered.startswith("julia") else "python")
        return "python"

    @property
    def is_python(self) -> bool:
        """Whether the Python rules apply."""
        return self.language in {"python", "ipython", "python3", "python2"}


class Unreadable(Struct, frozen=True):
    """A file that is not a notebook: what it is, said so that its owner knows what to do.

    `reason` is one stable word for rules and tests (`empty`, `not-json`, `html-page`, `merge-conflict`, `not-utf8`,
    `not-a-notebook`, `truncated`, `binary`, `too-deep`, `git-lfs-pointer`, `too-new`, `upgrade-failed`, `missing`,
    `no-permission`, `too-large`); `detail` is a sentence; `position` is where in the file, when known.
    """

    path: str
    reason: str
    detail: str
    position: Position | None = None
