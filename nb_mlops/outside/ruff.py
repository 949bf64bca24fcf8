"""Asks ruff about all notebooks at once, as one process.

Ruff reads files, so each notebook's Python stands as a small notebook in a folder of its own that mirrors where the
original stands, with the project's settings for ruff beside it: what they say by path holds, `extend` included. What
stands in somebody's home folder does not count, so that everybody gets the same answer.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from nb_mlops.core.diagnostic import Diagnostic
from nb_mlops.core.notebook import Position
from nb_mlops.core.value import Struct
from nb_mlops.outside.ruff_settings import configs, modules

_EMPTY = {"cell_type": "markdown", "metadata": {}, "source": ""}
_SHORT = 400
# Linux' file system in memory; a container's may be a few megabytes.
_MEMORY = "/dev/shm"
_PLENTY = 1 << 30


class Words(Struct, frozen=True):
    """What ruff said of one notebook, left where it wrote it: it says much of many notebooks."""

    file: str
    stretches: tuple[tuple[int, int], ...]

    def read(self) -> tuple[Diagnostic, ...]:
        """The same as values, for as long as the file is there."""
        decode = msgspec.json.Decoder(_Line).decode
        found: list[Diagnostic] = []
        with open(self.file, "rb") as lines:
            for start, end in self.stretches:
                lines.seek(start)
                found.extend(_diagnostic(decode(line)) for line in lines.read(end - start).splitlines())
        return tuple(found)


class Written(Struct, frozen=True):
    """Where what ruff said stands, by the path under which a notebook was handed over; or why it said nothing."""

    said: Mapping[str, Words]
    failure: str = ""


class Answer(Struct, frozen=True):
    """What ruff said, by the path under which a notebook was handed over; or why it said nothing."""

    said: Mapping[str, tuple[Diagnostic, ...]]
    failure: str = ""


class _Place(msgspec.Struct):
    row: int
    column: int


class _Edit(msgspec.Struct):
    content: str
    location: _Place
    end_location: _Place


class _Fix(msgspec.Struct):
    applicability: str = ""
    message: str | None = None
    edits: list[_Edit] = []


class _Line(msgspec.Struct):
    filename: str
    message: str
    location: _Place
    end_location: _Place
    code: str | None = None
    name: str | None = None
    cell: int | None = None
    url: str | None = None
    fix: _Fix | None = None


@contextlib.contextmanager
def folder() -> Iterator[str]:
    """A folder that only this user can look into, gone afterwards.

    Made by hand: importing tempfile takes as long as ruff does.
    """
    place = os.path.join(os.path.realpath(_above()), f"nbm-ruff-{os.urandom(8).hex()}")
    os.mkdir(place, 0o700)
    try:
        yield place
    finally:
        _make.cache_clear()
        _remove(place)


def _above() -> str:
    """Where somebody wants temporary folders; else in memory, where there is plenty of it: a thousand small files take
    a disk half a second, and code that is only looked at need not reach one."""
    known = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    memory = _MEMORY if _has_room(_MEMORY) else ""
    return next(place for place in (*known, memory, "/tmp", ".") if place and os.path.isdir(place))


def _has_room(place: str) -> bool:
    try:
        status = os.statvfs(place)
    except (OSError, AttributeError):  # there is none; Windows has not even the question
        return False
    return status.f_bavail * status.f_frsize > _PLENTY and os.access(place, os.W_OK | os.X_OK)


def _remove(place: str) -> None:
    """Remove a folder with all that is in it; links are removed, not followed."""
    with contextlib.suppress(OSError):
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    _remove(entry.path)
                else:
                    os.unlink(entry.path)
        os.rmdir(place)


def hand_over(place: str, path: str, cells: Sequence[str]) -> None:
    """Write the Python of the notebook at `path` for ruff to read, cell by cell; "" is a cell it does not get."""
    target = _mirrored(place, path)
    _make(os.path.dirname(target))
    document = {
        "cells": [_cell(text) if text else _EMPTY for text in cells],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    Path(target).write_bytes(msgspec.json.encode(document))


def _cell(text: str) -> Mapping[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}


@lru_cache(maxsize=4096)
def _make(place: str) -> None:
    Path(place).mkdir(parents=True, exist_ok=True)


def _absolute(path: str) -> str:
    return os.path.abspath(path)


def _mirrored(place: str, path: str) -> str:
    return os.path.join(place, os.path.splitdrive(_absolute(path))[1].lstrip(os.sep))


def ask(place: str, paths: Sequence[str], select: Sequence[str], ignore: Sequence[str] = ()) -> Answer:
    """What ruff says about the notebooks that were handed over; `select` and `ignore` hold where a project says
    nothing."""
    written = write(place, paths, select, ignore)
    return Answer({path: words.read() for path, words in written.said.items()}, written.failure)


def write(place: str, paths: Sequence[str], select: Sequence[str], ignore: Sequence[str] = ()) -> Written:
    """The same, left in the folder: for whoever goes through many notebooks one by one, or in other processes."""
    program = find()
    if program is None:
        return Written({}, "ruff is not installed beside nb-mlops (pip install ruff)")
    folders = {os.path.dirname(_absolute(path)) for path in paths}
    answer = os.path.join(place, "answer.jsonl")
    try:
        _configure(place, folders, select, ignore)
        status, err = _run(program, [_mirrored(place, _common(folders))], answer)
        said = _places(answer, {_mirrored(place, path): path for path in paths})
    except OSError as error:
        return Written({}, f"it could not be started ({error.strerror or type(error).__name__})")
    except msgspec.MsgspecError:
        return Written({}, "its answer could not be understood; it may be another version than nb-mlops knows")
    if status:
        return Written({}, f"it stopped: {_first_words(err, place)}")
    return Written(said)


def _common(folders: set[str]) -> str:
    """The folder they all lie in: looked through from there, no folder above it has an excluded name."""
    try:
        return os.path.commonpath(folders)
    except ValueError:  # several drives, which the mirror does not tell apart
        return os.sep


def _places(answer: str, originals: Mapping[str, str]) -> Mapping[str, Words]:
    """Where each notebook's lines stand; each is decoded once here, so that none fails whoever reads it later."""
    said: dict[str, list[tuple[int, int]]] = {}
    decode = msgspec.json.Decoder(_Line).decode
    end = 0
    with open(answer, "rb") as lines:
        for line in lines:
            start, end = end, end + len(line)
            one = decode(line)
            if one.filename in originals and one.cell is not None:
                stretches = said.setdefault(originals[one.filename], [])
                if stretches and stretches[-1][1] == start:
                    start, _ = stretches.pop()
                stretches.append((start, end))
    return {path: Words(answer, tuple(stretches)) for path, stretches in said.items()}


