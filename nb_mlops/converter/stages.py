"""Where a notebook is cut into stages: the author's directives, then the headings, then where few names cross."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nb_mlops.analysis.flow import CellFlow
from nb_mlops.converter.titles import Heading, directive, headings
from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.core.value import replace

SKIP, STAGE = "skip", "stage:"
_COMMENT = re.compile(r"\A\s*#\s*nbm:\s*stage\s*=\s*([\w -]+)")
_LONGEST_TITLE = 80
_LENGTH = 5  # code cells that a stage without headings aims at


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive cells that become one stage. `asked` is the name a directive gave; `subtitles` are deeper headings
    by the index of the code cell that follows them."""

    title: str
    prose: str
    cells: tuple[int, ...]
    asked: str = ""
    subtitles: Mapping[int, str] | None = None


def segments(notebook: Notebook, code: Sequence[int], flows: Mapping[int, CellFlow]) -> tuple[Segment, ...]:
    """Cut the code cells `code` (document indices) into segments, in document order; each has at least one cell."""
    by_heading = _by_headings(notebook, frozenset(code))
    if len(by_heading) < 2 and not any(s.asked for s in by_heading):
        by_heading = _by_boundaries(by_heading, flows)
    return tuple(by_heading)


def own_title(notebook: Notebook) -> str:
    """The heading above all others of the first cell that has one; "" where the first headings are those of stages."""
    level = _stage_level(notebook)
    inside = (h for cell in notebook.cells if cell.kind is CellKind.MARKDOWN for h in headings(cell.source))
    first = next(inside, None)
    alone = first is not None and (first.level < level or not level)
    return first.text if first is not None and alone and len(first.text) <= _LONGEST_TITLE else ""


def _stage_level(notebook: Notebook) -> int:
    """The shallowest heading level that occurs twice; 0 when there is none."""
    counts = Counter(
        h.level for cell in notebook.cells if cell.kind is CellKind.MARKDOWN for h in headings(cell.source)
    )
    return min((level for level, count in counts.items() if count > 1), default=0)


def _by_headings(notebook: Notebook, code: frozenset[int]) -> list[Segment]:
    level = _stage_level(notebook)
    found = [_Open("", "")]
    for cell in notebook.cells:
        if cell.kind is CellKind.MARKDOWN:
            _markdown(cell, level, found)
        elif cell.index in code:
            _code(cell, found)
    return [s.segment() for s in found if s.cells]


@dataclass(slots=True)
class _Open:
    """A segment that is still growing."""

    title: str
    prose: str
    asked: str = ""
    tagged: bool = False
    cells: tuple[int, ...] = ()
    pending: str = ""
    subtitles: dict[int, str] | None = None

    def segment(self) -> Segment:
        return Segment(self.title, self.prose, self.cells, self.asked, self.subtitles)


def _markdown(cell: Cell, level: int, found: list[_Open]) -> None:
    asked = directive(cell.source)
    inside = headings(cell.source)
    if asked:
        first = inside[0] if inside else Heading(1, asked)
        found.append(_Open(first.text, first.prose, asked))
        return
    for heading in inside:
        if level and heading.level < level and len(found) == 1 and not found[0].cells:
            continue  # the notebook's own title
        if level and heading.level <= level:
            found.append(_Open(heading.text, heading.prose))
        else:
            found[-1].pending = heading.text


def _code(cell: Cell, found: list[_Open]) -> None:
    tag = next((t[len(STAGE) :].strip() for t in cell.tags if t.startswith(STAGE)), "")
    comment = _COMMENT.match(cell.source)
    current = found[-1]
    if tag and not (current.tagged and current.asked == tag):
        found.append(_Open(tag, "", tag, tagged=True))
    elif comment and current.asked != comment[1].strip():
        found.append(_Open(comment[1].strip(), "", comment[1].strip()))
    elif current.tagged and not tag:
        before = found[-2] if len(found) > 1 else current
        found.append(_Open(before.title, "", ""))
    current = found[-1]
    if current.pending:
        current.subtitles = {**(current.subtitles or {}), cell.index: current.pending}
        current.pending = ""
    current.cells += (cell.index,)


def _by_boundaries(whole: list[Segment], flows: Mapping[int, CellFlow]) -> list[Segment]:
    """Contiguous groups of about `_LENGTH` cells, cut where the fewest names cross."""
    cells = [index for segment in whole for index in segment.cells]
    if len(cells) <= _LENGTH + 2:
        return whole
    crossing = _crossings(cells, flows)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(cells) + 1):
        options = [
            (best[start][0] + crossing[start] + 0.5 * abs(end - start - _LENGTH), start)
            for start in range(max(0, end - 3 * _LENGTH), end)
        ]
        best.append(min(options))
    cuts = [len(cells)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    cuts.reverse()
    first = whole[0]
    subtitles = first.subtitles or {}
    groups = [tuple(cells[a:b]) for a, b in pairwise(cuts)]
    return [replace(first, title="", prose="", cells=group, subtitles=_within(subtitles, group)) for group in groups]


def _within(subtitles: Mapping[int, str], group: tuple[int, ...]) -> dict[int, str]:
    return {index: text for index, text in subtitles.items() if index in group}


def _crossings(cells: Sequence[int], flows: Mapping[int, CellFlow]) -> list[int]:
    """For a cut before each cell: how many names bound above it are read below it."""
    counts = []
    for cut in range(len(cells)):
        above = {name for index in cells[:cut] for name in flows[index].binds - flows[index].imports}
        below = {name for index in cells[cut:] for name in flows[index].uses}
        counts.append(len(above & below))
    return counts
