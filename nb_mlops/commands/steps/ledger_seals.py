"""Whose word counts in a ledger: every line and the head opened with the keys that are trusted, and what a revoked key
left behind kept apart until somebody who may has signed for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from nb_mlops.commands.steps.here import policy_of
from nb_mlops.core.assurance import Purpose
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import Struct
from nb_mlops.evidence.ledger import Entry, Head, Line, upheld
from nb_mlops.evidence.strict import StatementError
from nb_mlops.outside import artefacts, signing, trust
from nb_mlops.outside.ledger_file import line_digest
from nb_mlops.outside.signing import PublicKey
from nb_mlops.outside.trust import KeyEntry


class LedgerKeys(Struct, frozen=True):
    """The keys of a project's ledger: those whose entries count, those that were revoked, what the project says of
    each, and those that the caller vouches for (`given`)."""

    good: tuple[PublicKey, ...]
    revoked: tuple[PublicKey, ...]
    entries: dict[str, KeyEntry]
    policy: Policy
    given: frozenset[str]

    def line(self, data: bytes) -> Line:
        """A line as far as it counts."""
        digest = line_digest(data)
        try:
            keyid, payload = signing.open_envelope(data, self.good)
            return Line(digest, Entry.of(payload), keyid)
        except signing.UnknownKeyError as error:
            disowned = self._disowned(data)
            return Line(digest, key=error.keyid if disowned else "", problem=self._why(error.keyid), disowned=disowned)
        except signing.BadSignatureError as error:
            return Line(digest, problem=f"it was edited after it was signed ({error})")
        except StatementError as error:
            return Line(digest, problem=str(error))

    def lines(self, data: Iterable[bytes]) -> tuple[Line, ...]:
        """The lines of a ledger in their order, with what counter-signatures make good again."""
        return upheld([self.line(line) for line in data], self.may_uphold)

    def head(self, data: bytes | None, revoked_too: bool = False) -> tuple[Head | None, str]:
        """The head, or None and what is wrong with it; ("" where there is none)."""
        if data is None:
            return None, ""
        try:
            keys = (*self.good, *self.revoked) if revoked_too else self.good
            return Head.of(signing.open_envelope(data, keys)[1]), ""
        except signing.UnknownKeyError as error:
            return None, self._why(error.keyid)
        except (signing.BadSignatureError, StatementError) as error:
            return None, f"it was edited after it was signed ({error})"

    def may_uphold(self, signer: str, revoked: str, day: date) -> str:
        """Why a key may not sign for what a revoked one left behind; "" when it may: it takes a key for approvals, and
        where the policy asks for four eyes one of another owner."""
        entry = self.entries.get(signer)
        if signer in self.given:
            return ""
        if entry is None:
            own = self.policy.own_key and not self.policy.trusted_keys
            return "" if own else "it is not trusted for approvals in this project"
        if why := entry.barred(Purpose.APPROVAL.value, day):
            return why
        before = self.entries.get(revoked)
        if self.policy.four_eyes and before and before.owner == entry.owner:
            return f"it belongs to {entry.owner}, whose own key was revoked, and the policy asks for four eyes"
        return ""

    def _disowned(self, data: bytes) -> Entry | None:
        """The entry under a good signature of a key that was revoked."""
        try:
            return Entry.of(signing.open_envelope(data, self.revoked)[1])
        except (signing.UnknownKeyError, signing.BadSignatureError, StatementError):
            return None

    def _why(self, keyid: str) -> str:
        """Why a key's word does not count here."""
        entry = self.entries.get(keyid)
        whose = f" of {entry.owner}" if entry and entry.owner else ""
        why = "which is not trusted here; if it is the registry's own, `nb-mlops keys trust` makes it count"
        if entry and (entry.revoked or entry.problem):
            why = f"which was revoked on {entry.revoked}: {entry.reason}" if entry.revoked else f"but {entry.problem}"
        return f"it is signed by key {keyid[:12]}{whose}, {why}"


def ledger_keys(root: Path, more: Sequence[PublicKey] = ()) -> LedgerKeys:
    """The keys whose entries count: those that the policy or the project's key folder names, as long as they are not
    revoked, this machine's own, and `more`. That a key has run out does not undo what it signed."""
    policy, entries = policy_of(root), trust.key_entries(root)
    own = signing.load_key("ledger")
    good = {key for key, entry in entries.items() if not entry.revoked and not entry.problem}
    barred = set(entries) - good
    wanted = (good | set(policy.trusted_keys)) - barred
    recorded = artefacts.recorded_keys(root)
    known = tuple(key for key in recorded if key.keyid in wanted)
    mine = [own.public] if own and own.keyid not in wanted | set(entries) else []
    revoked = tuple(key for key in recorded if key.keyid in barred and entries[key.keyid].revoked)
    given = frozenset(key.keyid for key in more)
    return LedgerKeys((*known, *mine, *more), revoked, entries, policy, given)
