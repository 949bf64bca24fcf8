"""Saved results that a clean run may not give, gathered by what is to blame: a cell, and what it did to names.

The counts keep only the last run of each cell. Where they show that a cell read another definition than a clean run
reads, that is proven; where a cell above ran last after its reader, it may have been run again as it was, or edited
first, and only what is shown on paper can tell (shown.py). What is computed from a result in doubt is in doubt too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cached_property

from nb_mlops.analysis.flow import CellFlow, Certainty
from nb_mlops.analysis.replay import Replays, Version
from nb_mlops.core.value import Struct


class Kind(str, Enum):
    """What a cell did to put saved results in doubt."""

    MISSING = "missing"  # it reads a name that a clean run does not find
    FAILED = "failed"  # its last run ended at a missing name, before it had bound what others read
    AHEAD = "ahead"  # it set or changed a name before others read it, and a clean run comes to it otherwise
    LATER = "later"  # it ran last after cells below it that read what it sets or changes
    WIPED = "wiped"  # it set a name anew after cells below it had changed the object, and they were not run again
    NEVER_RAN = "never-ran"  # it bears no count, and cells that do read what it sets or changes


class How(str, Enum):
    """How a saved result hangs on a cause."""

    READS = "reads"  # it reads the name itself
    UNREACHED = "unreached"  # it reads what a cell would have bound after the point where a clean run stops
    FOLLOWS = "follows"  # it reads what was computed from it


class Affected(Struct, frozen=True):
    """One saved result in doubt: the cell, the `name` through which the doubt comes, and whether it is proven.

    Where two definitions compete, `read` is the cell whose definition was read and `clean` the one a clean run gives;
    where a change in place was wiped out, `clean` is the cell that makes it.
    `sure` is whether the read itself surely happens.
    """

    cell: int
    name: str
    how: How
    proven: bool = False
    sure: bool = True
    read: int | None = None
    clean: int | None = None


class Cause(Struct, frozen=True):
    """What one cell has done. `readers` are the reads that it concerns directly, one entry a cell and name; `affected`
    all that is in doubt, one entry a cell, in document order. `name` is what is missing, else ""."""

    kind: Kind
    cell: int
    readers: tuple[Affected, ...]
    affected: tuple[Affected, ...]
    name: str = ""


class Knowledge(Struct, frozen=True):
    """What the search asks about names and cells, worked out only when asked.

    given(name): the kernel has it without any cell binding it. same(name, one, other): both cells bind it alike.
    apart(name, reader, writer): the reader does not look at the parts that the writer changes. surely(writer, name):
    the writer changes the object whenever it runs. failed(cell): its last run ended in an exception; stopped_at(cell):
    the line that raised it, where the file tells; lacked(cell, name): it was a NameError for this name.
    made_of(cell, name): the incoming names that what the cell makes of `name` is made of. shown(name, reader, writer):
    what saved output tells of the value that was read beside the one the writer gives now: True the same, False
    another one, None nothing.
    """

    given: Callable[[str], bool]
    same: Callable[[str, int, int], bool]
    apart: Callable[[str, int, int], bool]
    surely: Callable[[int, str], bool]
    failed: Callable[[int], bool]
    stopped_at: Callable[[int], int | None]
    lacked: Callable[[int, str], bool]
    made_of: Callable[[int, str], frozenset[str]]
    shown: Callable[[str, int, int], bool | None]


def causes(flows: Mapping[int, CellFlow], replays: Replays, knowledge: Knowledge) -> tuple[Cause, ...]:
    """Everything that puts saved results in doubt, by cell."""
    search = _Search(flows, replays, knowledge)
    found: dict[tuple[Kind, int, str], list[Affected]] = {}
    for key, reader in search.direct():
        found.setdefault(key, []).append(reader)
    return tuple(
        Cause(kind, cell, tuple(readers), search.spread(kind, readers), name)
        for (kind, cell, name), readers in sorted(found.items(), key=lambda item: (item[0][1], item[0][0], item[0][2]))
    )


class _Read(Struct, frozen=True):
    """A read of a cell: what a clean run gives it, what the recorded run gave it, and the cells behind each."""

    cell: int
    name: str
    clean: Version
    seen: Version
    behind_clean: frozenset[int]
    behind_seen: frozenset[int]


_NONE: frozenset[int] = frozenset()
# So far the causes of a notebook are followed, all of them together. What a cause puts in doubt is told in a few words,
# and of a thousand cells in a wild order each is in doubt for each before it.
_MOST_STEPS = 50_000


class _Search:
    """Finds causes, and follows each through the cells that build on it."""

    def __init__(self, flows: Mapping[int, CellFlow], replays: Replays, knowledge: Knowledge) -> None:
        self.flows = flows
        self.document, self.recorded, self.session = replays.document, replays.recorded, replays.session
        self.ask = knowledge
        self.counts = self.session.counts
        self.steps = _MOST_STEPS
        self.by_writer: dict[tuple[int, str], list[_Read]] | None = None

    @cached_property
    def reads(self) -> Mapping[int, list[_Read]]:
        """What the cells that ran read, by cell."""
        return {cell: list(self._reads(cell)) for cell in self.counts if cell in self.flows}

    def direct(self) -> Iterator[tuple[tuple[Kind, int, str], Affected]]:
        """Every cell that reads something otherwise than a clean run does, with what is to blame."""
        yield from self._missing()
        if self.recorded.seen is self.document.seen:  # the counts tell of a clean run
            return
        yield from self._failed()
        for reads in self.reads.values():
            for read in reads:
                for kind, cell in self._blame(read):
                    told = self._told(read, kind, cell)
                    if told is not None:
                        yield (kind, cell, ""), told

    def _missing(self) -> Iterator[tuple[tuple[Kind, int, str], Affected]]:
        first: dict[str, int] = {}
        for cell in self.document.order:
            for name, version in self.document.seen[cell].items():
                if version.definitions or version.unknown or self.flows[cell].wildcard:
                    continue
                use = self.flows[cell].uses[name]
                if use.certainty is not Certainty.POSSIBLE and not use.soft and not self.ask.given(name):
                    where = first.setdefault(name, cell)
                    if cell in self.counts and not self.ask.failed(cell):
                        yield (Kind.MISSING, where, name), Affected(cell, name, How.READS, proven=True)

    def _failed(self) -> Iterator[tuple[tuple[Kind, int, str], Affected]]:
        """Cells that went well and read what a clean run lacks: its only maker's last run stopped at a missing name."""
        for reads in self.reads.values():
            for read in reads:
                writer = read.clean.cell
                if writer is None or not self._fails_again(writer) or not self._not_reached(writer, read.name):
                    continue
                sure = self.flows[read.cell].uses[read.name].certainty is not Certainty.POSSIBLE
                if sure and not self.ask.failed(read.cell):
                    yield (Kind.FAILED, writer, ""), Affected(read.cell, read.name, How.UNREACHED, proven=True)

    def _fails_again(self, cell: int) -> bool:
        """Whether the cell stopped at a missing name that a clean run does not find either."""
        if cell not in self.counts or not self.ask.failed(cell):
            return False
        missing = (name for name in self.flows[cell].uses if not self.document.version(cell, name).definitions)
        return any(self.ask.lacked(cell, name) for name in missing)

    def _not_reached(self, cell: int, name: str) -> bool:
        """Whether the cell's stored exception was raised before it had bound the name."""
        line = self.ask.stopped_at(cell)
        ranges = self.flows[cell].lines.get(name, ())
        return line is not None and bool(ranges) and all(last >= line for _, last in ranges)

    def _reads(self, cell: int) -> Iterator[_Read]:
        for name, use in self.flows[cell].uses.items():
            clean = self.document.version(cell, name)
            if not clean.definitions or clean.unknown or use.soft:
                continue
            if any(name in self.flows[definition].imports for definition in clean.definitions):
                continue
            seen = self.recorded.version(cell, name)
            bound_alike = self._bound_alike(name, clean, seen)
            yield _Read(
                cell,
                name,
                clean,
                seen,
                clean.definitions | self._changes(name, cell, clean, seen),
                (clean.definitions if bound_alike else seen.definitions) | self._changes(name, cell, seen, clean),
            )

    def _bound_alike(self, name: str, clean: Version, seen: Version) -> bool:
        if clean.cell is None or seen.cell is None or clean.cell == seen.cell:
            return False
        return self.ask.same(name, clean.cell, seen.cell)

    def _changes(self, name: str, reader: int, version: Version, other: Version) -> frozenset[int]:
        """The cells that changed the object; those that only one order has, where the reader looks at what they do."""
        if not version.changes:
            return _NONE
        return frozenset([w for w in version.changes if w in other.changes or not self.ask.apart(name, reader, w)])

    def _blame(self, read: _Read) -> Iterator[tuple[Kind, int]]:
        """The plainest way in which the two lineages differ: what stands below came before, definitions first."""
        if read.behind_seen == read.behind_clean:
            return
        extra = {w for w in read.behind_seen - read.behind_clean if read.name not in self.flows[w].imports}
        lacking = read.behind_clean - read.behind_seen
        here = self.counts[read.cell]
        ways = (
            (Kind.AHEAD, {w for w in extra if w > read.cell}),
            (Kind.LATER, {w for w in lacking if self.counts.get(w, -1) >= here}),
            (Kind.NEVER_RAN, {w for w in lacking if w not in self.counts}),
            (Kind.AHEAD, extra),
            (Kind.WIPED, set(read.seen.definitions) if self._wiped(read) else set()),
        )
        for kind, cells in ways:
            if cells:
                bound = cells & (read.clean.definitions | read.seen.definitions)
                yield from ((kind, cell) for cell in sorted(bound or cells))
                return

    def _wiped(self, read: _Read) -> list[int]:
        """The cells whose changes in place are gone, since the definition ran again after them."""
        bound = self.counts.get(read.seen.cell, -1) if read.seen.cell is not None else -1
        lacking = (read.behind_clean - read.behind_seen) & set(read.clean.changes)
        return sorted(w for w in lacking if w in self.counts and self.counts[w] < bound)

    def _told(self, read: _Read, kind: Kind, cell: int) -> Affected | None:
        """What is known of one reader; None where saved output shows that it read what a clean run gives."""
        use = self.flows[read.cell].uses[read.name]
        proven = self._proven(read, kind, cell)
        if not proven and read.clean.cell is not None and not read.clean.changes:
            shown = self.ask.shown(read.name, read.cell, read.clean.cell)
            if shown is True:
                return None
            proven = shown is False
        pair = (read.seen.cell, read.clean.cell) if read.seen.cell != read.clean.cell else (None, None)
        if kind is Kind.WIPED:
            pair = (cell, self._wiped(read)[0])
        sure = use.certainty is not Certainty.POSSIBLE
        return Affected(read.cell, read.name, How.READS, proven, sure, *pair)

    def _proven(self, read: _Read, kind: Kind, cell: int) -> bool:
        """Whether the counts leave no other way: both definitions ran, no run that could have mended it is lost."""
        use = self.flows[read.cell].uses[read.name]
        clean, seen = read.clean.cell, read.seen.cell
        failed = self.ask.failed(read.cell) or self.ask.failed(cell)
        if use.certainty is Certainty.POSSIBLE or failed or clean is None or seen is None or cell not in self.counts:
            return False
        if use.via and self._definitions_differ(read.cell, use.via):
            return False
        if not self.session.tells_apart(read.cell, cell, seen) or not self._in_one_session(read, {clean, cell, seen}):
            return False
        if kind is Kind.WIPED:
            return any(self.ask.surely(w, read.name) and not self.ask.failed(w) for w in self._wiped(read))
        if clean != seen and clean not in read.behind_seen:
            return self.session.proves(read.cell, clean, seen)
        if not self.ask.surely(cell, read.name):
            return False
        return kind is Kind.AHEAD or self.session.lost_between(self.counts[seen], self.counts[read.cell]) == 0

    def _in_one_session(self, read: _Read, others: set[int]) -> bool:
        here = self.counts[read.cell]
        before = (self.counts[other] for other in others if other in self.counts)
        return self.session.one_session(min((count for count in before if count < here), default=here), here)

    def _definitions_differ(self, cell: int, name: str) -> bool:
        return self.document.version(cell, name).definitions != self.recorded.version(cell, name).definitions

    def spread(self, kind: Kind, readers: list[Affected]) -> tuple[Affected, ...]:
        """The readers and all that builds on them, one entry a cell, the most telling one."""
        best: dict[int, Affected] = {}
        seen: set[tuple[int, str, bool]] = set()
        stops = kind in (Kind.MISSING, Kind.FAILED)
        queue = deque((reader, stops) for reader in readers)
        while queue:
            at, ends = queue.popleft()
            if (at.cell, at.name, ends) in seen:
                continue
            seen.add((at.cell, at.name, ends))
            known = best.get(at.cell)
            if known is None or _weight(at) > _weight(known):
                best[at.cell] = at
            if self.steps > 0:
                onward = list(self._onward(at, ends))
                self.steps -= 1 + len(onward)
                queue.extend(onward)
        return tuple(best[cell] for cell in sorted(best))

    def _onward(self, at: Affected, ends: bool) -> Iterator[tuple[Affected, bool]]:
        """The cells that read what this one has made of the name, or would have made below the point where it ends."""
        flow = self.flows[at.cell]
        for out in sorted(flow.binds | flow.mutates):
            cut = ends and self._ends_before(at.cell, at.name, out)
            if not cut and at.name not in self.ask.made_of(at.cell, out):
                continue
            for read in self._readers(at.cell, out):
                if read.cell == at.cell:
                    continue
                if cut and at.cell in read.clean.definitions:
                    yield Affected(read.cell, out, How.UNREACHED, proven=True), True
                elif not cut or at.cell in read.behind_clean:
                    yield Affected(read.cell, out, How.FOLLOWS), False

    def _ends_before(self, cell: int, missing: str, name: str) -> bool:
        """Whether a clean run of the cell stops at a missing name before it has bound `name`."""
        flow = self.flows[cell]
        use = flow.uses[missing]
        if use.certainty is Certainty.POSSIBLE:
            return False
        return all(last >= use.position.line for _, last in flow.lines.get(name, ()))

    def _readers(self, writer: int, name: str) -> list[_Read]:
        if self.by_writer is None:
            self.by_writer = {}
            for reads in self.reads.values():
                for read in reads:
                    bound = read.clean.definitions | read.seen.definitions
                    for behind in read.behind_clean | read.behind_seen:
                        if behind not in bound and self.ask.apart(read.name, read.cell, behind):
                            continue
                        self.by_writer.setdefault((behind, read.name), []).append(read)
        return self.by_writer.get((writer, name), [])


def _weight(affected: Affected) -> tuple[bool, bool, bool]:
    return affected.proven, affected.how is How.READS, affected.sure
