"""evidence: what statements say and whether they are genuine, for whoever has the files and the public keys alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from nb_mlops.core.assurance import Purpose
from nb_mlops.core.errors import NothingToDoError, UsageError
from nb_mlops.core.value import Struct, to_values
from nb_mlops.evidence.digest import bytes_digest
from nb_mlops.evidence.kind import Kind
from nb_mlops.evidence.statement import Statement, StatementError
from nb_mlops.gatekeeper.dossier import kinds
from nb_mlops.outside import artefacts, signing, trust
from nb_mlops.outside.files import project_root
from nb_mlops.outside.signing import PublicKey
from nb_mlops.outside.trust import KeyEntry


class Examined(Struct, frozen=True):
    """One envelope. `problem` says why it cannot be relied on ("" when nothing is wrong): it was edited, its key is not
    known or barred, or what it says is not understood. Fields that only a genuine one has are empty else."""

    path: str
    kind: str
    problem: str = ""
    key: str = ""
    owner: str = ""
    subject: str = ""
    tree: str = ""
    issued: str = ""
    assurance: str = ""
    digest: str = ""


class _Keys(Struct, frozen=True):
    known: tuple[PublicKey, ...]
    entries: dict[str, KeyEntry]


def examine(paths: Sequence[str], keys: str = "") -> tuple[Examined, ...]:
    """Each envelope below `paths` (the project's evidence when there is none), judged by the public keys in the folder
    `keys` (the project's when there is none). Needs no notebook, no model and no private key. Raises NothingToDoError
    where there is no envelope, UsageError where there is no key."""
    root = project_root(".")
    places = [Path(path) for path in paths] or [root / ".nb-mlops" / "evidence"]
    ring = _keys(Path(keys) if keys else root / ".nb-mlops" / "keys")
    found = sorted({file for place in places for file in _envelopes(place)})
    if not found:
        raise NothingToDoError("No statement was found.", "Name a folder or files that end in .dsse.json.")
    return tuple(_examined(file, ring)[0] for file in found)


def show(path: str, keys: str = "") -> tuple[Examined, dict[str, Any]]:
    """One envelope as `examine` judges it, and the statement in it; empty unless its signature fits."""
    ring = _keys(Path(keys) if keys else project_root(".") / ".nb-mlops" / "keys")
    if not Path(path).is_file():
        raise UsageError(f"`{path}` is not a file.", "Name a file that ends in .dsse.json.")
    return _examined(Path(path), ring)


def report(found: Sequence[Examined]) -> dict[str, Any]:
    """The judgement as JSON values; see schemas/evidence-report.schema.json."""
    return {
        "version": 1,
        "genuine": all(not one.problem for one in found),
        "statements": [to_values(one) for one in found],
    }


def _envelopes(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    elif place.is_dir():
        yield from place.rglob("*.dsse.json")
    else:
        raise UsageError(
            f"`{place}` is neither a file nor a folder.",
            "Name an envelope (`*.dsse.json`) or a folder that holds some, such as `.nb-mlops/evidence`.",
        )


def _keys(folder: Path) -> _Keys:
    known = artefacts.keys_in(folder)
    if not known:
        raise UsageError(
            f"There is no public key in `{folder}`, so no signature can be checked.", "Name the folder: --keys FOLDER."
        )
    return _Keys(known, trust.entries_in(folder))


def _examined(path: Path, ring: _Keys) -> tuple[Examined, dict[str, Any]]:
    name, shown = artefacts.kind_of(path.name), path.as_posix()
    try:
        keyid, payload = signing.open_envelope(path.read_bytes(), ring.known)
    except OSError as error:
        return Examined(shown, name, f"it cannot be read: {error.strerror}"), {}
    except signing.BadSignatureError as error:
        return Examined(shown, name, f"it is not what was signed: {error}"), {}
    except signing.UnknownKeyError as error:
        return Examined(shown, name, f"key {error.keyid[:12]} is not known here", error.keyid), {}
    entry = ring.entries.get(keyid, KeyEntry(keyid))
    try:
        statement = Statement.from_bytes(payload)
    except StatementError as error:
        return Examined(shown, name, f"it is not understood: {error}", keyid, entry.owner), {}
    values: dict[str, Any] = json.loads(statement.to_bytes())
    kind = next((kind for kind in kinds().values() if kind.type == statement.predicate_type), None)
    examined = Examined(
        path=shown,
        kind=kind.name if kind else name,
        problem=_problem(statement, kind, name, ring, keyid),
        key=keyid,
        owner=entry.owner,
        subject=statement.name,
        tree=statement.digest,
        issued=str(statement.predicate.get("issued", "")),
        assurance=str(statement.predicate.get("assurance", "")),
        digest=bytes_digest(payload),
    )
    return examined, values


def _problem(statement: Statement, kind: Kind | None, name: str, ring: _Keys, keyid: str) -> str:
    if kind is None:
        return f"its type {statement.predicate_type} is not known to this nb-mlops"
    if name and name != kind.name:
        return f"it is a {kind.name} statement under the name of another kind"
    try:
        kind.predicate.of(statement)
    except StatementError as error:
        return f"it is not understood: {error}"
    entry = ring.entries.get(keyid)
    if entry is None:
        return "its key cannot approve: nobody has entered it" if kind.purpose is Purpose.APPROVAL else ""
    why = entry.barred(kind.purpose.value, datetime.now(timezone.utc).date())
    return f"its key may not sign this: {why}" if why else ""
