"""Which keys a project trusts, and for what: `.nb-mlops/keys/<key id>.json` beside the public key, kept in git.

What cannot be read to the last field bars its key: a revocation that somebody damaged must not turn into trust.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from nb_mlops.core.assurance import ASSURANCES, Purpose
from nb_mlops.core.errors import UsageError
from nb_mlops.core.hashing import is_sha256
from nb_mlops.outside.artefacts import recorded_keys, state_dir, write_whole
from nb_mlops.outside.signing import PublicKey


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What the project says of a key. `purpose` is what it may sign; `assurance` who can get at it; days are ISO text,
    "" for none. `problem` says why the entry cannot be used."""

    key: str
    owner: str = ""
    purpose: tuple[str, ...] = ()
    assurance: str = ASSURANCES[0]
    added: str = ""
    until: str = ""
    revoked: str = ""
    reason: str = ""
    problem: str = ""

    def barred(self, purpose: str, today: date) -> str:
        """Why the key may not sign for a purpose on a day; "" when it may."""
        if self.problem:
            return f"what the project says of it is not understood: {self.problem}"
        if self.revoked:
            return f"it was revoked on {self.revoked}: {self.reason}"
        if self.until and today > date.fromisoformat(self.until):
            return f"it was trusted until {self.until}"
        if purpose not in self.purpose:
            return f"it is trusted for {' and '.join(self.purpose)}, not for {purpose}"
        return ""


def key_entries(root: Path) -> dict[str, KeyEntry]:
    """Every entry that the project keeps, by key id."""
    return entries_in(root / ".nb-mlops" / "keys")


def entries_in(folder: Path) -> dict[str, KeyEntry]:
    """Every entry in a folder, by key id."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        if is_sha256(path.stem):
            found[path.stem] = _read(path)
    return found


def write_entry(root: Path, entry: KeyEntry) -> Path:
    """Keep an entry; returns its file."""
    values = {"version": 1, **asdict(entry)}
    del values["problem"]
    path = state_dir(root) / "keys" / f"{entry.key}.json"
    path.parent.mkdir(exist_ok=True)
    write_whole(path, (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode())
    return path


def find_key(root: Path, word: str) -> PublicKey:
    """The recorded key whose id begins with `word`. Raises UsageError unless there is exactly one."""
    found = [key for key in recorded_keys(root) if key.keyid.startswith(word)]
    if len(found) == 1 and len(word) >= 4:
        return found[0]
    many = "several keys" if len(found) > 1 else "no key"
    raise UsageError(
        f"`{word}` names {many} in .nb-mlops/keys.",
        "`nb-mlops keys list` shows their ids; or name the file of a public key (PEM).",
    )


def _read(path: Path) -> KeyEntry:
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return KeyEntry(path.stem, problem="it is not JSON")
    problem = _problem(values, path.stem)
    if problem:
        return KeyEntry(path.stem, problem=problem)
    del values["version"]
    return KeyEntry(**{**values, "purpose": tuple(values["purpose"])})


def _problem(values: object, keyid: str) -> str:
    names = set(KeyEntry.__dataclass_fields__) - {"problem"} | {"version"}
    if not isinstance(values, Mapping) or set(values) != names:
        return "its fields are not the known ones"
    texts = [values[name] for name in names - {"version", "purpose"}]
    if values["version"] != 1 or not all(isinstance(text, str) for text in texts) or values["key"] != keyid:
        return "it is of another version, or about another key"
    if not isinstance(values["purpose"], list) or not set(map(str, values["purpose"])) <= set(Purpose):
        return "its purpose is not a known one"
    if values["assurance"] not in ASSURANCES:
        return "its assurance is not a known one"
    try:
        for name in ("added", "until", "revoked"):
            if values[name]:
                date.fromisoformat(values[name])
    except ValueError:
        return f"`{name}` is not a day"
    return ""
