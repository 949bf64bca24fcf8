"""Which notebooks a change touches: those that differ from the point where it left the branch it is to join."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from nb_mlops.core.errors import NbMlopsError
from nb_mlops.linter import baseline as lines
from nb_mlops.outside import baseline_file, files, git


def changed(paths: Sequence[str], exclude: tuple[str, ...], revision: str) -> tuple[str, ...]:
    """The notebooks among those that `paths` name which have changed since HEAD and `revision` parted.

    What is not committed yet counts, too. Raises UsageError outside of a repository and for an unknown revision.
    """
    here = Path.cwd()
    root = git.repository(here)
    base = git.merge_base(here, revision)
    touched = {os.path.realpath(root / name) for name in git.changed_since(here, base)}
    if not touched:
        return ()
    return tuple(path for path in files.discover(paths, exclude, True) if os.path.realpath(path) in touched)


def shard_of(paths: Sequence[str], number: int, count: int) -> tuple[str, ...]:
    """The part of the notebooks that is shard `number` of `count`: by name, so that all shards together have each once
    and a notebook stays in its shard."""
    return tuple(path for path in paths if _hash(path) % count == number - 1)


def _hash(path: str) -> int:
    return int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:8], "big")


def notes(revision: str) -> tuple[str, ...]:
    """What else a reviewer should know of the change: it moves the bar that it is measured by."""
    here = Path.cwd()
    root, base = git.repository(here), git.merge_base(here, revision)
    found = []
    for name in ("pyproject.toml", "nb-mlops.toml"):
        old, new = git.file_at(root, base, name), _bytes(root / name)
        keys = files.differing_settings(old, new, name)
        if keys:
            found.append(f"This change edits the settings that judge it, in `{name}`: {', '.join(keys)}.")
    place = baseline_file.locate(files.load_settings(here)[0].lint.baseline or "nb-mlops-baseline.json", None)
    name = os.path.relpath(os.path.realpath(place.path), os.path.realpath(root)).replace(os.sep, "/")
    before, after = git.file_at(root, base, name), _bytes(place.path)
    if after and after != before and (added := _count(after, before or b"")):
        found.append(f"This change takes {added} more finding{'s' if added > 1 else ''} for known, in `{name}`.")
    return tuple(found)


def _bytes(path: Path) -> bytes | None:
    try:
        return files.read_bytes(path)
    except OSError:
        return None


def _count(after: bytes, before: bytes) -> int:
    """How many entries the baseline has that it had not."""
    try:
        new = lines.parse(after, "").notebooks
        old = lines.parse(before, "").notebooks if before else {}
    except NbMlopsError:
        return 0
    return sum(
        max(count - old.get(path, {}).get(code, {}).get(key, 0), 0)
        for path, entries in new.items()
        for code, keys in entries.items()
        for key, count in keys.items()
    )