def _run(program: str, starts: Sequence[str], answer: str) -> tuple[int, str]:
    """Ruff's exit code and its complaints; what it found goes to the file `answer`."""
    command = [program, "check", "--no-cache", "--quiet", "--exit-zero", "--no-respect-gitignore", "--no-fix"]
    command += ["--output-format", "json-lines", *starts]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    complaints = f"{answer}.err"
    status = (_spawn if hasattr(os, "posix_spawn") else _start)(command, environ, answer, complaints)
    return status, Path(complaints).read_text("utf-8", "replace")


def _spawn(command: list[str], environ: Mapping[str, str], out: str, err: str) -> int:
    """Start a program and wait for it. Importing subprocess would take longer than ruff takes for a notebook."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600),
    ]
    child = os.posix_spawn(command[0], command, environ, file_actions=streams)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except BaseException:  # Ctrl-C reaches the program too; nothing may be left running
        import signal

        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        raise


def _start(command: list[str], environ: Mapping[str, str], out: str, err: str) -> int:
    """The same where programs are started otherwise."""
    import subprocess

    with open(out, "wb") as found, open(err, "wb") as complaints:
        return subprocess.call(command, stdout=found, stderr=complaints, stdin=subprocess.DEVNULL, env=environ)


def _diagnostic(one: _Line) -> Diagnostic:
    fix = one.fix
    return Diagnostic(
        one.code or "",
        one.name or "",
        one.message,
        (one.cell or 1) - 1,
        _position(one.location),
        _position(one.end_location),
        one.url or "",
        (fix.message or "Rewrite this") if fix else "",
        fix is not None and fix.applicability == "safe",
        tuple((_position(edit.location), _position(edit.end_location), edit.content) for edit in _edits(fix)),
    )


def _edits(fix: _Fix | None) -> Sequence[_Edit]:
    return fix.edits if fix is not None and fix.applicability in ("safe", "unsafe") else ()


def _position(place: _Place) -> Position:
    return Position(place.row, max(place.column - 1, 0))


def _first_words(err: str, place: str) -> str:
    """Ruff's own words on one line, with the paths that the user knows."""
    text = " ".join(err.replace(place, "").split())
    return f"{text[:_SHORT]}…" if len(text) > _SHORT else text or "without a word"


