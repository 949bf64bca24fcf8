"""ledger: is what was written down still all there, as it was written? What does it say? And does what a revoked key
wrote still stand?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.commands import record
from nb_mlops.commands.steps.here import registry_of, user
from nb_mlops.core.errors import NothingToDoError, UsageError
from nb_mlops.core.value import Struct
from nb_mlops.evidence.ledger import Act, Deed, Fault, Standing
from nb_mlops.outside import trust
from nb_mlops.outside.files import read_bytes
from nb_mlops.outside.ledger_file import LedgerError, line_digest
from nb_mlops.outside.registry import shelf
from nb_mlops.outside.registry.address import own_store, shown
from nb_mlops.outside.registry.shelf import Held
from nb_mlops.outside.signing import PublicKey, public_key


def verify(
    root: str = "", keys: Iterable[str] = (), head: str = "", offline: bool = False, registry: str = ""
) -> dict[str, Any]:
    """Every signature, the chain and the head; then, unless `offline`, the ledger against the registry: the one at the
    URI `registry`, else the project's own.

    `root` is the folder whose `.nb-mlops/ledger` is meant (default: the project here), `keys` are files of public keys
    that count beside the trusted ones. `head` is a head that somebody noted down: the ledger must still contain it.
    """
    folder = _folder(root)
    compared = not offline and (bool(registry) or own_store(folder).is_file())
    # Which enters what a process that was ended could not.
    versions, place = _versions(folder, registry) if compared else ((), "")
    found = record.account(folder, tuple(_key(path) for path in keys))
    faults = list(found.faults)
    lines = record.ledger(folder).lines()
    faults += _noted(head, lines)
    if compared:
        faults += _against_registry(versions, folder, found)
    unadmitted = [entry for entry in found.entries if entry.deed.act == Act.UNADMITTED]
    faults += [_past_the_gate(entry.deed.model, entry.deed.version, entry.number) for entry in unadmitted]
    return {
        **_frame(folder),
        "entries": len(lines),
        "head": line_digest(lines[-1]) if lines else None,
        "signed_by": sorted(set(found.keys.values())),
        "recovered": [entry.number for entry in found.entries if entry.recovered],
        "upheld": _upheld(found),
        "waiting": list(found.waiting),
        "compared": compared,
        "registry": place,
        "sound": not faults,
        "faults": [asdict(fault) for fault in faults],
    }


def show(root: str = "", model: str = "") -> dict[str, Any]:
    """The entries, oldest first; those of one model when it is named."""
    folder = _folder(root)
    found = record.told(folder, (), model)
    entries = [
        {"number": one.entry.number, "time": one.entry.time, **asdict(one.entry.deed), "recovered": one.entry.recovered,
         "entered_by": one.key, "problem": one.problem, "upheld_by": one.upheld_by}
        for one in found
    ]  # fmt: skip
    return {**_frame(folder), "entries": entries}


class Countersigned(Struct, frozen=True):
    """How many entries of a revoked key stand again, and the number of the entry that says so."""

    key: str
    entries: int
    number: int


def countersign(key: str, reason: str, root: str = "", head: str = "", offline: bool = False) -> Countersigned:
    """Sign, with the key at hand, that what a revoked key had entered was looked through and stands.

    `key` is the beginning of its id. What that key signs from now on counts for nothing still. Raises
    UsageError for a key that is not revoked, and for one at hand that may not; LedgerError, and nothing is signed,
    where the ledger is cut, edited or exchanged: by itself, against the noted `head`, or, unless `offline`, against
    what the project's registry keeps.
    """
    folder = _folder(root)
    if not reason.strip():
        raise UsageError("A counter-signature gives its reason.", "Say what was looked at: --reason TEXT.")
    keyid = trust.find_key(folder, key).keyid
    entry = trust.key_entries(folder).get(keyid)
    if entry is None or not entry.revoked:
        raise UsageError(f"Key {keyid[:12]} was not revoked, so what it entered needs nobody else's signature.")
    wrong = _noted(head, record.ledger(folder).lines())
    if not offline and own_store(folder).is_file():
        held, _ = _versions(folder, "")
        wrong += [fault for fault in _against_registry(held, folder, record.account(folder)) if fault.code == "LG004"]
    if wrong:
        raise LedgerError(f"Nothing was signed. {wrong[0].message}", "`nb-mlops ledger verify` names all of it.")
    count, number = record.uphold(folder, keyid, Deed("", "", who=user(folder), reason=reason.strip()))
    return Countersigned(keyid, count, number)


def _noted(head: str, lines: Sequence[bytes]) -> list[Fault]:
    """A head that somebody noted down must still be there."""
    if not head or head in [line_digest(line) for line in lines]:
        return []
    text = f"The head {head[:12]} that was noted down is not in this ledger: it was cut or exchanged since."
    return [Fault("LG005", "head-unknown", 0, text)]


def _upheld(found: record.Account) -> list[dict[str, Any]]:
    """The counter-signatures that entries count by."""
    by = {entry.number: entry for entry in found.entries}
    counted = Counter((number, found.keys[line]) for line, number in found.upheld.items())
    return [
        {"key": key, "entries": count, "number": number, "signed_by": found.keys[number],
         "who": by[number].deed.who, "reason": by[number].deed.reason}
        for (number, key), count in sorted(counted.items())
    ]  # fmt: skip


def _versions(folder: Path, registry: str) -> tuple[tuple[Held, ...], str]:
    """What the registry holds, and its URI as people may see it."""
    with shelf.opened(registry, folder) as opened:
        return opened.versions(), opened.place


def _against_registry(versions: Iterable[Held], folder: Path, found: record.Account) -> list[Fault]:
    """What the registry shows and the ledger does not tell, or tells otherwise."""
    standing = Standing.after(entry.deed for entry in found.entries)
    known = {line_digest(line) for line in record.ledger(folder).lines()}
    faults = []
    for held in versions:
        if (held.name, held.version) not in standing.versions:
            faults.append(_untold(held.name, held.version))
        gone = [line for line in held.lines if line_digest(line.encode()) not in known]
        if gone:
            text = (
                f"The registry keeps {len(gone)} entries about version {held.version} of `{held.name}` that the "
                "ledger has not: it was cut off or exchanged together with its head."
            )
            faults.append(Fault("LG004", "ledger-truncated", 0, text))
        for alias in held.aliases:
            if standing.aliases.get((held.name, alias), 0) != held.version:
                text = f"`{held.name}@{alias}` names version {held.version}, and the ledger does not say why."
                faults.append(Fault("LG006", "untold-move", 0, text))
    return faults


def _untold(model: str, version: int) -> Fault:
    text = f"Version {version} of `{model}` is in the registry, and the ledger does not say how it came there."
    return Fault("LG006", "untold-version", 0, text)


def _past_the_gate(model: str, version: int, line: int) -> Fault:
    text = f"Version {version} of `{model}` came into the registry past the gate: no evidence speaks for it."
    return Fault("LG007", "past-the-gate", line, text)


def _frame(folder: Path) -> dict[str, Any]:
    return {"version": 1, "tool": {"name": "nb-mlops", "version": __version__}, "project": folder.name}


def _folder(root: str) -> Path:
    here, elsewhere = registry_of()
    folder = Path(root).absolute() if root else here
    if not record.ledger(folder).lines() and record.ledger(folder).head() is None:
        if elsewhere and not root:
            raise NothingToDoError(
                f"This project has no ledger: its registry is {shown(elsewhere)}, and a gated one keeps its own.",
                "`nb-mlops models history NAME` shows what it tells; there, or with a copy: --root FOLDER.",
            )
        raise NothingToDoError(
            "There is no ledger here yet: it begins with the first registration.",
            "Stand in the project, or name the folder whose `.nb-mlops/ledger` is meant: --root FOLDER.",
        )
    return folder


def _key(path: str) -> PublicKey:
    try:
        return public_key(read_bytes(path))
    except OSError as error:
        raise UsageError(
            f"The key `{path}` cannot be read: {error.strerror}.", "Name the file of a public key: --key NAME.pub.pem."
        ) from error
