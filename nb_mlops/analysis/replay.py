"""Two replays of a notebook: in document order, as Restart & Run All would, and in the order its counts record.

Both run the same facts (flow) over the same cells; what differs is which cell's definition a read saw. Where they
differ, the file shows a result that a clean run does not give.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from nb_mlops.analysis.flow import CellFlow, Certainty, Use
from nb_mlops.core.notebook import Cell, Notebook
from nb_mlops.core.value import Struct, replace

# More often than this on average nobody runs a cell again before going on.
_MOST_RUNS = 25
# Nor is a value followed that more cells than these may have made or changed.
_MOST_BEHIND = 300


class Version(Struct, frozen=True, gc=False):
    """What a name holds at a point of a replay.

    `definitions` are the cells one of which bound it last (none: it is not defined), `changes` the cells that changed
    the object in place since, in order. `deleted_by` is the cell that unbound it. `unknown` is set when a cell whose
    bindings cannot be listed (star import, `%run`) ran since, so that it may be something else altogether.
    """

    definitions: frozenset[int] = frozenset()
    changes: tuple[int, ...] = ()
    deleted_by: int | None = None
    unknown: bool = False

    @property
    def cell(self) -> int | None:
        """The one cell that surely bound it last, if there is one."""
        return next(iter(self.definitions)) if len(self.definitions) == 1 and not self.unknown else None


_ABSENT = Version()
_NOWHERE: Mapping[str, Version] = {}


class Replay(Struct, frozen=True):
    """The cells in the order they run, and the version that each upward-exposed read of each cell sees."""

    order: tuple[int, ...]
    seen: Mapping[int, Mapping[str, Version]]

    def version(self, cell: int, name: str) -> Version:
        """The version of `name` that `cell` reads; an empty one when the replay does not run the cell."""
        return self.seen.get(cell, _NOWHERE).get(name, _ABSENT)


class Recorded(Struct, frozen=True):
    """What the execution counts say of the session the file was saved from.

    `counts` are those of the cells that ran, `ran` the same in order, each once. `repeated` are counts that stand on
    several cells with different sources: outputs of more than one session, so that no single order is recorded.
    """

    counts: Mapping[int, int]
    repeated: frozenset[int]
    ran: tuple[int, ...]

    @property
    def mixed(self) -> bool:
        """Whether several counts stand twice: more than one cell split in two, so the sessions were several."""
        return len(self.repeated) > 1

    def lost_between(self, first: int, last: int) -> int:
        """How many runs between two counts left no trace: a later run, an edit or a deletion has wiped them out."""
        kept = bisect_left(self.ran, last) - bisect_right(self.ran, first)
        return max(last - first - 1, 0) - max(kept, 0)

    def tells_apart(self, reader: int, clean: int, seen: int) -> bool:
        """Whether the counts order these three cells at all: they ran, and no count stands twice in the notebook.

        Where one does, counts come from several sessions, and even unlike ones cannot be compared.
        """
        return not self.repeated and all(cell in self.counts for cell in (reader, clean, seen))

    def one_session(self, first: int, last: int) -> bool:
        """Whether the counts from `first` to `last` look like one session of the kernel.

        Every lost run was one of a cell that ran again later, or is gone. Hundreds of them before the last few cells
        are more than anybody runs a cell: the kernel was restarted, and these are left from before.
        """
        ran = self.ran
        return not any(
            first <= one < other <= last and other - one - 1 > _MOST_RUNS * (len(ran) - at)
            for at, (one, other) in enumerate(pairwise(ran), start=1)
        )

    def proves(self, reader: int, clean: int, seen: int) -> bool:
        """Whether `reader` read what `seen` bound and cannot have read what `clean` bound.

        `clean` ran last either before `seen`, or after `reader`; in that second case it may also have run between the
        two, unless no run between them is lost.
        """
        if not self.tells_apart(reader, clean, seen):
            return False
        counts = self.counts
        return counts[clean] < counts[seen] or self.lost_between(counts[seen], counts[reader]) == 0


class Replays(Struct, frozen=True):
    """Both replays and what the counts say."""

    document: Replay
    recorded: Replay
    session: Recorded


def replays(notebook: Notebook, flows: Mapping[int, CellFlow]) -> Replays:
    """Both replays of a notebook."""
    cells = notebook.code_cells
    ran = _ran(cells)
    document = _document(cells, flows)
    return Replays(document, _recorded(cells, ran, flows, document), _session(ran))


def document_order(notebook: Notebook, flows: Mapping[int, CellFlow]) -> Replay:
    """Every code cell, top to bottom."""
    return _document(notebook.code_cells, flows)


def _document(cells: Sequence[Cell], flows: Mapping[int, CellFlow]) -> Replay:
    return _replay([cell.index for cell in cells], flows, frozenset())


def recorded_order(notebook: Notebook, flows: Mapping[int, CellFlow]) -> Replay:
    """The cells that bear a count, in the order of their counts; equal counts in document order.

    A cell that stored an error ran in part: what it binds may or may not be bound.
    """
    cells = notebook.code_cells
    return _recorded(cells, _ran(cells), flows)


def _recorded(
    cells: Sequence[Cell], ran: Sequence[Cell], flows: Mapping[int, CellFlow], document: Replay | None = None
) -> Replay:
    """Where the counts tell of the very run that `document` is, the two see the very same."""
    ran = sorted(ran, key=lambda cell: (cell.execution_count or 0, cell.index))
    order, partly = [cell.index for cell in ran], frozenset([cell.index for cell in ran if stored_error(cell)])
    if document is not None and not partly and order == [cell.index for cell in cells if cell.source.strip()]:
        return Replay(tuple(order), document.seen)
    return _replay(order, flows, partly)


class Unmet(Struct, frozen=True):
    """A read that surely happens and that no cell above meets; `version` says whether a cell has deleted the name."""

    cell: int
    name: str
    use: Use
    version: Version


def unmet(document: Replay, flows: Mapping[int, CellFlow]) -> tuple[Unmet, ...]:
    """The reads of names that are not defined when a clean run reaches them, cells in document order."""
    return tuple(
        [
            Unmet(cell, name, flows[cell].uses[name], version)
            for cell in document.order
            if not flows[cell].wildcard
            for name, version in document.seen[cell].items()
            if not version.definitions and not version.unknown and _is_sure(flows[cell].uses[name])
        ]
    )


def _is_sure(use: Use) -> bool:
    return not use.soft and use.certainty is not Certainty.POSSIBLE


def session(notebook: Notebook) -> Recorded:
    """What the counts say. Empty cells take no count, so theirs are left out; a pasted copy keeps its original's."""
    return _session(_ran(notebook.code_cells))


