"""Every content that a repository's notebooks ever had, and what was found in each, remembered by content."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from nb_mlops.core.sighting import Sighting, Version
from nb_mlops.outside import git

_FILES = frozenset({"100644", "100755"})


def versions(root: Path, since: str = "") -> tuple[Version, ...]:
    """Each content once, with the first commit that has it, oldest first: of every branch, or, with `since`, of the
    commits of HEAD that this one has not."""
    which = (f"{since}..HEAD",) if since else ("--all",)
    answer = git.ask(
        root, "log", "--no-color", "--format=%x01%H%x02%cs", "--raw", "-z", "--no-abbrev", "-m", "--no-renames",
        "--diff-filter=AMT", "--reverse", "--topo-order", *which, "--", git.NOTEBOOKS,
    )  # fmt: skip
    found: dict[str, Version] = {}
    commit = date = ""
    words = iter(answer.split(b"\0"))
    for word in words:
        word = word.lstrip(b"\n")
        if word.startswith(b"\1"):
            commit, _, date = word[1:].decode("ascii", "replace").partition("\2")
        elif word.startswith(b":"):
            _, mode, _, blob, *_ = word[1:].decode("ascii").split(" ")
            path = os.fsdecode(next(words, b""))
            if mode in _FILES:
                found.setdefault(blob, Version(blob, path, commit, date.strip()))
    return tuple(found.values())


def at_head(root: Path) -> frozenset[str]:
    """The contents of the files that HEAD has."""
    answer = git.ask(root, "ls-tree", "-r", "-z", "HEAD")
    return frozenset(row.split(b"\t")[0].split(b" ")[2].decode() for row in answer.split(b"\0") if row)


@cache
def blobs(root: str) -> Blobs:
    """This process's reader of a repository's contents."""
    return Blobs(Path(root))


class Blobs:
    """Contents by name, from one git process that stays."""

    def __init__(self, root: Path) -> None:
        self._git = subprocess.Popen(
            git.command(root, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=git.environment(),
        )

    def read(self, blob: str) -> bytes | None:
        """The content; None for one that is not in this clone."""
        assert self._git.stdin is not None and self._git.stdout is not None
        self._git.stdin.write(blob.encode() + b"\n")
        self._git.stdin.flush()
        head = self._git.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        data = self._git.stdout.read(int(head[2]))
        self._git.stdout.read(1)
        return data


class Memory:
    """What was found in each content, by everything else that it depends on. Lines are appended, so that any number of
    runs may share the file; one that cannot be understood counts as missing."""

    def __init__(self, folder: Path, basis: str) -> None:
        self._file = folder / f"{basis[:40]}.jsonl"

    def known(self, wanted: Iterable[str]) -> dict[str, tuple[Sighting, ...]]:
        """What is known of these contents."""
        among, found = frozenset(wanted), {}
        decoder = msgspec.json.Decoder(tuple[str, tuple[Sighting, ...]])
        with contextlib.suppress(OSError):
            for line in self._file.read_bytes().splitlines():
                with contextlib.suppress(ValueError, msgspec.MsgspecError):
                    blob, seen = decoder.decode(line)
                    if blob in among:
                        found[blob] = seen
        return found

    def keep(self, seen: Mapping[str, Sequence[Sighting]]) -> None:
        """Remember what was found."""
        lines = b"".join(msgspec.json.encode((blob, one)) + b"\n" for blob, one in seen.items())
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                file.write(lines)


def memory_folder() -> Path:
    """Where what was found is remembered: in the user's cache folder, never in the repository."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "nb-mlops" / "history"


def salt(folder: Path) -> str:
    """The key of the hashes of secrets: made once, readable by its owner alone; a fresh one where it cannot be kept."""
    file = folder / "salt"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as made:
                made.write(secrets.token_hex(16))
        if len(known := file.read_text("ascii", "replace").strip()) == 32:
            return known
    return secrets.token_hex(16)
