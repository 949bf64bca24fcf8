"""What the signatures of envelopes are worth to a policy: each with its key, the key's owner and its reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.errors import SettingsError
from nb_mlops.core.hashing import is_sha256
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import Struct
from nb_mlops.gatekeeper.dossier import Paper, Seal, kinds
from nb_mlops.outside import artefacts, signing, trust
from nb_mlops.outside.artefacts import FiledEnvelope
from nb_mlops.outside.signing import PublicKey
from nb_mlops.outside.trust import KeyEntry


class KeyRing(Struct, frozen=True):
    """The public keys that are known here, what the project says of them, and one's own key where that alone counts."""

    known: tuple[PublicKey, ...]
    entries: Mapping[str, KeyEntry]
    policy: Policy
    own: PublicKey | None = None

    @property
    def approvers(self) -> frozenset[str]:
        """Owners of keys that may approve."""
        return frozenset(entry.owner for entry in self.entries.values() if Purpose.APPROVAL.value in entry.purpose)


def key_ring(root: Path, policy: Policy) -> KeyRing:
    """All keys that the folder and the policy speak of. Raises SettingsError for a key id that is none."""
    for keyid in policy.trusted_keys:
        if not is_sha256(keyid):
            raise SettingsError(
                f"`trusted-keys` holds `{keyid}`, which is not a key id.",
                "A key id is the 64 hex digits that name a file in .nb-mlops/keys.",
            )
    signer = signing.load_key("gate") if policy.own_key and not policy.trusted_keys else None
    own = signer.public if signer else None
    known = (*artefacts.recorded_keys(root), *([own] if own else ()))
    return KeyRing(known, trust.key_entries(root), policy, own)


def sealed(envelopes: Sequence[FiledEnvelope], ring: KeyRing, today: date) -> tuple[Paper, ...]:
    """Each envelope with what its signature is worth."""
    return tuple(_paper(envelope, ring, today) for envelope in envelopes)


def _paper(filed: FiledEnvelope, ring: KeyRing, today: date) -> Paper:
    try:
        keyid, payload = signing.open_envelope(filed.data, ring.known)
    except signing.BadSignatureError as error:
        return Paper(filed.path, filed.kind, Seal.BROKEN, note=str(error))
    except signing.UnknownKeyError as stranger:
        why = _unknown(stranger.keyid, ring)
        return Paper(filed.path, filed.kind, Seal.STRANGER, stranger.keyid, note=why)
    entry = ring.entries.get(keyid)
    kind = kinds().get(filed.kind)
    purpose = kind.purpose if kind else Purpose.EVIDENCE
    owner = entry.owner if entry else ""
    if entry is None and not _counts(keyid, purpose, ring):
        return Paper(filed.path, filed.kind, Seal.STRANGER, keyid, note=_unknown(keyid, ring))
    if entry is not None and (why := entry.barred(purpose.value, today)):
        return Paper(filed.path, filed.kind, Seal.BARRED, keyid, note=why, owner=owner)
    level = entry.assurance if entry else ASSURANCES[0]
    return Paper(filed.path, filed.kind, Seal.VALID, keyid, payload, filed.data, owner=owner, assurance=level)


def _counts(keyid: str, purpose: Purpose, ring: KeyRing) -> bool:
    """Whether a key counts that nobody has entered: one's own for everything, one of the policy's for evidence."""
    own = ring.own is not None and keyid == ring.own.keyid
    return own or (keyid in ring.policy.trusted_keys and purpose is Purpose.EVIDENCE)


def _unknown(keyid: str, ring: KeyRing) -> str:
    if keyid in ring.policy.trusted_keys and all(key.keyid != keyid for key in ring.known):
        return f"the policy names it, but its public key is not in `.nb-mlops/keys/{keyid[:12]}….pub.pem`"
    if keyid in ring.policy.trusted_keys:
        return "the policy trusts it for evidence alone"
    if ring.policy.trusted_keys:
        return "`trusted-keys` does not name it"
    if not ring.policy.own_key:
        return "the project has not entered it among its keys"
    return f"yours is {ring.own.keyid[:12]}" if ring.own else "you have no key of your own on this machine"