def _configure(place: str, folders: set[str], select: Sequence[str], ignore: Sequence[str]) -> None:
    """The settings that hold for these folders, copied to where ruff will look for them; ours above all of them."""
    # A list of plain words is written the same in TOML as in Python.
    ours = f"exclude = []\n[lint]\nselect = {list(select)}\nignore = {list(ignore)}\n"
    (Path(place) / "ruff.toml").write_text(ours, "utf-8")
    for source in configs(folders):
        target = _mirrored(place, source)
        if target == os.path.join(place, "ruff.toml"):
            continue
        _make(os.path.dirname(target))
        Path(target).write_bytes(Path(source).read_bytes())
        _link_modules(os.path.dirname(source), os.path.dirname(target))


def _link_modules(source: str, target: str) -> None:
    """Show ruff which modules are the project's own: it looks for their names beside its settings and in `src`."""
    for module in modules(source):
        name = os.path.join(target, module)
        if not os.path.lexists(name):
            with contextlib.suppress(OSError):
                os.symlink(os.path.join(source, module), name)


@lru_cache(maxsize=1)
def find() -> str | None:
    """Ruff's program: beside this Python, beside the package `ruff` that it imports, else on the path."""
    from importlib.util import find_spec

    name = "ruff.exe" if os.name == "nt" else "ruff"
    places = [os.path.dirname(sys.executable)]
    spec = find_spec("ruff")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        places += [str(above / sub) for above in package.parents[:4] for sub in ("bin", "Scripts")]
    places += os.environ.get("PATH", "").split(os.pathsep)
    candidates = (os.path.join(place, name) for place in places if place)
    return next((file for file in candidates if os.path.isfile(file) and os.access(file, os.X_OK)), None)


def digests(paths: Sequence[str], stamp: Callable[[str], str]) -> Mapping[str, str]:
    """By path, what ruff's answer depends on beside the notebook: the program, the settings in force there, and the
    names of the modules beside those settings, by which it tells a project's own imports."""
    program = _version()
    folders = {path: os.path.dirname(_absolute(path)) for path in paths}
    stamps: dict[str, str] = {}
    known: dict[str, str] = {}
    for folder in set(folders.values()):
        files = configs({folder})
        for file in files:
            if file not in stamps:
                stamps[file] = "\0".join((file, stamp(file), *sorted(modules(os.path.dirname(file)))))
        known[folder] = "\0".join((program, *(stamps[file] for file in files)))
    return {path: known[folder] for path, folder in folders.items()}


def _version() -> str:
    """The program by its size and time: asking it for its version would be a process of its own."""
    program = find()
    if program is None:
        return ""
    status = os.stat(program)
    return f"{program} {status.st_size} {status.st_mtime_ns}"
