"""promote, rollback, feedback: what a person decides about a registered model, with a reason, on today's evidence."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops.commands import record
from nb_mlops.commands.gate import admit_version, report
from nb_mlops.commands.orders import sign_order
from nb_mlops.commands.steps.champion import CHAMPION
from nb_mlops.commands.steps.here import registry_of, user
from nb_mlops.core.errors import RegistryRefusedError, UsageError
from nb_mlops.evidence.ledger import NOTHING, Act, Deed, Grounds, held_before
from nb_mlops.evidence.order import Order
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.registry import shelf
from nb_mlops.outside.registry.shelf import Held, Shelf
from nb_mlops.outside.registry.words import NOTEBOOK_TAG


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of it. When `verdict` did not pass, nothing was changed; notes are not judged."""

    act: str
    model: str
    version: int
    alias: str
    held: int
    registry: str
    gated: bool = False
    verdict: Verdict | None = None

    @property
    def done(self) -> bool:
        """Whether it was done."""
        return self.verdict is None or self.verdict.passed

    @property
    def report(self) -> dict[str, Any]:
        """The decision as JSON values; `gate` is the gate's report."""
        values = {"version": 1, "done": self.done, "act": self.act, "model": self.model, "model_version": self.version}
        more = {"alias": self.alias, "held": self.held, "registry": self.registry, "gated": self.gated}
        return {**values, **more, "gate": report(self.verdict) if self.verdict else None}


def promote(name: str, reason: str, version: int = 0, to: str = CHAMPION, registry: str = "") -> Decision:
    """Let the alias `to` name a version (0: the newest), if the gate lets it pass as it is today."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions(name)
        held = opened.one(name, version=version or (versions[-1].version if versions else 1))
        return _move(opened, root, Act.PROMOTED, held, to, _at(versions, to), reason)


def rollback(name: str, reason: str, alias: str = CHAMPION, registry: str = "") -> Decision:
    """Let an alias name again what it named before, if the gate lets that pass as it is today."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions(name)
        now = _at(versions, alias)
        entries = record.told(root, [line for held in versions for line in held.lines], name)
        before = held_before((one.entry.deed for one in entries if not one.problem), name, alias, now)
        if not before:
            raise UsageError(
                f"The ledger knows no earlier version of `{name}` at `{alias}` to go back to.",
                f"`nb-mlops models history {name}` shows what it knows; `models promote --version N` names one.",
            )
        return _move(opened, root, Act.ROLLED_BACK, opened.one(name, version=before), alias, now, reason)


def feedback(name: str, note: str, alias: str = "", version: int = 0, registry: str = "") -> Decision:
    """Enter a note about a version (without alias and number: the champion, else the newest) in the ledger."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions(name)
        chosen = version or (0 if alias else _at(versions, CHAMPION) or (versions[-1].version if versions else 1))
        held = opened.one(name, alias, chosen)
        gated = _hand(opened, root, _order(root, Act.NOTED, held, "", 0, note), held, Grounds())
        return Decision(Act.NOTED.value, name, held.version, "", 0, opened.place, gated)


def _move(opened: Shelf, root: Path, act: Act, held: Held, alias: str, now: int, reason: str) -> Decision:
    with opened.copied(held) as copy:
        there, told = copy.contents, held.tags.get(NOTEBOOK_TAG, "")
        verdict = admit_version(held.name, there.files, there.envelopes, root, notebook=told)
    gated = False
    if verdict.passed:
        if held.digest != verdict.dossier.papers.subject:
            raise RegistryRefusedError(
                f"Version {held.version} of `{held.name}` is tagged as another model than its files and evidence are.",
                "Somebody wrote over it. Register the model again.",
            )
        order = _order(root, act, held, alias, now, reason)
        gated = _hand(opened, root, order, held, record.grounds(verdict, root))
    return Decision(act.value, held.name, held.version, alias, now, opened.place, gated, verdict)


def _hand(opened: Shelf, root: Path, order: Order, held: Held, grounds: Grounds) -> bool:
    """Let the registry's gate do it and enter it; where it has none, do it and enter it here."""
    if opened.hand(held, sign_order(order), order.alias):
        return True
    if order.alias:
        opened.point(held, order.alias)
    record.enter(
        root,
        Deed(
            act=order.act,
            model=order.model,
            version=order.version,
            digest=order.digest,
            alias=order.alias,
            held=order.held,
            who=order.who,
            reason=order.reason,
            store=opened.place,
            grounds=grounds,
        ),
    )
    return False


def _order(root: Path, act: Act, held: Held, alias: str, now: int, reason: str) -> Order:
    if not reason.strip():
        raise UsageError("A decision about a model needs a reason.", "Give it in words: --reason TEXT.")
    return Order(
        act=act.value,
        model=held.name,
        version=held.version,
        digest=held.digest or NOTHING,
        alias=alias,
        held=now,
        who=user(root),
        reason=reason.strip(),
        number=secrets.token_hex(8),
        issued=timestamp(datetime.now(timezone.utc)),
    )


def _at(versions: tuple[Held, ...], alias: str) -> int:
    return next((held.version for held in versions if alias in held.aliases), 0)
