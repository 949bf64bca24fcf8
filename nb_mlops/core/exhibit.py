"""What a report shows beside its findings: where they stand in the file, what a fix writes there, how cells depend on
each other, and what the cells of two runs showed."""

from __future__ import annotations

from collections.abc import Mapping

from nb_mlops.core.graph import Graph
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
    graphs: Mapping[str, Graph] = field(default_factory=dict)
    rules: tuple[RuleNote, ...] = ()
    fail_on: str = "warning"
    title: str = ""
    notes: tuple[str, ...] = ()


class Picture(Struct, frozen=True):
    """A picture: its mime type and its bytes in base64."""

    mime: str
    data: str


class Side(Struct, frozen=True):
    """What a cell showed once, fit to be shown again: lines of text, and its pictures. `name` says when it was."""

    name: str
    lines: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


class Parting(Struct, frozen=True):
    """A cell that showed one thing and then another: where they part, in words, both sides, and of each pair of
    pictures one that shows what changed in it (None where that cannot be told). `title` is what the cell is called."""

    cell: int
    title: str
    difference: str
    sides: tuple[Side, Side]
    changes: tuple[Picture | None, ...] = ()


class CheckExhibits(Struct, frozen=True):
    """What the page of a check shows beside its report: cells in which runs part, cells that show something else than
    when they were saved, what each code cell is called, and where the executed notebook lies ("" for nowhere)."""

    parted: tuple[Parting, ...] = ()
    aged: tuple[Parting, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
    executed: str = ""
