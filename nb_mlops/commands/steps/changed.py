"""Which notebooks a change touches: those that differ from the point where it left the branch it is to join."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from nb_mlops.outside import discovery, git, programs


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
    return tuple(path for path in discovery.discover(paths, exclude, True) if os.path.realpath(path) in touched)


def with_changed_packages(paths: Sequence[str], exclude: tuple[str, ...], revision: str) -> tuple[str, ...]:
    """The notebooks among those that `paths` name whose converted packages the change touches."""
    here = Path.cwd()
    root = git.repository(here)
    names = programs.packaged(root, git.changed_since(here, git.merge_base(here, revision), ":/"))
    if not names:
        return ()
    return tuple(path for path in discovery.discover(paths, exclude, True) if Path(path).name in names)


def shard_of(paths: Sequence[str], number: int, count: int) -> tuple[str, ...]:
    """The part of the notebooks that is shard `number` of `count`: by name, so that all shards together have each once
    and a notebook stays in its shard."""
    return tuple(path for path in paths if _hash(path) % count == number - 1)


def _hash(path: str) -> int:
    return int.from_bytes(hashlib.sha256(path.encode("utf-8", "surrogateescape")).digest()[:8], "big")
