"""The ledger: what was done with which model, when, by whom, why and on what evidence; nothing is ever taken out.

Each line is an envelope around one entry, and each entry names the digest of the line before it. The head, an envelope
of its own, says how many lines there are and what the last one is: without it, lines taken off the end would not be
missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from nb_mlops.core.hashing import is_sha256
from nb_mlops.core.value import replace
from nb_mlops.evidence.statement import PREDICATES, Statement, issued_at, model_subject
from nb_mlops.evidence.strict import StatementError, read, to_json

ENTRY_TYPE = f"{PREDICATES}/ledger-entry/v1"
HEAD_TYPE = f"{PREDICATES}/ledger-head/v1"
# What the first line names as the line before it, and the digest of what has no files.
NOTHING = "0" * 64


class Act(str, Enum):
    """What was done."""

    REGISTERED = "registered"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"
    ALIASED = "aliased"  # by MLflow's own means: nobody was asked for a reason
    UNALIASED = "alias removed"
    STAGED = "stage changed"
    DELETED = "deleted"
    NOTED = "noted"
    UNADMITTED = "unadmitted"  # found in the registry, past the gate
    COUNTERSIGNED = "counter-signed"  # what a revoked key had entered was looked through, and stands


MOVES = (Act.PROMOTED, Act.ROLLED_BACK, Act.ALIASED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement that an admission rested on: its kind, the sha256 of its envelope and the key that signed it."""

    kind: str
    sha256: str
    key: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why the gate was open: the statements, the proofs that held, waivers, and the digest of the policy. `assurance`
    is the lowest of what the evidence reaches; approvals are not evidence."""

    policy: str = ""
    assurance: str = ""
    evidence: tuple[Sheet, ...] = ()
    proofs: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done to a version (0: to the model): `digest` is that of its files.

    For an alias, `held` is the version that it named before (0: none). `order` is the sha256 of the signed order that
    asked for it, "" where nobody signed one; `key` is the key that signed the order. Of a counter-signature, `digest`
    is the sha256 of the last line that it speaks for, and `key` the revoked key whose lines they are.
    """

    act: str
    model: str
    version: int = 0
    digest: str = NOTHING
    alias: str = ""
    held: int = 0
    who: str = ""
    key: str = ""
    reason: str = ""
    order: str = ""
    store: str = ""
    grounds: Grounds = Grounds()


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed in its place. `recovered` says that it was found in the registry and entered later, at `time`."""

    number: int
    previous: str
    time: str
    deed: Deed
    recovered: bool
    tool: str
    version: int = 1

    def __post_init__(self) -> None:
        if self.version != 1:
            raise StatementError(f"a ledger entry of version {self.version} is not known to this nb-mlops")
        if self.deed.act not in {act.value for act in Act}:
            raise StatementError("the ledger entry tells of a deed that this nb-mlops does not know")
        if not is_sha256(self.previous) or not is_sha256(self.deed.digest):
            raise StatementError("a digest in the ledger entry is not a sha256")
        issued_at(self.time)

    def statement(self) -> Statement:
        """The statement to sign, about the model's files, or of a counter-signature about a line."""
        about = "ledger" if self.deed.act == Act.COUNTERSIGNED else model_subject(self.deed.model)
        return Statement(about, self.deed.digest, ENTRY_TYPE, to_json(self))

    @classmethod
    def of(cls, payload: bytes) -> Entry:
        """The entry in a verified payload. Raises StatementError."""
        statement = Statement.from_bytes(payload)
        if statement.predicate_type != ENTRY_TYPE:
            raise StatementError("the line is not a ledger entry")
        return read(cls, statement.predicate, "entry")


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines there are, and the sha256 of the last one."""

    entries: int
    last: str
    time: str
    version: int = 1

    def statement(self) -> Statement:
        """The statement to sign, about the last line."""
        return Statement("ledger", self.last, HEAD_TYPE, to_json(self))

    @classmethod
    def of(cls, payload: bytes) -> Head:
        """The head in a verified payload. Raises StatementError."""
        statement = Statement.from_bytes(payload)
        if statement.predicate_type != HEAD_TYPE:
            raise StatementError("it is not the head of a ledger")
        return read(cls, statement.predicate, "head")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was read: its sha256, the entry under a good signature and its key, or else what is wrong.

    `disowned` is what a key wrote that was revoked since; `upheld_by` the number of the entry that makes it good again.
    """

    sha256: str
    entry: Entry | None = None
    key: str = ""
    problem: str = ""
    disowned: Entry | None = None
    upheld_by: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the ledger. `line` counts from 1; 0 is the ledger as a whole."""

    code: str
    slug: str
    line: int
    message: str


# Why the first key may not sign for what the second, revoked one left behind, on a day; "" when it may.
MayUphold = Callable[[str, str, date], str]


def upheld(lines: Sequence[Line], may: MayUphold) -> tuple[Line, ...]:
    """The lines of a ledger, those of a revoked key good again that a later counter-signature speaks for.

    It speaks for all that one key wrote down to the line whose digest it holds, and with it, as each line holds the
    digest of the one before, for nothing that was changed since. It must count itself: by its own key, or upheld in
    turn by a later one.
    """
    at = {line.sha256: number for number, line in enumerate(lines, 1)}
    reach: dict[str, tuple[int, int]] = {}  # of a revoked key: the last line that is spoken for, and by which entry
    made = list(lines)
    for number in range(len(lines), 0, -1):
        line = made[number - 1]
        until, by = reach.get(line.key, (0, 0))
        if line.disowned is not None and number <= until:
            line = replace(line, entry=line.disowned, problem="", disowned=None, upheld_by=by)
            made[number - 1] = line
        if line.entry is None or line.entry.deed.act != Act.COUNTERSIGNED:
            continue
        deed, last = line.entry.deed, at.get(line.entry.deed.digest, number)
        # What a later one upholds was looked through by somebody who may.
        barred = "" if line.upheld_by else may(line.key, deed.key, issued_at(line.entry.time).date())
        if not barred and deed.key != line.key and reach.get(deed.key, (0, 0))[0] < last < number:
            reach[deed.key] = (last, number)
    return tuple(made)


def faults(lines: Sequence[Line], head: Head | None, head_problem: str = "") -> tuple[Fault, ...]:
    """All that speaks against a ledger; nothing does when every line stands where it was written and none is missing.

    One good line more than the head knows is no fault: the process was ended between the two.
    """
    return (*_broken_links(lines), *_against_head(lines, head, head_problem))


def _broken_links(lines: Sequence[Line]) -> Iterable[Fault]:
    before = NOTHING
    for number, line in enumerate(lines, 1):
        if line.entry is None:
            if number == 1 or lines[number - 2].problem != line.problem:  # a key that is revoked is told once
                yield Fault("LG001", "entry-edited", number, _worthless(lines, number))
        elif line.entry.number != number:
            text = f"Line {number} was written as entry {line.entry.number}: lines were removed, added or reordered."
            yield Fault("LG002", "entries-moved", number, text)
        elif line.entry.previous != before:
            text = f"Line {number} does not follow the line before it, which was edited, replaced or removed."
            yield Fault("LG002", "entries-moved", number, text)
        before = line.sha256


def _worthless(lines: Sequence[Line], number: int) -> str:
    """What is wrong with a line, and with those that follow it for the same reason."""
    problem, last = lines[number - 1].problem, number
    while last < len(lines) and lines[last].entry is None and lines[last].problem == problem:
        last += 1
    return (
        f"Line {number} is worth nothing: {problem}."
        if last == number
        else f"Lines {number} to {last} are worth nothing: {problem.replace('it ', 'each ', 1)}."
    )


def _against_head(lines: Sequence[Line], head: Head | None, problem: str) -> Iterable[Fault]:
    if head is None:
        if lines or problem:
            text = f"The head is worth nothing: {problem or 'it is missing'}. Whether lines were cut off is unknown."
            yield Fault("LG003", "head-forged", 0, text)
    elif head.entries > len(lines):
        gone = head.entries - len(lines)
        text = f"The signed head counts {head.entries} entries, the ledger has {len(lines)}: {gone} cut off the end."
        yield Fault("LG004", "ledger-truncated", 0, text)
    elif head.entries and lines[head.entries - 1].sha256 != head.last:
        text = f"The signed head names another line {head.entries} than the ledger has: it was replaced."
        yield Fault("LG002", "entries-moved", head.entries, text)
    elif len(lines) > head.entries + 1:
        text = f"The ledger has {len(lines)} entries, its signed head knows {head.entries}: the head is an older one."
        yield Fault("LG003", "head-forged", 0, text)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the entries come to: versions that were registered or found, deleted ones, and where each alias points."""

    versions: frozenset[tuple[str, int]]
    aliases: dict[tuple[str, str], int]
    orders: frozenset[str]

    @classmethod
    def after(cls, deeds: Iterable[Deed]) -> Standing:
        """The standing after these deeds, in their order."""
        versions: set[tuple[str, int]] = set()
        aliases: dict[tuple[str, str], int] = {}
        orders: set[str] = set()
        for deed in deeds:
            orders.add(deed.order)
            if deed.act in (Act.REGISTERED, Act.UNADMITTED):
                versions.add((deed.model, deed.version))
            elif deed.act in MOVES:
                aliases[deed.model, deed.alias] = deed.version
            elif deed.act == Act.UNALIASED:
                aliases.pop((deed.model, deed.alias), None)
            elif deed.act == Act.DELETED:
                gone = {v for v in versions if v[0] == deed.model and deed.version in (0, v[1])}
                versions -= gone
                aliases = {at: v for at, v in aliases.items() if (at[0], v) not in gone}
        return cls(frozenset(versions), aliases, frozenset(orders - {""}))


def held_before(deeds: Iterable[Deed], model: str, alias: str, now: int) -> int:
    """The version that an alias named before the present one; 0 when it never named another.

    A rollback goes further back each time: what was rolled back from is not gone back to.
    """
    stack: list[int] = []
    for deed in deeds:
        if (deed.model, deed.alias) != (model, alias) or deed.act not in MOVES:
            continue
        if deed.act == Act.ROLLED_BACK:
            while stack and stack[-1] != deed.version:
                stack.pop()
        if not stack or stack[-1] != deed.version:
            stack.append(deed.version)
    while stack and stack[-1] == now:
        stack.pop()
    return stack[-1] if stack else 0
