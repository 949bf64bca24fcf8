"""A git repository of notebooks on disk, with real commits, and the programs that people run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ("rate = 2", 1)
STALE = (("rate = 1", 1), ("total = rate * 3\ntotal", 3), ("rate = 2", 2))


def notebook_of(
    *cells: tuple[str, int | None], outputs: Mapping[int, list[Any]] | None = None, **metadata: Any
) -> bytes:
    """A notebook file of (source, execution count) code cells."""
    made = [
        {
            "cell_type": "code",
            "execution_count": count,
            "id": f"cell-{index}",
            "metadata": {},
            "outputs": (outputs or {}).get(index, []),
            "source": source.splitlines(keepends=True),
        }
        for index, (source, count) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    document = {"cells": made, "metadata": {**kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(document, indent=1) + "\n").encode()


@dataclass(frozen=True)
class Repo:
    """A working tree. Nothing of the machine's own git configuration holds in it."""

    root: Path
    home: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "NB_MLOPS", "CI", "GITHUB_"))
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        own = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / ".config"), "GIT_CONFIG_NOSYSTEM": "1"}
        return {**kept, "PATH": path, **own, "LC_ALL": "C", "NO_COLOR": "1", **self.extra}

    def run(self, *words: str, code: int | None = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a program here; with `code`, its exit code must be that."""
        done = subprocess.run(
            words,
            cwd=self.root,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert code is None or done.returncode == code, f"{words} -> {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def git(self, *words: str, code: int | None = 0) -> str:
        return self.run("git", *words, code=code).stdout

    def nbm(self, *words: str, code: int | None = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "nb_mlops", *words, code=code, **environ)

    def write(self, path: str, data: bytes | str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    def commit(self, message: str = "Change", *paths: str) -> str:
        self.git("add", *(paths or ("-A",)))
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()


def new_repo(folder: Path, **extra: str) -> Repo:
    """An empty repository on branch `main`."""
    repo = Repo(folder / "work", folder / "home", extra)
    repo.root.mkdir(parents=True)
    repo.home.mkdir()
    repo.git("init", "-q", "-b", "main")
    for name, value in (
        ("user.name", "A Tester"),
        ("user.email", "tester@example.invalid"),
        ("commit.gpgsign", "false"),
    ):
        repo.git("config", name, value)
    return repo
