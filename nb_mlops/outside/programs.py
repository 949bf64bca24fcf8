"""Programs that a change brings along, run in processes of their own: the checks of its notebooks and its packages'
tests. They see the environment that they are handed and nothing else, and nothing of them is left running."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nb_mlops.core.value import Struct
from nb_mlops.outside import git

_TAIL = 4000
_MAP = "nb-mlops.map.json"


class Ended(Struct, frozen=True):
    """How a program ended: exit code (None when its time was up), what it printed, and the end of its complaints."""

    code: int | None
    out: str
    complaint: str


def python(words: Sequence[str], folder: Path, environ: Mapping[str, str], seconds: float) -> Ended:
    """Run this interpreter on `words`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaint,
            start_new_session=True,
        )
        code: int | None
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        texts = []
        for file in (out, complaint):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return Ended(code, texts[0], texts[1][-_TAIL:])


class Counts(Struct, frozen=True):
    """How a run of pytest ended: its exit code, and how many tests passed, failed and were skipped."""

    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def tests(package: Path, environ: Mapping[str, str], seconds: float) -> tuple[Counts | None, str]:
    """Run the tests of a package; None when time was up, and the last line that was printed."""
    with tempfile.TemporaryDirectory(prefix="nbm-tests-") as folder:
        counted = Path(folder) / "tests.xml"
        command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={counted}", "tests")
        ended = python(command, package, environ, seconds)
        said = ended.out.strip().rpartition("\n")[2]
        return (None if ended.code is None else _counts(counted, ended.code)), said


def _counts(path: Path, code: int) -> Counts:
    from xml.etree import ElementTree

    try:
        suites = list(ElementTree.parse(path).getroot().iter("testsuite"))
        total, failures, errors, skipped = (
            sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
        )
    except (OSError, ValueError, ElementTree.ParseError):
        return Counts(code or 1)
    failed = failures + errors
    return Counts(code, max(total - failed - skipped, 0), failed, skipped)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            # A check ends its kernels when it is asked to; whatever does not listen is ended.
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def is_installed(module: str) -> bool:
    """Whether this interpreter has a module."""
    return importlib.util.find_spec(module) is not None


def packages_of(root: Path, notebook: Path) -> tuple[Path, ...]:
    """The converted packages of a notebook that the repository holds."""
    beside = notebook.with_name(f"{notebook.stem}_package") / _MAP
    places = (place.resolve() for place in (*_maps(root), *([beside] if beside.is_file() else [])))
    return tuple(place.parent for place in dict.fromkeys(places) if _made_from(place) == notebook.name)


def packaged(root: Path, changed: Sequence[str]) -> frozenset[str]:
    """The names of notebooks whose packages hold one of these files, given as paths from the root."""
    places = [root / name for name in changed]
    return frozenset(
        name
        for map in _maps(root)
        if any(map.parent in place.parents for place in places) and (name := _made_from(map))
    )


def _maps(root: Path) -> tuple[Path, ...]:
    """The files in which packages say what they were made from."""
    listed = git.ask(root, "ls-files", "-z", "--", f":(glob)**/{_MAP}") if git.top(root) else b""
    return tuple(root / os.fsdecode(name) for name in listed.split(b"\0") if name)


def _made_from(map: Path) -> str:
    with contextlib.suppress(KeyError, TypeError):
        return str(map_of(map.parent)["notebook"])
    return ""


def map_of(package: Path) -> dict[str, Any]:
    """What a package says it was made from; empty where that cannot be read."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads((package / _MAP).read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def files_of(package: Path) -> tuple[str, ...]:
    """The files of a package, as posix paths in it: what git tracks, else all that is neither hidden nor a cache."""
    listed = git.ask(package, "ls-files", "-z") if git.top(package) else b""
    if listed:
        return tuple(os.fsdecode(name) for name in listed.split(b"\0") if name)
    found = (path.relative_to(package) for path in package.rglob("*") if path.is_file())
    hidden = (".", "__pycache__")
    return tuple(sorted(p.as_posix() for p in found if not any(part.startswith(hidden) for part in p.parts)))
