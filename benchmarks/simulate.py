"""A person at work on a notebook, played by a seeded random generator in a real shell.

First a pass from the top (not always to the end), with a value changed or a cell run twice here and there. Then some of
what people do: change a value and run the cell, with or without what depends on it; run a cell again; run from here
down; insert, move, delete a cell; change a cell and not run it; restart the kernel and run some of it. A failing cell
stops a series, as JupyterLab does; a missing name makes the person run what was skipped above; a changed or inserted
cell that fails is mostly taken back. At the end stands what JupyterLab would save.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from files import Cell
from shell import Run, Shell
from written import Subject, Text

OPERATIONS = {
    "again": 30,
    "tweak": 24,
    "insert": 14,
    "down": 8,
    "copy": 6,
    "restart": 6,
    "delete": 5,
    "move": 4,
    "edit": 3,
}
FOLLOW_UP = {"nothing": 40, "next": 35, "below": 12, "elsewhere": 13}


@dataclass
class Kept:
    """A cell of the notebook as it stands, and the run that its count and outputs come from."""

    id: str
    kind: str
    text: Text
    run: Run | None = None
    ran_source: str = ""
    ran_at: datetime | None = None

    @property
    def source(self) -> str:
        """What stands in the cell."""
        return self.text.source


@dataclass
class Session:
    """The notebook being worked on, and every run so far: `runs[label]` is (cell id, source, run)."""

    cells: list[Kept]
    spare: list[Text]
    rng: random.Random
    folder: str
    seconds: float = 30.0
    runs: dict[str, tuple[str, str, Run]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    shell: Shell | None = None
    born: int = 0
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
    pauses: random.Random = field(default_factory=lambda: random.Random(0))

    def saved(self, timed: bool = False) -> list[Cell]:
        """What JupyterLab would save now; `timed` with its setting that records when cells ran."""
        return [
            Cell(
                c.kind,
                c.source,
                c.id,
                c.run.count if c.run else None,
                c.run.outputs if c.run else [],
                _times(c) if timed else {},
            )
            for c in self.cells
        ]

    def execute(self, cell: Kept) -> bool:
        """Run a cell; whether it ended without an exception."""
        if cell.kind != "code":
            return True
        assert self.shell is not None
        label = f"run-{len(self.runs)}"
        run = self.shell.run(cell.source, label)
        self.now += timedelta(seconds=self.pauses.uniform(3, 60))
        cell.run, cell.ran_source, cell.ran_at = (run if run.count is not None else None), cell.source, self.now
        self.runs[label] = (cell.id, cell.source, run)
        self.log.append(f"[{run.count}] {cell.id}{' ' + run.error if run.error else ''}")
        return not run.error

    def attempt(self, cell: Kept) -> bool:
        """Run a cell as a person does: for a name that is not there, run what was skipped above and try again."""
        if self.execute(cell):
            return True
        skipped = [c for c in self.code() if c.run is None and self.index(c) < self.index(cell)]
        if cell.run is None or cell.run.error != "NameError" or not skipped or self.rng.random() < 0.2:
            return False
        return all(self.execute(c) for c in skipped) and self.execute(cell)

    def series(self, cells: Iterable[Kept]) -> None:
        """Run cells one after another; an error ends it."""
        for cell in cells:
            if not self.attempt(cell):
                break

    def restart(self) -> None:
        """A new kernel; counts and outputs stay."""
        if self.shell is not None:
            self.shell.close()
        self.shell = Shell(self.folder, self.seconds)

    def code(self) -> list[Kept]:
        """The code cells."""
        return [cell for cell in self.cells if cell.kind == "code"]

    def index(self, cell: Kept) -> int:
        """Where a cell stands."""
        return next(i for i, c in enumerate(self.cells) if c is cell)

    def below(self, cell: Kept) -> list[Kept]:
        """The code cells below."""
        return [c for c in self.cells[self.index(cell) + 1 :] if c.kind == "code"]


def _times(cell: Kept) -> dict[str, Any]:
    if cell.run is None or cell.ran_at is None:
        return {}
    start, end = cell.ran_at, cell.ran_at + timedelta(seconds=0.2)
    noted = {"iopub.status.busy": start, "iopub.execute_input": start, "shell.execute_reply": end}
    return {"execution": {key: f"{at:%Y-%m-%dT%H:%M:%S.%f}Z" for key, at in noted.items()}}


def play(subject: Subject, seed: str, folder: str, seconds: float = 30.0) -> Session:
    """One session, from the notebook without counts to what is saved. Raises ShellDiedError."""
    rng = random.Random(seed)
    cells = [Kept(f"c{i}", kind, text) for i, (kind, text) in enumerate(subject.cells)]
    session = Session(cells, list(subject.spare), rng, folder, seconds)
    try:
        session.restart()
        _first_pass(session)
        for _ in range(rng.randint(1, 8)):
            operation = _pick(rng, OPERATIONS)
            session.log.append(operation)
            _OPERATION[operation](session)
    finally:
        if session.shell is not None:
            session.shell.close()
    return session


def _pick(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _first_pass(session: Session) -> None:
    rng = session.rng
    code = session.code()
    end = len(code) if rng.random() < 0.8 else rng.randint(len(code) // 2, len(code))
    for cell in code[:end]:
        if rng.random() < 0.03:
            continue
        if not session.attempt(cell):
            break
        if rng.random() < 0.12:
            _change(session, cell)
        elif rng.random() < 0.06:
            session.attempt(cell)


def _change(session: Session, cell: Kept) -> None:
    """Change a value and run; mostly taken back when it fails."""
    old, new = cell.text, cell.text.edited(session.rng)
    cell.text = new or old
    if not session.attempt(cell) and new is not None and session.rng.random() < 0.8:
        cell.text = old
        session.attempt(cell)


def _executed(session: Session) -> list[Kept]:
    return [cell for cell in session.code() if cell.run is not None] or session.code()


def _tweak(session: Session) -> None:
    rng = session.rng
    editable = [c for c in session.code() if c.text.edited(random.Random(0)) is not None] or session.code()
    cell = rng.choice(editable)
    _change(session, cell)
    _follow(session, cell)


def _follow(session: Session, cell: Kept) -> None:
    rng = session.rng
    below = session.below(cell)
    what = _pick(rng, FOLLOW_UP)
    if what == "next":
        session.series(below[: rng.randint(1, 3)])
    elif what == "below":
        session.series(below)
    elif what == "elsewhere" and below:
        session.attempt(rng.choice(below))


def _again(session: Session) -> None:
    cell = session.rng.choice(_executed(session))
    session.attempt(cell)
    if session.rng.random() < 0.3:
        _follow(session, cell)


def _down(session: Session) -> None:
    cell = session.rng.choice(session.code())
    session.series([cell, *session.below(cell)])


def _insert(session: Session) -> None:
    if not session.spare:
        _copy(session)
        return
    text = session.spare.pop(session.rng.randrange(len(session.spare)))
    _put(session, text)


def _copy(session: Session) -> None:
    """A copy of a cell with another value, further down: how second definitions come about."""
    cell = session.rng.choice(_executed(session))
    text = cell.text.edited(session.rng)
    if text is not None:
        _put(session, text, session.index(cell) + 1)


def _put(session: Session, text: Text, lowest: int = 2) -> None:
    rng = session.rng
    at = rng.randint(min(lowest, len(session.cells)), len(session.cells))
    session.born += 1
    cell = Kept(f"new{session.born}", "code", text)
    session.cells.insert(at, cell)
    if not session.attempt(cell) and rng.random() < 0.8:
        session.cells.remove(cell)
    else:
        _follow(session, cell)


def _move(session: Session) -> None:
    cell = session.rng.choice(session.code())
    at = session.index(cell) + session.rng.choice([-3, -2, -1, 1, 2, 3])
    session.cells.remove(cell)
    session.cells.insert(max(0, at), cell)


def _delete(session: Session) -> None:
    tried = [cell for cell in session.code() if cell.id.startswith("new")]
    cell = session.rng.choice(tried if tried and session.rng.random() < 0.5 else session.code())
    if len(session.code()) > 3:
        session.cells.remove(cell)


def _edit(session: Session) -> None:
    """Changed and not run."""
    cell = session.rng.choice(session.code())
    cell.text = cell.text.edited(session.rng) or cell.text


def _restart(session: Session) -> None:
    rng = session.rng
    session.restart()
    code = session.code()
    how = rng.random()
    if how < 0.4:
        chosen = code
    elif how < 0.8:
        chosen = code[: rng.randint(1, len(code))]
    else:
        chosen = [cell for cell in code if rng.random() < 0.7]
    session.series(chosen)


_OPERATION = {
    "tweak": _tweak,
    "again": _again,
    "down": _down,
    "insert": _insert,
    "copy": _copy,
    "move": _move,
    "delete": _delete,
    "edit": _edit,
    "restart": _restart,
}
