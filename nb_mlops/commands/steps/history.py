"""What the versions of a repository's notebooks hold that the history keeps: each content is looked at once, ever."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nb_mlops.commands.steps.known import basis_of
from nb_mlops.core.finding import Report
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.core.sighting import Sighting
from nb_mlops.ipynb.read import read
from nb_mlops.linter import history as lines
from nb_mlops.linter.load import load_rules
from nb_mlops.outside import git, pool, versions

Told = Callable[[int, int], None]
_MANY = 32


def history(settings: LintSettings, since: str = "", told: Told = lambda done, of: None, cached: bool = True) -> Report:
    """Secrets and personal data in every version of every notebook, or what the named rules find; with `since`, in the
    versions that the commits after HEAD parted from it brought.

    A finding stands where the fault came in first, and names the commit. Raises UsageError outside of a repository.
    """
    root = git.repository(Path.cwd())
    found = versions.versions(root, git.merge_base(root, since) if since else "")
    chosen = lines.lasting(settings)
    folder = versions.memory_folder()
    salt = versions.salt(folder)
    memory = versions.Memory(folder, basis_of(chosen, salt))
    wanted = [version.blob for version in found]
    seen = memory.known(wanted) if cached else {}
    missing = [blob for blob in wanted if blob not in seen]
    look = partial(_look, root=str(root), settings=chosen, salt=salt)
    fresh: dict[str, tuple[Sighting, ...]] = {}
    for done, (blob, one) in enumerate(
        zip(missing, pool.in_order(look, missing, len(missing) > _MANY, _lost), strict=True)
    ):
        if one is not None:
            fresh[blob] = one
        told(len(seen) + done + 1, len(wanted))
    if cached and fresh:
        memory.keep(fresh)
    findings, silenced = lines.told(found, seen | fresh, versions.at_head(root) if found else ())
    return Report(findings, silenced, len({version.path for version in found}))


def _lost(blob: str) -> None:
    """A content that ended the process that read it: nothing is known of it."""


def _look(blob: str, root: str, settings: LintSettings, salt: str) -> tuple[Sighting, ...] | None:
    """What one content holds; None where it is not in this clone."""
    data = versions.blobs(root).read(blob)
    if data is None:
        return None
    notebook = read(data, blob)
    return lines.sightings(notebook, load_rules(), settings, salt) if isinstance(notebook, Notebook) else ()
