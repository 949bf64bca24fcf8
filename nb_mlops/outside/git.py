"""What git knows of a folder. Without git, or when git refuses, every question has an empty answer."""

from __future__ import annotations

import os
from pathlib import Path

# A hook runs with the outer repository in these; asked about another folder, git would answer for the wrong one.
_INHERITED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")


def top(folder: Path) -> Path | None:
    """The root of the working tree that `folder` lies in, found without starting git."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def ignored(folder: Path) -> frozenset[str]:
    """What git ignores in `folder`: paths relative to it, posix, an ignored folder once with a slash at its end.

    An ignored `folder` itself is left out of the answer: whoever names it wants to see what is in it.
    """
    answer = _git(folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", "--", ".")
    names = (os.fsdecode(name) for name in answer.split(b"\0"))
    return frozenset(name for name in names if name not in ("", "./"))


def commit(folder: Path) -> str:
    """The commit that is checked out, with `-dirty` where tracked files differ from it; "" when there is none."""
    if top(folder) is None:
        return ""
    lines = _git(folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no").decode("ascii", "replace")
    head, *changes = [line for line in lines.splitlines() if line.startswith(("# branch.oid ", "1 ", "2 ", "u "))] or [
        ""
    ]
    oid = head.rpartition(" ")[2]
    return "" if oid in ("", "(initial)") else f"{oid}-dirty" if changes else oid


def _git(folder: Path, *arguments: str) -> bytes:
    import subprocess  # a third of the cost of starting up, and many folders are no repository

    environ = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    environ.update(GIT_OPTIONAL_LOCKS="0", LC_ALL="C")
    # A repository may name a program of its own as file-system monitor; reading a folder must not run it.
    command = ("git", "-c", "core.fsmonitor=false", "-C", os.fspath(folder), *arguments)
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environ, stdin=subprocess.DEVNULL)
    except OSError:
        return b""
    if done.returncode:
        import logging  # git mostly answers

        logging.getLogger(__name__).warning(
            "git has no answer for %s: %s", folder, done.stderr.decode("utf-8", "replace").strip()
        )
        return b""
    return done.stdout
