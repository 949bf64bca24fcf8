"""What git knows of a folder.

What is asked in passing has an empty answer without git, or when git refuses; what a person asked for by name is
answered, or is a UsageError that says what git said.
"""

from __future__ import annotations

import os
from pathlib import Path

from nb_mlops.core.errors import UsageError

# A hook runs with the outer repository in these; asked about another folder, git would answer for the wrong one.
_INHERITED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")

NOTEBOOKS = ":(icase)*.ipynb"
_ABSENT = 127


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


def repository(folder: Path) -> Path:
    """The root of the working tree. Raises UsageError where there is none."""
    found = top(Path(os.path.realpath(folder)))
    if found is None:
        raise UsageError(f"`{folder}` is in no git repository.", "Run this inside one, or `git init` first.")
    return found


def merge_base(folder: Path, revision: str) -> str:
    """The commit at which HEAD and `revision` parted. Raises UsageError for one that git does not know."""
    commit = ""
    try:
        commit = commit_of(folder, revision)
        return ask(folder, "merge-base", "HEAD", commit).decode().strip()
    except UsageError as error:
        unparted = f"git knows no point at which HEAD and `{revision}` parted."
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true":
            remedy = "This is a shallow clone: fetch the whole history (`git fetch --unshallow`, or `fetch-depth: 0`)."
            raise UsageError(unparted, remedy) from error
        if commit:
            raise UsageError(unparted, f"Name a branch that this one came from. ({error})") from error
        raise UsageError(f"There is no branch or commit `{revision}` here.", _instead(folder, revision)) from error


def _instead(folder: Path, revision: str) -> str:
    """What somebody who named a revision that is not there may have meant."""
    from difflib import get_close_matches  # most name what is there

    listed = _git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
    names = listed.decode("utf-8", "replace").split()
    near = [name for name in names if name.endswith(f"/{revision}")] or get_close_matches(revision, names, n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    return f"{hint}`git branch --all` lists what is here; `git fetch` brings more."


def commit_of(folder: Path, revision: str) -> str:
    """The commit that a revision names. Raises UsageError for one that git does not know, or that looks like an
    option."""
    if revision.startswith("-"):
        raise UsageError(f"`{revision}` is no revision.", "Name a branch, a tag or a commit.")
    return ask(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()


def changed_since(folder: Path, commit: str, which: str = NOTEBOOKS) -> tuple[str, ...]:
    """The notebooks (or other files) of the working tree that differ from a commit or are new, as paths from the tree's
    root."""
    root = repository(folder)
    changed = ask(root, "diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", commit, "--", which)
    untracked = ask(root, "ls-files", "-z", "--others", "--exclude-standard", "--", which)
    return tuple(sorted({os.fsdecode(name) for name in (changed + untracked).split(b"\0") if name}))


def main_branch(root: Path) -> str:
    """The branch that changes are to join: what the remote calls its head, else the one that is checked out."""
    told = _git(root, "for-each-ref", "--format=%(symref:short)", "refs/remotes/origin/HEAD").decode("utf-8", "replace")
    here = _git(root, "branch", "--show-current").decode("utf-8", "replace")
    return told.strip().removeprefix("origin/") or here.strip() or "main"


def remotes(root: Path) -> str:
    """Where the repository comes from: the remotes' addresses."""
    return _git(root, "remote", "-v").decode("utf-8", "replace")


def ignores(root: Path, path: str) -> bool:
    """Whether git leaves a file out of what is added."""
    return bool(_git(root, "ls-files", "--others", "--ignored", "--exclude-standard", "--", path).strip())


def file_at(folder: Path, commit: str, path: str) -> bytes | None:
    """A file as a commit has it, `path` from the tree's root; None when it has none."""
    try:
        return ask(folder, "cat-file", "blob", f"{commit}:{path}")
    except UsageError:
        return None


def ask(folder: Path, *arguments: str) -> bytes:
    """What git answers. Raises UsageError with git's own words when it does not."""
    code, answer, words = _run(folder, *arguments)
    if code:
        said = words.removeprefix("fatal: ") or (
            "it is not installed here" if code == _ABSENT else f"it ended with {code}"
        )
        raise UsageError(f"git has no answer: {said}.", "Run the same in a git repository whose history is complete.")
    return answer


def _git(folder: Path, *arguments: str) -> bytes:
    code, answer, words = _run(folder, *arguments)
    if code and words:
        import logging  # git mostly answers

        logging.getLogger(__name__).warning("git has no answer for %s: %s", folder, words)
    return b"" if code else answer


def environment() -> dict[str, str]:
    """The environment in which git is asked about a folder, whatever it is run from."""
    environ = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    return {**environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def command(folder: Path, *arguments: str) -> tuple[str, ...]:
    """The words that ask git. A repository may name a program of its own as file-system monitor; reading a folder must
    not run it."""
    return ("git", "-c", "core.fsmonitor=false", "-C", os.fspath(folder), *arguments)


def _run(folder: Path, *arguments: str) -> tuple[int, bytes, str]:
    """Exit code, answer, and what git had to say."""
    import subprocess  # a third of the cost of starting up, and many folders are no repository

    try:
        done = subprocess.run(
            command(folder, *arguments), capture_output=True, check=False, env=environment(), stdin=subprocess.DEVNULL
        )
    except OSError:
        return _ABSENT, b"", ""
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()
