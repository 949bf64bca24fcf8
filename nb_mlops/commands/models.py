"""models: what is in the registry, what is in use, and why it was allowed. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.commands.gate import admit_version
from nb_mlops.commands.record import Told, told
from nb_mlops.commands.steps.card import card_values
from nb_mlops.commands.steps.here import registry_of
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.evidence.ledger import MOVES
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.outside.registry import shelf
from nb_mlops.outside.registry.shelf import Copy, Held, Shelf
from nb_mlops.outside.registry.words import NOTEBOOK_TAG, OUR_TAGS


def listed(words: str = "", registry: str = "") -> dict[str, Any]:
    """Each model with its newest version and its aliases; with `words`, those that have them in their name, tags or
    notebook."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions()
        place = opened.place
    rows = []
    for name in dict.fromkeys(held.name for held in versions):
        own = [held for held in versions if held.name == name]
        if all(word.lower() in _text(own) for word in words.split()):
            aliases = {alias: held.version for held in own for alias in held.aliases}
            rows.append({"name": name, "versions": len(own), "aliases": aliases, "newest": _facts(own[-1])})
    return {**_head(place), "models": rows}


def show(name: str, alias: str = "", version: int = 0, registry: str = "") -> dict[str, Any]:
    """One version (without alias and number: the newest): what it is, and whether the gate would let it pass today."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        held = _chosen(opened, name, alias, version)
        judged: dict[str, Any]
        try:
            with opened.copied(held) as copy:
                verdict = _judged(held, copy, root)
            problems = [finding.message for finding in verdict.findings]
            judged = {"passed": verdict.passed, "problems": problems}
        except NbMlopsError as error:
            judged = {"passed": False, "problems": [str(error)]}
        return {**_head(opened.place), "model": _facts(held), "today": judged, "history": _history(held, root)}


def card(name: str, alias: str = "", version: int = 0, registry: str = "") -> dict[str, Any]:
    """The card of a version (without alias and number: the newest), from the evidence beside it.

    Raises NoCardError where it was not evaluated.
    """
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        held = _chosen(opened, name, alias, version)
        with opened.copied(held) as copy:
            verdict = _judged(held, copy, root)
        return card_values(verdict, str(held.version), held.tags.get(NOTEBOOK_TAG, ""))


def history(name: str, registry: str = "") -> dict[str, Any]:
    """All that was ever done with a model, oldest first, with the grounds for each admission."""
    root, uri = registry_of(registry)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions(name)
        entries = told(root, [line for held in versions for line in held.lines], name)
        if not entries and not versions:
            opened.one(name)  # says what there is
        return {**_head(opened.place), "model": name, "entries": [_entry(one) for one in entries]}


def board(registry: str = "", now: datetime | None = None) -> dict[str, Any]:
    """What is in use: a row for each alias, and for each model that no alias names its newest version."""
    root, uri = registry_of(registry)
    moment = now or datetime.now(timezone.utc)
    with shelf.opened(uri, root) as opened:
        versions = opened.versions()
        place = opened.place
    moves = told(root, [line for held in versions for line in held.lines])
    rows = []
    for name in dict.fromkeys(held.name for held in versions):
        own = [held for held in versions if held.name == name]
        used = [(alias, held) for held in own for alias in held.aliases] or [("", own[-1])]
        for alias, held in used:
            moved = _last_move(moves, name, alias) if alias else None
            rows.append(
                {
                    **_facts(held),
                    "alias": alias,
                    "age_days": (moment - held.created).days,
                    "since": moved.entry.time if moved else None,
                    "by": moved.entry.deed.who if moved else None,
                    "reason": moved.entry.deed.reason if moved else None,
                    "newest": own[-1].version,
                }
            )
    return {**_head(place), "time": timestamp(moment), "rows": rows}


def _judged(held: Held, copy: Copy, root: Path) -> Verdict:
    there = copy.contents
    return admit_version(held.name, there.files, there.envelopes, root, notebook=held.tags.get(NOTEBOOK_TAG, ""))


def _history(held: Held, root: Any) -> list[dict[str, Any]]:
    return [_entry(one) for one in told(root, held.lines, held.name) if one.entry.deed.version == held.version]


def _chosen(opened: Shelf, name: str, alias: str, version: int) -> Held:
    if alias or version:
        return opened.one(name, alias, version)
    own = opened.versions(name)
    return own[-1] if own else opened.one(name, version=1)  # which says what there is


def _last_move(entries: Iterable[Told], name: str, alias: str) -> Told | None:
    found = [one for one in entries if (one.entry.deed.model, one.entry.deed.alias) == (name, alias)]
    return next((one for one in reversed(found) if one.entry.deed.act in MOVES), None)


def _text(versions: Iterable[Held]) -> str:
    tags = (f"{key} {value}" for held in versions for key, value in held.tags.items())
    return " ".join([*(held.name for held in versions), *tags]).lower()


def _facts(held: Held) -> dict[str, Any]:
    return {
        "name": held.name,
        "version": held.version,
        "aliases": list(held.aliases),
        "registered": timestamp(held.created),
        "digest": held.digest,
        "notebook": held.tags.get(NOTEBOOK_TAG, ""),
        "assurance": held.tags.get("nb_mlops.assurance", ""),
        "evidence": held.tags.get("nb_mlops.evidence.digest", ""),
        "key": held.tags.get("nb_mlops.evidence.key", ""),
        "tags": {key: value for key, value in held.tags.items() if not key.startswith((OUR_TAGS, "mlflow."))},
    }


def _entry(one: Told) -> dict[str, Any]:
    entry, deed = one.entry, one.entry.deed
    grounds = deed.grounds
    return {
        "time": entry.time,
        "act": deed.act,
        "version": deed.version,
        "alias": deed.alias,
        "held": deed.held,
        "who": deed.who,
        "reason": deed.reason,
        "digest": deed.digest,
        "policy": grounds.policy,
        "assurance": grounds.assurance,
        "evidence": [{"kind": sheet.kind, "sha256": sheet.sha256, "key": sheet.key} for sheet in grounds.evidence],
        "proofs": list(grounds.proofs),
        "waivers": list(grounds.waivers),
        "ordered_by": deed.key,
        "recovered": entry.recovered,
        "entered_by": one.key,
        "problem": one.problem,
        "upheld_by": one.upheld_by,
    }


def _head(place: str) -> Mapping[str, Any]:
    return {"version": 1, "tool": {"name": "nb-mlops", "version": __version__}, "registry": place}
