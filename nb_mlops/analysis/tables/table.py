"""A table as it stands in a notebook: columns of values, each with its place, whatever form it is shown in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import islice

from nb_mlops.core.value import Struct, field

# So many rows are read closely; beyond that a column has told what it is. All are counted.
MOST_ROWS = 200


class Form(str, Enum):
    """How a table is written down."""

    HTML = "HTML table"
    TEXT = "printed table"
    DELIMITED = "printed CSV"
    JSON = "data behind a plot or viewer"
    CODE = "data in the code"
    MARKDOWN = "table in the text"


class Item(Struct, frozen=True, gc=False):
    """One value. It stands at `text[start:end]` of its part; `start` is -1 where it is no text that can be replaced."""

    value: str
    part: str
    start: int
    end: int
    row: int


class Column:
    """A column's name ("" when it has none) and its values, empty ones left out.

    Most columns tell by their first values that they are of no interest to anybody, so the values are made one by one
    as they are asked for.
    """

    __slots__ = ("_all", "_made", "_more", "name")

    def __init__(self, name: str, items: Iterable[Item]) -> None:
        self.name = name
        self._made: list[Item] = []
        self._more = iter(items)
        self._all: tuple[Item, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Column) and self.name == other.name and self.items == other.items

    __hash__ = None  # type: ignore[assignment]

    def first(self, count: int) -> Sequence[Item]:
        """The first of its values, no more than `count` of them."""
        if len(self._made) < count:
            self._made += islice(self._more, count - len(self._made))
        return self._made[:count]

    @property
    def items(self) -> tuple[Item, ...]:
        """All of them."""
        if self._all is None:
            self._all = (*self._made, *self._more)
            self._made = list(self._all)
        return self._all


class Lines(Struct, frozen=True):
    """Rows of a table as stretches of its text, one after another, so that they can be taken out; none where they
    cannot. Of a long table only the first are noted one by one."""

    first: tuple[tuple[int, int], ...] = ()
    count: int = 0
    end: int = 0

    @classmethod
    def of(cls, first: Sequence[tuple[int, int]], count: int, end: int) -> Lines:
        """`count` rows that begin with these, the last of which ends at `end`."""
        return cls(tuple(first[:MOST_ROWS]), count, end)


NO_LINES = Lines()


class Table(Struct, frozen=True):
    """One table: where it stands, its columns, how many rows it shows, and where those that may go begin and end.

    `part` is a span's part and `mime` its mime type; `rows` counts all rows of data; `texts` are the texts of the parts
    that items stand in.
    """

    cell: int
    output: int | None
    part: str
    mime: str
    form: Form
    columns: tuple[Column, ...]
    rows: int
    start: int = 0
    lines: Lines = NO_LINES
    texts: Mapping[str, str] = field(default_factory=dict)
