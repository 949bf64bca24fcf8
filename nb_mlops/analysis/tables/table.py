"""A table as it stands in a notebook: columns of values, each with its place, whatever form it is shown in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

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


class Item(Struct, frozen=True):
    """One value. It stands at `text[start:end]` of its part; `start` is -1 where it is no text that can be replaced."""

    value: str
    part: str
    start: int
    end: int
    row: int


class Column(Struct, frozen=True):
    """A column's name ("" when it has none) and its values, empty ones left out."""

    name: str
    items: tuple[Item, ...]


class Table(Struct, frozen=True):
    """One table: where it stands, its columns, how many rows it shows, and where each row that may go begins and ends.

    `part` is a span's part and `mime` its mime type; `rows` counts all rows of data; `lines` are the stretches of the
    part's text that hold one row each, so that rows can be taken out, empty where they cannot; `texts` are the texts
    of the parts that items stand in.
    """

    cell: int
    output: int | None
    part: str
    mime: str
    form: Form
    columns: tuple[Column, ...]
    rows: int
    start: int = 0
    lines: tuple[tuple[int, int], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
