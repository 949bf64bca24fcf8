"""The ledger, written and read: what commands and the registry's own store enter, and what an auditor is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.commands.steps.here import policy_of
from nb_mlops.commands.steps.ledger_seals import ledger_keys
from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.errors import NothingToDoError, UsageError
from nb_mlops.core.value import Struct, replace
from nb_mlops.evidence.digest import bytes_digest
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Entry, Fault, Grounds, Head, Sheet, Standing, faults
from nb_mlops.evidence.statement import timestamp
from nb_mlops.evidence.strict import StatementError, canonical_json, read, to_json
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.gatekeeper.dossier import Seal
from nb_mlops.gatekeeper.waive import in_words
from nb_mlops.outside import artefacts, signing
from nb_mlops.outside.ledger_file import LedgerError, LedgerFile, line_digest
from nb_mlops.outside.signing import PublicKey


class Account(Struct, frozen=True):
    """A ledger, read and verified: its entries, by number the keys that signed them, and what is wrong with it.
    `upheld` has the entries of revoked keys, each with the entry of the counter-signature by which it counts; `waiting`
    are the revoked keys that have entries without one."""

    entries: tuple[Entry, ...]
    keys: dict[int, str]
    faults: tuple[Fault, ...]
    head: Head | None
    upheld: dict[int, int]
    waiting: tuple[str, ...]


class Present(Struct, frozen=True):
    """What stands in a registry: versions with the digest that they are tagged with, and where each alias points."""

    versions: dict[tuple[str, int], str]
    aliases: dict[tuple[str, str], int]
    mirrored: tuple[str, ...] = ()


# Judges a version that nobody entered: the grounds on which it may stand, or None.
Judge = Callable[[str, int], "Grounds | None"]


@lru_cache(maxsize=64)
def ledger(root: Path) -> LedgerFile:
    """The ledger of a project or a server; one for each, so that its lock knows who holds it."""
    return LedgerFile(root)


def account(root: Path, more_keys: Sequence[PublicKey] = ()) -> Account:
    """The ledger of `root`, every signature verified with the keys that are trusted there and `more_keys`."""
    file, keys = ledger(root.absolute()), ledger_keys(root, more_keys)
    lines = keys.lines(file.lines())
    head, problem = keys.head(file.head())
    entries = tuple(line.entry for line in lines if line.entry is not None)
    signed = {line.entry.number: line.key for line in lines if line.entry is not None}
    again = {line.entry.number: line.upheld_by for line in lines if line.entry is not None and line.upheld_by}
    waiting = tuple(sorted({line.key for line in lines if line.disowned is not None}))
    return Account(entries, signed, faults(lines, head, problem), head, again, waiting)


@contextlib.contextmanager
def recording(root: Path, deed: Deed) -> Iterator[Callable[[Deed], bytes]]:
    """Do something to a registry and enter it, alone among all who use this ledger.

    What is about to be done is on disk before the registry is touched, so that it can be entered by whoever comes next
    should this process be ended in between. The caller calls what it is given with the deed when it is done.
    """
    file = ledger(root.absolute())
    with file.held():
        _sound_or_error(root)
        file.announce({"deed": to_json(deed)})
        yield lambda done: enter(root, done)
        file.settled()


def forget(root: Path) -> None:
    """What was announced was refused by the registry itself, so nothing was done."""
    ledger(root.absolute()).settled()


def enter(root: Path, deed: Deed, recovered: bool = False) -> bytes:
    """Add an entry and sign the head; returns the line."""
    file = ledger(root.absolute())
    key = signing.load_or_create_key("register")
    artefacts.record_public_key(root, key.public)
    with file.held():
        return _append(file, _sound_or_error(root), deed, recovered, key)


def uphold(root: Path, revoked: str, deed: Deed) -> tuple[int, int]:
    """Counter-sign, with the key at hand, all that a revoked key has entered so far; how many entries that are, and the
    number of the new one. `deed` says who and why.

    Raises UsageError for a key that may not, NothingToDoError where the revoked one entered nothing that is not upheld
    already, and LedgerError for a ledger in which anything else is wrong.
    """
    file, keys = ledger(root.absolute()), ledger_keys(root)
    key = signing.load_or_create_key("ledger countersign")
    if why := keys.may_uphold(key.keyid, revoked, _now().date()):
        raise UsageError(
            f"Your key {key.keyid[:12]} may not sign for what another one entered: {why}.",
            "Let somebody sign whose key may: `nb-mlops keys trust KEY --owner NAME --for approval` makes it so.",
        )
    with file.held():
        data = file.lines()
        lines = keys.lines(data)
        theirs = [number for number, line in enumerate(lines, 1) if line.disowned and line.key == revoked]
        if not theirs:
            raise NothingToDoError(f"Key {revoked[:12]} has entered nothing here that is not upheld already.")
        assumed = [replace(line, entry=line.entry or line.disowned) for line in lines]
        if wrong := faults(assumed, *keys.head(file.head(), revoked_too=True)):
            raise LedgerError(
                f"Nothing was signed, for more is wrong with the ledger than a revoked key. {wrong[0].message}",
                "`nb-mlops ledger verify` names all of it.",
            )
        deed = replace(deed, act=Act.COUNTERSIGNED.value, digest=lines[theirs[-1] - 1].sha256, key=revoked)
        artefacts.record_public_key(root, key.public)
        _append(file, data, deed, False, key)
    return len(theirs), len(data) + 1


def _append(file: LedgerFile, lines: Sequence[bytes], deed: Deed, recovered: bool, key: signing.Signer) -> bytes:
    """Add an entry after these lines, and sign the head."""
    last = line_digest(lines[-1]) if lines else NOTHING
    entry = Entry(len(lines) + 1, last, timestamp(_now()), deed, recovered, __version__)
    line = file.append(signing.sign(entry.statement().to_bytes(), key))
    head = Head(entry.number, line_digest(line), entry.time)
    file.set_head(signing.sign(head.statement().to_bytes(), key))
    return line


def interrupted(root: Path) -> bool:
    """Whether somebody announced a deed and did not come back."""
    return ledger(root.absolute()).pending() is not None


def reconcile(root: Path, present: Callable[[], Present], judge: Judge, store: str) -> list[tuple[Deed, bytes]]:
    """Enter what stands in the registry and not in the ledger; returns what was entered.

    A version that nobody entered is judged again: it is entered as registered when evidence speaks for it, and as
    unadmitted when it came past the gate.
    """
    file = ledger(root.absolute())
    with file.held():
        _sound_or_error(root)
        found = present()
        begun = _announced(file.pending())
        known = _known(file, found, root)
        missing = _missing(Standing.after(known), found, judge, store, begun)
        entered = [(deed, enter(root, deed, recovered=True)) for deed in missing]
        file.settled()
    return entered


def _missing(standing: Standing, found: Present, judge: Judge, store: str, begun: Deed | None) -> Iterator[Deed]:
    blank = Deed(Act.REGISTERED.value, "", store=store)
    for (model, version), digest in found.versions.items():
        if (model, version) not in standing.versions:
            grounds = judge(model, version)
            act = Act.UNADMITTED if grounds is None else Act.REGISTERED
            known = begun if begun and (begun.act, begun.model) == (act, model) else blank
            yield replace(
                known, act=act.value, model=model, version=version, digest=digest, grounds=grounds or Grounds()
            )
    for (model, alias), version in found.aliases.items():
        held = standing.aliases.get((model, alias), 0)
        if held != version:
            digest = found.versions.get((model, version), blank.digest)
            same = begun and (begun.model, begun.alias, begun.version) == (model, alias, version)
            known = begun if begun and same else replace(blank, act=Act.ALIASED.value, alias=alias)
            yield replace(known, model=model, version=version, digest=digest, held=held)
    for (model, alias), version in standing.aliases.items():
        if (model, alias) not in found.aliases and (model, version) in found.versions:
            yield replace(blank, act=Act.UNALIASED.value, model=model, alias=alias, held=version)
    for model, version in sorted(standing.versions - set(found.versions)):
        yield replace(blank, act=Act.DELETED.value, model=model, version=version)


def _known(file: LedgerFile, found: Present, root: Path) -> list[Deed]:
    """What is on file, and what other ledgers of the same registry left there under a signature that counts."""
    own = file.lines()
    digests = {line_digest(line) for line in own}
    keys, mirrored = ledger_keys(root), [line.encode() for line in found.mirrored]
    others = [keys.line(line) for line in mirrored if line_digest(line) not in digests]
    entries = [_unverified(line) for line in own] + [line.entry for line in others]
    return [entry.deed for entry in sorted((e for e in entries if e is not None), key=lambda e: e.time)]


def _announced(pending: Mapping[str, Any] | None) -> Deed | None:
    try:
        return read(Deed, (pending or {})["deed"], "deed")
    except (KeyError, StatementError):
        return None


def grounds(verdict: Verdict, root: Path) -> Grounds:
    """Why the gate was open, in the ledger's words."""
    papers = verdict.dossier.papers
    sheets = (Sheet(p.kind, bytes_digest(p.envelope), p.keyid) for p in papers.all if p.seal is Seal.VALID)
    # An approver's key reaches no further than its owner, and the policy asks nothing else of it.
    made = [one.assurance for one in papers.signed.values() if one.kind.purpose is Purpose.EVIDENCE]
    return Grounds(
        policy=policy_digest(root),
        assurance=min(made, key=ASSURANCES.index, default=""),
        evidence=tuple(sheets),
        proofs=tuple(proof.name for proof in verdict.proofs),
        waivers=tuple(in_words(used.waiver) for used in verdict.waivers),
    )


