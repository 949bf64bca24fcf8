"""What a report shows beside its findings: where they stand in the file, what a fix writes there, and how cells depend
on each other."""

from __future__ import annotations

from collections.abc import Mapping

from nb_mlops.core.value import Struct, field


class Region(Struct, frozen=True):
    """A stretch of a notebook's file as an editor shows it: lines and columns from 1, the end just after the last
    character. Columns count characters."""

    line: int
    column: int
    end_line: int
    end_column: int


class Replacement(Struct, frozen=True):
    """A stretch of a file and what is to stand there instead."""

    region: Region
    text: str


class CellNode(Struct, frozen=True):
    """A code cell of a graph: its document index, its count, and its first line, fit to be shown."""

    index: int
    count: int | None
    title: str


class CellLink(Struct, frozen=True):
    """`reader` reads these names as `source` left them: in a clean run, in the session the file was saved from, or in
    both."""

    source: int
    reader: int
    names: tuple[str, ...]
    clean: bool
    recorded: bool


class CellGraph(Struct, frozen=True):
    """The code cells of a notebook in document order, who reads what from whom, and the cells in the order they ran."""

    nodes: tuple[CellNode, ...] = ()
    links: tuple[CellLink, ...] = ()
    ran: tuple[int, ...] = ()


class RuleNote(Struct, frozen=True):
    """What a report says of a rule: `page` is its documentation in Markdown, `url` a page elsewhere ("" for none)."""

    code: str
    slug: str
    severity: str
    summary: str
    page: str
    url: str = ""


class Exhibits(Struct, frozen=True):
    """What goes with a Report. `regions` and `patches` stand beside its findings, one each, or are empty when nobody
    asked; a patch is empty where there is no safe fix, or none that may be shown. `notes` are about the whole."""

    regions: tuple[Region | None, ...] = ()
    patches: tuple[tuple[Replacement, ...], ...] = ()
    graphs: Mapping[str, CellGraph] = field(default_factory=dict)
    rules: tuple[RuleNote, ...] = ()
    fail_on: str = "warning"
    title: str = ""
    notes: tuple[str, ...] = ()
