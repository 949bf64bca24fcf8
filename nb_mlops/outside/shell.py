"""Runs a command as a user would type it, in its own process, on the user's own terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# What the first word of a command stands for here: always this interpreter's own, whatever PATH says.
_PROGRAMS = {
    "nb-mlops": ("-m", "nb_mlops"),
    "python": (),
    "jupyter execute": ("-W", "ignore", "-c", "from nbclient.cli import main; main()"),
}


# Jupyter logs each of its own steps to stderr; they are shown when something went wrong.
_CHATTY = "jupyter execute"


def run(command: str, folder: Path) -> int:
    """Run `command` (plain words, no quoting) in `folder` and give back its exit code."""
    for program, instead in _PROGRAMS.items():
        if command.startswith(program + " "):
            words = [sys.executable, *instead, *command[len(program) :].split()]
            held = subprocess.PIPE if program == _CHATTY else None
            done = subprocess.run(words, cwd=folder, env=_environment(), stderr=held, check=False)
            if done.returncode and done.stderr:
                sys.stderr.buffer.write(done.stderr)
            return done.returncode
    raise ValueError(f"no such program here: {command}")


def _environment() -> dict[str, str]:
    """The caller's environment; output is not held back, so that it appears in the order in which it was written."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
