"""Orders: what a person wants a registry to do, signed where the person sits and carried out where the registry is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

from nb_mlops.commands import record
from nb_mlops.commands.steps.here import policy_of
from nb_mlops.commands.steps.seals import key_ring
from nb_mlops.core.assurance import Purpose
from nb_mlops.evidence.digest import bytes_digest
from nb_mlops.evidence.order import Order
from nb_mlops.evidence.statement import issued_at
from nb_mlops.evidence.strict import StatementError
from nb_mlops.outside import signing
from nb_mlops.outside.ledger_file import LedgerError
from nb_mlops.outside.signing import PublicKey

# An order is for now: a clock may be a little off, and a network slow.
_FRESH = timedelta(minutes=10)


def sign_order(order: Order) -> str:
    """The order as the text that the registry's store takes."""
    key = signing.load_or_create_key("models")
    return json.dumps(signing.sign(order.statement().to_bytes(), key), sort_keys=True, separators=(",", ":"))


def open_order(text: str, root: Path) -> tuple[Order, str, str]:
    """An order whose signature counts at `root`, the key that gave it, and its digest. Raises LedgerError."""
    again = "Give it with `nb-mlops models promote`, `rollback` or `feedback`, and a key that is trusted here."
    try:
        keyid, payload = signing.open_envelope(text.encode(), _ordering_keys(root))
        order = Order.of(payload)
    except signing.UnknownKeyError as error:
        raise LedgerError(
            f"The order is signed by key {error.keyid[:12]}, which is not trusted here.", again
        ) from error
    except (signing.BadSignatureError, StatementError) as error:
        raise LedgerError(f"The order counts for nothing: {error}.", again) from error
    if abs(datetime.now(timezone.utc) - issued_at(order.issued)) > _FRESH:
        raise LedgerError(
            f"The order was given at {order.issued}, which is not now; somebody may be repeating it.", again
        )
    digest = bytes_digest(text.encode())
    if digest in record.carried_out(root):
        raise LedgerError("The order was carried out before; it is good for once.", again)
    return order, keyid, digest


def _ordering_keys(root: Path) -> tuple[PublicKey, ...]:
    """The keys whose orders are carried out: those that may sign evidence or approvals today."""
    ring, today = key_ring(root, policy_of(root)), datetime.now(timezone.utc).date()
    barred = {
        keyid
        for keyid, entry in ring.entries.items()
        if entry.barred(Purpose.EVIDENCE.value, today) and entry.barred(Purpose.APPROVAL.value, today)
    }
    wanted = {*ring.entries, *ring.policy.trusted_keys, *([ring.own.keyid] if ring.own else ())} - barred
    return tuple(key for key in ring.known if key.keyid in wanted)
