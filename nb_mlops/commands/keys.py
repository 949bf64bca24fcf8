"""keys: whose signature counts in this project, and for what. Your own private key is made, never shown or moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.errors import UsageError
from nb_mlops.core.value import Struct
from nb_mlops.outside import artefacts, signing, trust
from nb_mlops.outside.files import project_root
from nb_mlops.outside.ledger_file import LedgerFile
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.outside.signing import PublicKey
from nb_mlops.outside.trust import KeyEntry


class KnownKey(Struct, frozen=True):
    """A key as the project sees it today. `standing` is `trusted`, `not trusted` or why it may not sign."""

    key: str
    owner: str = ""
    purpose: tuple[str, ...] = ()
    assurance: str = ASSURANCES[0]
    added: str = ""
    until: str = ""
    standing: str = ""
    yours: bool = False


class OwnKey(Struct, frozen=True):
    """Your key: its id, its public half as PEM text, and where the private half lies."""

    key: str
    pem: str
    place: str


def new(out: str = "") -> OwnKey:
    """Make a key, in `out` with its public half beside it, or where yours belongs. Raises UsageError where there is a
    file already."""
    path = Path(out).expanduser() if out else signing.key_path()
    if path.exists():
        raise UsageError(
            f"There is a key at {path} already; another in its place would make what it signed look like a stranger's.",
            "`nb-mlops keys show` shows it; `--out FILE` makes one elsewhere, for CI or an approver.",
        )
    public = signing.make_key(path)
    if out:
        artefacts.write_whole(path.with_suffix(".pub.pem"), public.pem)
    return _own(public, path)


def show() -> OwnKey:
    """Your own key. Raises UsageError when there is none yet."""
    signer = signing.load_key("keys show")
    if signer is None:
        raise UsageError(
            f"There is no key at {signing.key_path()} yet.", "`nb-mlops check` makes one; so does `nb-mlops keys new`."
        )
    return _own(signer.public, signing.key_path())


def _own(public: PublicKey, path: Path) -> OwnKey:
    return OwnKey(public.keyid, public.pem.decode("ascii"), str(path))


def known() -> tuple[KnownKey, ...]:
    """Every key that the project has on record, and your own."""
    root, today = project_root("."), date.today()
    policy, entries = load_settings(".")[0].gate, trust.key_entries(root)
    signer = signing.load_key("keys list")
    own = signer.keyid if signer else ""
    ids = dict.fromkeys([*(key.keyid for key in artefacts.recorded_keys(root)), *entries, *([own] if own else ())])
    found = []
    for keyid in ids:
        entry = entries.get(keyid, KeyEntry(keyid))
        if keyid in entries:
            barred = entry.barred(entry.purpose[0] if entry.purpose else "", today)
            standing = barred or "trusted"
        elif keyid in policy.trusted_keys:
            standing = "trusted for evidence, by `trusted-keys`"
        elif keyid == own and policy.own_key and not policy.trusted_keys:
            standing = "trusted here, as your own"
        else:
            standing = "not trusted"
        found.append(
            KnownKey(
                keyid, entry.owner, entry.purpose, entry.assurance, entry.added, entry.until, standing, keyid == own
            )
        )
    return tuple(found)


def trust_key(word: str, owner: str, purpose: tuple[str, ...], assurance: str, until: str) -> KeyEntry:
    """Write into the project's keys that one counts; "" stands for your own, else the file of a public key or the
    beginning of a recorded key's id. Raises UsageError for a key that was revoked, and for what is no key."""
    root = project_root(".")
    public = _named(root, word)
    before = trust.key_entries(root).get(public.keyid)
    if before is not None and (before.revoked or before.problem):
        why = f"it was revoked on {before.revoked}" if before.revoked else before.problem
        raise UsageError(
            f"The key {public.keyid[:12]} cannot be trusted again: {why}.", "Let its owner make a new one."
        )
    if not owner.strip():
        raise UsageError("A key that counts has an owner.", "Name a person or a service: --owner NAME.")
    if until and date.fromisoformat(until) < date.today():
        raise UsageError(f"--until {until} has passed.", "Name a day to come.")
    chosen = tuple(p.value for p in Purpose if p.value in purpose)
    entry = KeyEntry(public.keyid, owner.strip(), chosen, assurance, date.today().isoformat(), until)
    artefacts.record_public_key(root, public)
    trust.write_entry(root, entry)
    return entry


def revoke(word: str, reason: str) -> KeyEntry:
    """Write into the project's keys that one counts no more, for anything it ever signed."""
    root = project_root(".")
    public = _named(root, word)
    before = trust.key_entries(root).get(public.keyid) or KeyEntry(public.keyid, purpose=(Purpose.EVIDENCE.value,))
    if before.revoked:
        return before
    if not reason.strip():
        raise UsageError("A key is revoked for a reason.", "Say it: --reason 'laptop lost'.")
    values = {name: getattr(before, name) for name in ("key", "owner", "purpose", "assurance", "added", "until")}
    entry = KeyEntry(**values, revoked=date.today().isoformat(), reason=reason.strip())
    trust.write_entry(root, entry)
    return entry


def entered(keyid: str) -> int:
    """How many lines of the project's ledger name a key as the one that signed them."""
    return sum(keyid in signing.named_keys(line) for line in LedgerFile(project_root(".")).lines())


def _named(root: Path, word: str) -> PublicKey:
    if not word:
        return signing.load_or_create_key("keys trust").public
    path = Path(word).expanduser()
    if path.is_file():
        return signing.public_key(path.read_bytes())
    return trust.find_key(root, word)