def policy_digest(root: Path) -> str:
    """The sha256 of the policy as it is now."""
    import msgspec

    return bytes_digest(canonical_json(msgspec.to_builtins(policy_of(root))))


def carried_out(root: Path) -> frozenset[str]:
    """The digests of the orders that the ledger has."""
    entries = (_unverified(line) for line in ledger(root.absolute()).lines())
    return Standing.after(entry.deed for entry in entries if entry).orders


class Told(Struct, frozen=True):
    """An entry as history tells it. `problem` says why its signature does not count here, "" where it does; `upheld_by`
    is the number of the counter-signature by which an entry of a revoked key counts, 0 for any other."""

    entry: Entry
    key: str
    problem: str = ""
    upheld_by: int = 0


def told(root: Path, lines: Iterable[str], model: str = "") -> tuple[Told, ...]:
    """Every entry about a model that a registry holds beside its versions (`lines`), and those in the ledger of `root`
    where that is the registry's, or no other has one; in order."""
    keys, own, shown = ledger_keys(root), ledger(root.absolute()).lines(), [line.encode() for line in lines]
    another = bool(shown) and set(shown).isdisjoint(own)
    raw = dict.fromkeys((*(() if another else own), *shown))
    known = {line.sha256: line for line in keys.lines(own)}
    found = []
    for line in raw:
        if (plain := _unverified(line)) is None or model not in ("", plain.deed.model):
            continue
        opened = known.get(line_digest(line)) or keys.line(line)
        key = opened.key or "".join(signing.named_keys(line)[:1])
        found.append(Told(plain, key, opened.problem, opened.upheld_by))
    return tuple(sorted(found, key=lambda one: (one.entry.time, one.entry.number)))


