"""doctor: how far can the gate be relied on as things stand here, and where could somebody go round it?"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from nb_mlops import __version__
from nb_mlops.analysis.autolog import autolog_cells, autolog_lines
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.premises import Autolog, OwnKey, Premises
from nb_mlops.core.settings import Settings
from nb_mlops.gatekeeper.premises import Diagnosis, diagnose
from nb_mlops.ipynb.read import read
from nb_mlops.outside import ci_place, premises, signing, trust
from nb_mlops.outside.discovery import discover
from nb_mlops.outside.files import project_root, read_bytes
from nb_mlops.outside.registry.address import shown
from nb_mlops.outside.settings_file import load_settings
from nb_mlops.reporters.json import finding_json


def doctor(where: str = ".") -> tuple[Diagnosis, Premises]:
    """The level of assurance of the set-up around `where`, and its open holes. A server that the settings name is asked
    one harmless question."""
    settings, _ = load_settings(where)
    seen = look(project_root(where), settings)
    return diagnose(seen, settings.gate), seen


def look(root: Path, settings: Settings) -> Premises:
    """All that can be seen from here."""
    uri, drawer = settings.gate.registry, root / ".nb-mlops"
    entries, today = trust.key_entries(root), date.today()
    counting = [e for e in entries.values() if not e.barred("evidence", today)]
    approving = [e for e in entries.values() if not e.barred("approval", today)]
    manifests, unread = premises.manifests(root)
    watched = ("registry.db", "mlartifacts", "models", "keys", "evidence", "ledger")
    places = tuple(place for name in watched if (place := premises.place(root, drawer / name)) is not None)
    return Premises(
        registries=tuple((shown(named), who) for named, who in premises.registries(os.environ)),
        database=None if uri else premises.place(root, drawer / "registry.db"),
        places=places,
        own_key=_own_key(root, entries),
        levels=tuple(sorted({entry.assurance for entry in counting})),
        approvers=len(approving),
        untracked=premises.untracked(root, drawer / "keys"),
        server=premises.server(uri) if uri.startswith(("http://", "https://")) else None,
        manifests=manifests,
        autologs=_autologs(root, settings),
        in_service=ci_place.place(os.environ).service,
        unread=unread,
    )


def _own_key(root: Path, entries: dict[str, trust.KeyEntry]) -> OwnKey | None:
    signer = signing.load_key("doctor")
    if signer is None:
        return None
    path, entry = signing.key_path().absolute(), entries.get(signer.keyid)
    inside = path.is_relative_to(root)
    place = path.relative_to(root).as_posix() if inside else path.name
    return OwnKey(signer.keyid, place, inside, entry.assurance if entry and not entry.revoked else "")


def _autologs(root: Path, settings: Settings) -> tuple[Autolog, ...]:
    found = []
    for path in discover((str(root),), settings.lint.exclude, True):
        data = read_bytes(path)
        notebook = read(data, path) if b"registered_model_name" in data else None
        if isinstance(notebook, Notebook):
            place = Path(os.path.relpath(path, root)).as_posix()
            found += [Autolog(place, f"cell {index + 1}") for index in autolog_cells(notebook)]
    for path, text in premises.texts(root, (".py",)):
        if "registered_model_name" in text:
            found += [Autolog(path, f"line {line}") for line in autolog_lines(text)]
    return tuple(found)


def report(diagnosis: Diagnosis, seen: Premises) -> dict[str, Any]:
    """The diagnosis as JSON values; see schemas/doctor-report.schema.json."""
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "level": int(diagnosis.level),
        "means": diagnosis.level.words,
        "next_step": diagnosis.next_step,
        "unread": list(seen.unread),
        "findings": [finding_json(hole) | {"data": dict(hole.data)} for hole in diagnosis.holes],
    }
