"""What is true of a saved session, told from its runs and from two clean runs of what was saved.

Per executed cell:

- **stale**: a clean run of the saved source gives another output, error or value for it. Values are those of the names
  that the cell bound or changed, in either run. What differs between the two clean runs (timings, unseeded randomness,
  addresses) is not compared; stderr is not compared; a cell of which nothing can be compared is not judged.
- **fails**: the clean run of it ends in a NameError.
- **other definition**: its run read a name whose lineage (the cells, with the source they had, that bound the value
  and changed it since) is not the lineage the clean run reads. **inherited**: that holds for it, or for a run it read
  from.
- **evidence** survives: the saved counts and sources alone still show it. The saved cells are replayed twice, in
  document order and in the order of their counts, each with the effects it truly had when run; evidence is a read name
  whose lineage differs between the two replays, or that a clean run does not find at all. Names that hold modules, or
  functions and classes of other modules, are not looked at: to import them again changes nothing. **evidence
  inherited**: that holds for it, or for a cell of the lineages it reads.
- **provable**: evidence that no lost run can explain away. The name is missing in a clean run; or another cell bound it
  last by the counts, and the cell that binds it in a clean run has its only possible runs before that one or after the
  reader; or a cell that a clean run has not reached yet had changed the object since it was bound.
- **trail**: which single question the file answers, for tables: `missing`, `bound elsewhere`, `changed elsewhere`,
  `ran later` (a cell above ran last after this one), `inherited`, `none`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shell import Run, Shell
from simulate import Kept, Session

_NOISE = re.compile(r"0x[0-9a-fA-F]{6,}|<ipython-input-[^>]*>|\bIn ?\[\d+\]|Cell In\[\d+\]|^\[?\d\d:\d\d:\d\d.*$", re.M)
Lineage = tuple[str, ...]


@dataclass
class CellTruth:
    """What is true of one executed cell; `index` is its place in the saved file."""

    index: int
    judged: bool
    stale: bool
    fails: bool
    other_definition: bool
    inherited: bool
    evidence: bool
    evidence_inherited: bool
    provable: bool
    trail: str
    source: str


def clean_run(cells: Sequence[Kept], seconds: float = 30.0) -> dict[str, Run]:
    """Restart & Run All, going on after errors; runs by cell id, which is their label too."""
    with Shell(seconds=seconds) as shell:
        return {c.id: shell.run(c.source, c.id) for c in cells if c.kind == "code" and c.source.strip()}


def judge(session: Session, clean: Mapping[str, Run], again: Mapping[str, Run]) -> list[CellTruth]:
    """One verdict per cell that bears a count."""
    file = _File(session, clean)
    definitions = _Definitions(session, clean)
    verdicts = []
    for index, cell in enumerate(session.cells):
        if cell.run is None or cell.run.count is None or cell.id not in clean:
            continue
        judged, stale = _differs(cell.run, clean[cell.id], again[cell.id])
        evidence, provable, trail = file.told(cell)
        if not evidence and file.inherits(cell):
            trail = "inherited"
        verdicts.append(
            CellTruth(
                index,
                judged,
                stale,
                _raised(clean[cell.id])[0] == "NameError",
                definitions.other(cell.run, cell.id),
                definitions.inherited(cell.run, cell.id),
                evidence,
                evidence or file.inherits(cell),
                provable,
                trail,
                cell.source,
            )
        )
    return verdicts


def _differs(saved: Run, clean: Run, again: Run) -> tuple[bool, bool]:
    """Whether anything could be compared, and whether any of it differs."""
    judged = stale = False
    if _shown(clean) == _shown(again):
        judged, stale = True, _shown(saved) != _shown(clean)
    for name in saved.bound | saved.changed | clean.bound | clean.changed:
        if clean.values.get(name) == again.values.get(name):
            judged = True
            stale |= saved.values.get(name) != clean.values.get(name)
    return judged, stale


def _shown(run: Run) -> list[object]:
    shown: list[object] = [_raised(run)]
    for output in run.outputs:
        if output["output_type"] == "stream" and output["name"] == "stdout":
            shown.append(_NOISE.sub("", output["text"]))
        elif output["output_type"] in ("execute_result", "display_data"):
            shown.append(sorted((mime, _NOISE.sub("", str(v))) for mime, v in output["data"].items()))
    return shown


def _raised(run: Run) -> tuple[str, str]:
    """The exception's name and text; one raised below a `%%capture` is stored, though the run as a whole ends well."""
    stored = [(o["ename"], o["evalue"]) for o in run.outputs if o["output_type"] == "error"]
    name, value = (stored or [(run.error, run.error_value)])[0]
    return name, _NOISE.sub("", value)