def _session(ran: Sequence[Cell]) -> Recorded:
    sources: dict[int, set[str]] = {}
    for cell in ran:
        sources.setdefault(cell.execution_count or 0, set()).add(cell.source.strip())
    repeated = frozenset(count for count, texts in sources.items() if len(texts) > 1)
    counts = {cell.index: cell.execution_count or 0 for cell in ran}
    return Recorded(counts, repeated, tuple(sorted(set(counts.values()))))


def _ran(cells: Sequence[Cell]) -> list[Cell]:
    """The cells that a kernel has counted, which begins with 1: tools write 0 for what they do not know."""
    return [cell for cell in cells if cell.execution_count and cell.source.strip()]


def stored_error(cell: Cell) -> bool:
    """Whether the cell's last run ended in an exception that is stored in the file."""
    return cell.stored.failed


def _replay(order: Iterable[int], flows: Mapping[int, CellFlow], partly: frozenset[int]) -> Replay:
    """Run the facts in an order; cells in `partly` may have stopped anywhere."""
    now: dict[str, Version] = {}
    seen: dict[int, Mapping[str, Version]] = {}
    unlisted = False
    done: list[int] = []
    for index in order:
        flow = flows.get(index)
        if flow is None:
            continue
        done.append(index)
        absent = Version(unknown=True) if unlisted else _ABSENT
        seen[index] = {name: now.get(name, absent) for name in flow.uses}
        unlisted = _step(now, flow, absent, index in partly)
    return Replay(tuple(done), seen)


def _is_beyond(version: Version) -> bool:
    """Whether so many cells stand behind a value that nobody can follow it."""
    return len(version.changes) + len(version.definitions) > _MOST_BEHIND


def _step(now: dict[str, Version], flow: CellFlow, absent: Version, partly: bool) -> bool:
    """One cell runs; whether names that are not in `now` may exist afterwards."""
    unlisted = absent.unknown
    if flow.clears:
        now.clear()
        unlisted = False
    if flow.wildcard:
        unlisted = True
        for name, version in now.items():
            now[name] = replace(version, unknown=True)
    here = frozenset((flow.cell,))
    for name in flow.mutates:
        if name in now:
            known = now[name]
            beyond = _is_beyond(known)
            changes = () if beyond else (*known.changes, flow.cell)
            now[name] = replace(known, changes=changes, unknown=known.unknown or beyond)
    for name in flow.binds if partly else flow.may:
        old = now.get(name, absent)
        if _is_beyond(old):
            old = Version(unknown=True)
        now[name] = Version(old.definitions | here, old.changes, old.deleted_by, old.unknown)
    if not partly:
        now.update(dict.fromkeys(flow.must, Version(here)))
    for name in flow.deletes:
        now[name] = Version(deleted_by=flow.cell)
    return unlisted
