"""What a reviewer should know of a change beside its notebooks: whether it moves the bar that it is measured by."""

from __future__ import annotations

import os
from pathlib import Path

from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.wording import many
from nb_mlops.linter import baseline as lines
from nb_mlops.outside import baseline_file, files, git, settings_file


def notes(revision: str) -> tuple[str, ...]:
    """A sentence for each such thing that differs from where HEAD and `revision` parted."""
    here = Path.cwd()
    root, base = git.repository(here), git.merge_base(here, revision)
    found = []
    for name in ("pyproject.toml", "nb-mlops.toml"):
        old, new = git.file_at(root, base, name), _bytes(root / name)
        keys = settings_file.differing_settings(old, new, name)
        if keys:
            found.append(f"This change edits the settings that judge it, in `{name}`: {', '.join(keys)}.")
    place = baseline_file.locate(settings_file.load_settings(here)[0].lint.baseline or "nb-mlops-baseline.json", None)
    name = os.path.relpath(os.path.realpath(place.path), os.path.realpath(root)).replace(os.sep, "/")
    before, after = git.file_at(root, base, name), _bytes(place.path)
    if after and after != before and (added := _count(after, before or b"")):
        found.append(f"This change takes {many(added, 'more finding')} for known, in `{name}`.")
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
