"""An environment written down to the last package, and built again from that, beside the one it was taken from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from nb_mlops.core.errors import UsageError
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import Struct

_HEADER = "# What a notebook ran with, written by nb-mlops check --lock. Python {python}\n"
_OWN = "nb-mlops"  # what a kernel needs of it, the runner brings along
_READY = "nb-mlops-ready"
_DRAWN = " \t|^\u2502\u2570\u2500\u25b6\u00d7"  # the lines and arrows around what uv says
_LOGIN = pattern(r"://[^/@\s]+@")
_LIMIT = 1800  # seconds that building an environment may take
# In the kernel's own Python: every distribution with what it requires here.
_ASK = (
    "import json, re, importlib.metadata as m\n"
    "def names(d):\n"
    "    for r in d.requires or ():\n"
    "        if 'extra ==' not in r: yield re.match(r'[\\w.-]+', r)[0]\n"
    "print(json.dumps({d.name: [d.version, list(names(d))] for d in m.distributions() if d.name}))"
)


class Lock(Struct, frozen=True):
    """A lock file's text, and whether it holds the packages' hashes (only where uv is at hand)."""

    text: str
    hashed: bool

    @property
    def digest(self) -> str:
        """What makes two locks the same: their lines, without comments."""
        lines = [line for line in self.text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        return hashlib.sha256("\n".join([_python_of(self.text), *lines]).encode()).hexdigest()


def lock(python: str, version: str, used: Iterable[str]) -> Lock:
    """The packages that a run used, with all they require, as they are installed beside the interpreter `python`.

    Raises UsageError where that interpreter does not answer.
    """
    asked = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, timeout=120, check=False)
    if asked.returncode:
        raise UsageError(
            "The kernel's Python does not say what is installed beside it, so nothing was locked.",
            "See whether it starts: run it by its path, or name another with --kernel.",
        )
    installed = {_normal(name): (name, *found) for name, found in json.loads(asked.stdout).items()}
    pins = _pins(installed, [*used, "ipykernel"])
    header = _HEADER.format(python=version)
    uv = shutil.which("uv") or _beside("uv")
    if uv:
        command = [uv, "pip", "compile", "-", "--no-deps", "--generate-hashes", "--no-header", "--no-annotate", "-q"]
        told = subprocess.run(
            [*command, "--python-version", version],
            input=pins,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if told.returncode == 0:
            return Lock(header + told.stdout, True)
    return Lock(header + pins, False)


def _pins(installed: Mapping[str, tuple[str, str, list[str]]], wanted: Iterable[str]) -> str:
    found: dict[str, str] = {}
    todo = [_normal(name) for name in wanted]
    while todo:
        name = todo.pop()
        if name in found or name not in installed or name == _OWN:
            continue
        shown, version, requires = installed[name]
        found[name] = f"{shown}=={version}"
        todo.extend(map(_normal, requires))
    return "".join(f"{line}\n" for _, line in sorted(found.items()))


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _beside(tool: str) -> str | None:
    """A tool that is installed beside this Python and not on the path."""
    place = Path(sys.executable).with_name(tool)
    return str(place) if os.access(place, os.X_OK) else None


def _python_of(text: str) -> str:
    first = text.partition("\n")[0]
    return first.rpartition("Python ")[2].strip() if first.startswith("# ") else ""


def rebuild(found: Lock) -> str:
    """The Python of an environment that holds exactly what the lock says; built once, then found again by the digest.

    Raises UsageError, with what the installer said last, where it cannot be built.
    """
    place = _cache() / found.digest[:24]
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (place / _READY).exists():
        return str(python)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    requirements = place.with_suffix(".txt")
    requirements.write_text(found.text, encoding="utf-8")
    version = _python_of(found.text)
    for step in _steps(place, python, requirements, version, found.hashed):
        try:
            done = subprocess.run(step, capture_output=True, text=True, timeout=_LIMIT, check=False)
        except subprocess.TimeoutExpired as error:
            raise UsageError(
                "The environment was not built in half an hour.",
                "See whether the package index answers, and run the same command again.",
            ) from error
        if done.returncode:
            raise UsageError(
                f"The locked environment cannot be built: {reason(done.stderr or done.stdout) or step[0]}",
                "Lock it again where the notebook runs: nb-mlops check --lock.",
            )
    (place / _READY).touch()
    return str(python)


def reason(said: str) -> str:
    """What an installer gave as its reason, in a line: from where it says `error` on; no password of an index."""
    lines = [line.strip(_DRAWN) for line in said.splitlines()]
    first = next((i for i, line in enumerate(lines) if line.lower().startswith("error")), max(0, len(lines) - 3))
    words = " ".join(line for line in lines[first:] if line)
    return _LOGIN.sub("://", words)[:300]


def _steps(place: Path, python: Path, requirements: Path, version: str, hashed: bool) -> list[list[str]]:
    uv = shutil.which("uv") or _beside("uv")
    if uv:
        wanted = ["--python", version] if version else []
        checked = ["--require-hashes"] if hashed else []
        return [
            [uv, "venv", "-q", *wanted, str(place)],
            [uv, "pip", "sync", "-q", *checked, "--python", str(python), str(requirements)],
        ]
    own = ".".join(map(str, sys.version_info[:2]))
    if version and not version.startswith(own):
        raise UsageError(f"The lock is of Python {version}, and this is {own}.", "Install uv, which brings any Python.")
    checked = ["--require-hashes"] if hashed else []
    return [
        [sys.executable, "-m", "venv", str(place)],
        [str(python), "-m", "pip", "install", "-q", "--no-deps", *checked, "-r", str(requirements)],
    ]


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "nb-mlops" / "environments"


def lock_file(notebook: str) -> Path:
    """Where the lock of a notebook lies: beside it, to be kept in git."""
    return Path(notebook).with_suffix(".lock.txt")


def read_lock(notebook: str) -> Lock:
    """The lock of a notebook. Raises UsageError where there is none."""
    place = lock_file(notebook)
    try:
        text = place.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"There is no lock at `{place.as_posix()}`.", "Write one: nb-mlops check --lock.") from error
    return Lock(text, "--hash=" in text)