def _sound_or_error(root: Path) -> list[bytes]:
    """The lines, when the head is genuine and fits them. A ledger that was cut or exchanged is not written on, and by
    nobody whose key was revoked."""
    file, keys = ledger(root.absolute()), ledger_keys(root)
    lines, data = file.lines(), file.head()
    own = signing.load_key("ledger")
    if own and own.keyid in {key.keyid for key in keys.revoked}:
        raise LedgerError(
            f"Your key {own.keyid[:12]} was revoked, so what it enters into the ledger would count for nothing.",
            f"Make another one, `nb-mlops keys new --out FILE`, and set {signing.KEY_VARIABLE} to that file.",
        )
    remedy = "`nb-mlops ledger verify` names what is wrong. To begin anew, keep `.nb-mlops/ledger` under another name."
    if data is None and len(lines) < 2:
        return lines  # it begins, or the process that began it was ended before it could sign the head
    head, problem = keys.head(data)
    if head is None and keys.head(data, revoked_too=True)[0] is not None:
        remedy = "Look through what it entered, `nb-mlops ledger show`; if that stands: `nb-mlops ledger countersign`."
    if head is None:
        raise LedgerError(f"The ledger's head counts for nothing: {problem or 'it is missing'}.", remedy)
    known = head.entries in (len(lines), len(lines) - 1)
    if not known or not head.entries or line_digest(lines[head.entries - 1]) != head.last:
        raise LedgerError("The ledger does not end where its signed head says, so nothing more is entered.", remedy)
    return lines


def _unverified(line: bytes) -> Entry | None:
    try:
        return Entry.of(signing.unverified(line))
    except (signing.BadSignatureError, StatementError):
        return None


def _now() -> datetime:
    return datetime.now(timezone.utc)
