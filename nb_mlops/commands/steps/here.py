"""Where a command stands: whose policy counts, which registry is meant, and who asks."""

from __future__ import annotations

import contextlib
import getpass
import os
from pathlib import Path

from nb_mlops.core.settings import Policy
from nb_mlops.outside import git
from nb_mlops.outside.files import project_root
from nb_mlops.outside.settings_file import load_settings

_ROOT_VARIABLE = "NB_MLOPS_GATE_ROOT"


def policy_of(root: Path) -> Policy:
    """The policy of a folder."""
    return load_settings(str(root))[0].gate


def named_root() -> Path | None:
    """The folder whose policy and keys count on a machine that has no project: `$NB_MLOPS_GATE_ROOT`."""
    named = os.environ.get(_ROOT_VARIABLE)
    return Path(named).absolute() if named else None


def registry_of(given: str = "") -> tuple[Path, str]:
    """The project here, and the URI of the registry that is meant: the given one, else the policy's."""
    root = project_root(".").absolute()
    return root, given or policy_of(root).registry


def user(root: Path) -> str:
    """Who sits here: the name that git would put on a commit, else the account's."""
    with contextlib.suppress(Exception):
        if name := git.ask(root, "config", "user.name").decode("utf-8", "replace").strip():
            return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