class _Definitions:
    """Which definitions the runs of the session truly read, beside those of the clean run."""

    def __init__(self, session: Session, clean: Mapping[str, Run]) -> None:
        self.runs = session.runs
        self.clean = clean
        self.sources = {cell.id: cell.source for cell in session.cells}
        self.known: dict[str, bool] = {}

    def other(self, run: Run, cell: str) -> bool:
        """Whether a name was read from another lineage than the clean run reads it from."""
        clean = self.clean.get(cell)
        if clean is None:
            return True
        for name, labels in run.reads.items():
            if name in clean.missing:
                return True
            if name in clean.reads and self._seen(labels) != self._clean(clean.reads[name]):
                return True
        return False

    def inherited(self, run: Run, cell: str) -> bool:
        """Whether that holds for the run or for any run it read from."""
        if run.label not in self.known:
            self.known[run.label] = False
            self.known[run.label] = self.other(run, cell) or any(
                self.inherited(self.runs[label][2], self.runs[label][0])
                for labels in run.reads.values()
                for label in labels
                if label in self.runs
            )
        return self.known[run.label]

    def _seen(self, labels: Lineage) -> list[tuple[str, str]]:
        return [self.runs[label][:2] for label in labels if label in self.runs]

    def _clean(self, cells: Lineage) -> list[tuple[str, str]]:
        return [(cell, self.sources[cell]) for cell in cells]


@dataclass
class _Effect:
    reads: frozenset[str]
    missing: frozenset[str]
    bound: frozenset[str]
    changed: frozenset[str]
    deleted: frozenset[str]


class _File:
    """What the saved counts and sources show, given what each cell truly does."""

    def __init__(self, session: Session, clean: Mapping[str, Run]) -> None:
        self.cells = [cell for cell in session.cells if cell.id in clean]
        self.effects = {cell.id: _effect(cell, clean[cell.id]) for cell in self.cells}
        self.counts = {c.id: c.run.count for c in self.cells if c.run is not None and c.run.count is not None}
        times = Counter(self.counts.values())
        self.unique = {cell for cell, count in self.counts.items() if times[count] == 1}
        self.lost = sorted(set(range(1, max(times, default=0))) - set(times))
        self.document = self._replay(cell.id for cell in self.cells)
        self.recorded = self._replay(sorted(self.counts, key=lambda cell: self.counts[cell]))
        self.known: dict[str, bool] = {}

    def _replay(self, order: Iterable[str]) -> dict[str, dict[str, Lineage]]:
        """For each cell, the lineage of each name that it reads."""
        now: dict[str, Lineage] = {}
        seen = {}
        for cell in order:
            effect = self.effects[cell]
            seen[cell] = {name: now.get(name, ()) for name in effect.reads | effect.missing}
            now.update({name: (*now[name], cell) for name in effect.changed if name in now})
            now.update(dict.fromkeys(effect.bound, (cell,)))
            for name in effect.deleted:
                now.pop(name, None)
        return seen

    def told(self, cell: Kept) -> tuple[bool, bool, str]:
        """Evidence, whether it is provable, and the plainest trail."""
        effect = self.effects[cell.id]
        if effect.missing:
            return True, True, "missing"
        trails = [self._trail(cell.id, name) for name in sorted(effect.reads)]
        found = [trail for trail in trails if trail is not None]
        if not found:
            return False, False, "none"
        provable, trail = max(found)
        return True, provable, trail

    def _trail(self, cell: str, name: str) -> tuple[bool, str] | None:
        recorded, document = self.recorded[cell].get(name, ()), self.document[cell].get(name, ())
        if recorded == document or not document:
            return None
        here = self.counts[cell]
        if not recorded:
            return False, "ran later"
        if recorded[0] != document[0]:
            clean = self.counts.get(document[0])
            surely = clean is None or clean < self.counts[recorded[0]] or not self._lost(self.counts[recorded[0]], here)
            provable = surely and {cell, recorded[0]} <= self.unique and clean is not None
            return provable, "bound elsewhere"
        if set(recorded) - set(document):
            return {cell, *recorded} <= self.unique, "changed elsewhere"
        provable = not self._lost(self.counts[recorded[0]], here) and {cell, *recorded} <= self.unique
        return provable, "ran later" if set(document) - set(recorded) else "changed elsewhere"

    def _lost(self, first: int, last: int) -> bool:
        return any(first < count < last for count in self.lost)

    def inherits(self, cell: Kept) -> bool:
        """Whether a cell it reads from, in either replay, shows evidence of its own or inherits some."""
        return any(
            self._shows(source)
            for replay in (self.document, self.recorded)
            for lineage in replay[cell.id].values()
            for source in lineage
            if source in self.counts
        )

    def _shows(self, cell: str) -> bool:
        if cell not in self.known:
            self.known[cell] = False
            kept = next(c for c in self.cells if c.id == cell)
            self.known[cell] = self.told(kept)[0] or self.inherits(kept)
        return self.known[cell]


def _effect(cell: Kept, clean: Run) -> _Effect:
    """What the saved source does when it runs. Where the clean run stopped in it, its own run in the session helps."""
    runs = [clean]
    if clean.error and cell.run is not None and cell.ran_source == cell.source:
        runs.append(cell.run)
    missing = frozenset(clean.missing) if cell.run is not None and not cell.run.missing else frozenset[str]()
    bound = frozenset[str]().union(*(run.bound for run in runs))
    return _Effect(
        frozenset[str]().union(*(run.reads for run in runs)) - clean.foreign,
        missing,
        bound,
        frozenset[str]().union(*(run.changed for run in runs)) - bound,
        frozenset[str]().union(*(run.deleted for run in runs)),
    )
