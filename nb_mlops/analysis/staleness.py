"""Saved results that are in doubt: they may be older, or newer, than what a clean run computes them from.

The counts keep only the last run of each cell. A cell above that ran last after this one may have been run again as it
was, or edited first; the file cannot tell. So what is said here is possible, where rules that compare two definitions
may prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum

from nb_mlops.analysis.flow import CellFlow, Certainty
from nb_mlops.analysis.replay import Replays, Version
from nb_mlops.core.value import Struct


class Cause(IntEnum):
    """Why a saved result is in doubt, the plainest first."""

    MISSING = 0  # it reads a name that a clean run does not find
    CHANGED = 1  # cells that stand further down had bound or changed the value before
    LATER = 2  # cells above ran last after this one
    NEVER_RAN = 3  # cells above bear no count
    UNREACHED = 4  # cells that it reads from stop at a missing name before they bind what it reads
    INHERITED = 5  # cells that it reads from are in doubt


class Doubt(Struct, frozen=True):
    """`names` that the cell reads are in doubt because of `cells`.

    Of a missing name the cell is the first that reads it, in document order, which is where a clean run stops; for that
    cell itself there is none.
    """

    cause: Cause
    names: tuple[str, ...]
    cells: tuple[int, ...]


def doubts(
    flows: Mapping[int, CellFlow],
    replays: Replays,
    given: Callable[[str], bool],
    same: Callable[[str, int, int], bool],
) -> Mapping[int, Doubt]:
    """The doubt on each cell that bears a count, by cell index; cells beyond doubt are left out.

    `given` says of a name whether the kernel has it without any cell binding it, `same` of a name and two cells whether
    both bind it alike.
    """
    search = _Search(flows, replays, given, same)
    found = {cell: search.of(cell) for cell in replays.session.counts if cell in flows}
    return {cell: doubt for cell, doubt in found.items() if doubt is not None}


class _Search:
    """Works out each cell's doubt at most once."""

    def __init__(
        self,
        flows: Mapping[int, CellFlow],
        replays: Replays,
        given: Callable[[str], bool],
        same: Callable[[str, int, int], bool],
    ) -> None:
        self.flows = flows
        self.replays = replays
        self.same = same
        self.counts = replays.session.counts
        self.known: dict[int, Doubt | None] = {}
        self.first_missing: dict[str, int] = {}
        for cell in replays.document.order:
            for name, use in flows[cell].uses.items():
                version = replays.document.version(cell, name)
                unbound = not version.definitions and not version.unknown and not flows[cell].wildcard
                if unbound and use.certainty is not Certainty.POSSIBLE and not use.soft and not given(name):
                    self.first_missing.setdefault(name, cell)

    def of(self, cell: int) -> Doubt | None:
        """The doubt on one cell: of its own, else inherited."""
        if cell not in self.known:
            self.known[cell] = None  # what comes round to this cell again adds nothing
            self.known[cell] = self._missing(cell) or self._own(cell) or self._inherited(cell)
        return self.known[cell]

    def _missing(self, cell: int) -> Doubt | None:
        names = [
            name
            for name, use in self.flows[cell].uses.items()
            if name in self.first_missing and not self.replays.document.version(cell, name).definitions
            if use.certainty is not Certainty.POSSIBLE
        ]
        firsts = {self.first_missing[name] for name in names}
        return Doubt(Cause.MISSING, tuple(names), tuple(sorted(firsts - {cell}))) if names else None

    def _own(self, cell: int) -> Doubt | None:
        found: dict[Cause, tuple[list[str], set[int]]] = {}
        for name, clean, seen in self._reads(cell):
            for cause, cells in self._causes(name, _writers(clean), _writers(seen)).items():
                names, together = found.setdefault(cause, ([], set()))
                names.append(name)
                together |= cells
                break
        return _plainest(found)

    def _reads(self, cell: int) -> list[tuple[str, Version, Version]]:
        """Of each name that the cell reads: what a clean run gives it, and what the recorded run gave it."""
        document, recorded = self.replays.document, self.replays.recorded
        found = []
        for name, use in self.flows[cell].uses.items():
            clean, seen = document.version(cell, name), recorded.version(cell, name)
            imported = any(name in self.flows[definition].imports for definition in clean.definitions)
            if clean.definitions and not imported and not clean.unknown and not use.soft:
                found.append((name, clean, clean if self._alike(name, clean, seen) else seen))
        return found

    def _alike(self, name: str, clean: Version, seen: Version) -> bool:
        if clean.cell is None or seen.cell is None or set(clean.changes) != set(seen.changes):
            return False
        return self.same(name, clean.cell, seen.cell)

    def _causes(self, name: str, clean: frozenset[int], seen: frozenset[int]) -> dict[Cause, frozenset[int]]:
        """How the two lineages differ, the plainest difference first."""
        never = frozenset(writer for writer in clean - seen if writer not in self.counts)
        causes = {
            Cause.CHANGED: frozenset(writer for writer in seen - clean if name not in self.flows[writer].imports),
            Cause.LATER: clean - seen - never,
            Cause.NEVER_RAN: never,
        }
        return {cause: cells for cause, cells in causes.items() if cells}

    def _inherited(self, cell: int) -> Doubt | None:
        """What cells in doubt have written; where one stops at a missing name, what it binds after is missing too."""
        found: dict[Cause, tuple[list[str], set[int]]] = {}
        for name, clean, seen in self._reads(cell):
            writers = {w for w in _writers(clean) | _writers(seen) if w in self.counts and w != cell and self.of(w)}
            ended = {w for w in writers & clean.definitions if self._ends_before(w, name)}
            if writers:
                names, cells = found.setdefault(Cause.UNREACHED if ended else Cause.INHERITED, ([], set()))
                names.append(name)
                cells |= ended or writers
        return _plainest(found)

    def _ends_before(self, cell: int, name: str) -> bool:
        """Whether a clean run of the cell stops at a missing name before it has bound `name`."""
        doubt = self.of(cell)
        if doubt is None or doubt.cause not in (Cause.MISSING, Cause.UNREACHED):
            return False
        flow = self.flows[cell]
        stop = min(flow.uses[missing].position.line for missing in doubt.names)
        return all(last >= stop for _, last in flow.lines.get(name, ()))


def _plainest(found: Mapping[Cause, tuple[list[str], set[int]]]) -> Doubt | None:
    if not found:
        return None
    cause = min(found)
    names, cells = found[cause]
    return Doubt(cause, tuple(names), tuple(sorted(cells)))


def _writers(version: Version) -> frozenset[int]:
    return version.definitions | frozenset(version.changes)
