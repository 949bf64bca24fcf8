"""Results of earlier lints on disk, so that a notebook that has not changed is not read again.

An entry belongs to a path, to the settings and to everything else that an answer depends on; it holds when the content
is the same. Whoever finds the file untouched since (same size, times and inode) need not even hash it. Entries are
written as one step and checked when read, so that any number of runs may share a folder; one that cannot be understood
counts as missing. What stands here has been printed: findings carry neither secrets nor personal values.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from nb_mlops.core.finding import CellRef, Confidence, Finding, Fix, Related, Safety, Severity
from nb_mlops.core.hashing import blake2b
from nb_mlops.core.notebook import Position, Span
from nb_mlops.core.project import Asked
from nb_mlops.core.value import Struct
from nb_mlops.outside import files

FORM = 3
_LIMIT = 64_000_000
_DAY = 86_400
# A file touched so shortly before it was looked at may change once more without a trace in its times.
_SURE_AFTER_NS = 2_000_000_000

_Stat = tuple[int, int, int, int]
_Span = tuple[int | None, str, int, int, int, int]
_Cell = tuple[int, str, int | None]


class _Row(msgspec.Struct, array_like=True):
    """A finding as JSON."""

    code: str
    rule: str
    severity: Severity
    message: str
    confidence: Confidence
    span: _Span | None
    cell: _Cell | None
    fingerprint: str
    fix: tuple[str, Safety] | None
    related: list[tuple[str, _Span, _Cell | None]]
    data: dict[str, Any]
    baseline_key: str


class _Entry(msgspec.Struct, array_like=True):
    """What is known of one file."""

    stat: _Stat
    seen: int
    content: str
    suppressed: int
    rows: list[_Row]
    asked: tuple[Asked, ...] = ()


class Said(Struct, frozen=True):
    """What the linter said about a file, edits of fixes left out."""

    findings: tuple[Finding, ...]
    suppressed: int


class State(Struct, frozen=True):
    """A file as it was just before it was read."""

    stat: _Stat
    seen: int


def state(path: str) -> State | None:
    """How the file stands now; None where there is none that can be read."""
    try:
        now = os.stat(path)
    except OSError:
        return None
    return State(_stamp(now), time.time_ns())


def _stamp(now: os.stat_result) -> _Stat:
    return now.st_mtime_ns, now.st_size, now.st_ino, now.st_ctime_ns


def content(data: bytes) -> str:
    """The digest by which content is compared."""
    return blake2b(data, digest_size=32).hexdigest()


class Cache:
    """The results of one kind of lint: `basis` is everything they depend on beside the files."""

    def __init__(self, folder: Path, basis: str) -> None:
        self._folder = folder
        self._basis = basis.encode()
        self._wrote = False

    def get(self, path: str, facts: str = "") -> Said | None:
        """What was said about this very content, under the same `facts` about its surroundings; None when unknown."""
        place = self._place(path, facts)
        entry = _read(place)
        now = state(path) if entry else None
        if entry is None or now is None or not _still(path, entry.asked):
            return None
        if entry.stat != now.stat or max(now.stat[0], now.stat[3]) > entry.seen - _SURE_AFTER_NS:
            try:
                if content(files.read_bytes(path)) != entry.content:
                    return None
            except OSError:
                return None
            _write(place, _Entry(now.stat, now.seen, entry.content, entry.suppressed, entry.rows, entry.asked))
        elif now.seen - entry.seen > _DAY * 1_000_000_000:
            with contextlib.suppress(OSError):
                os.utime(place)
        return Said(tuple(_finding(row, path) for row in entry.rows), entry.suppressed)

    def put(
        self,
        path: str,
        facts: str,
        before: State | None,
        digest: str,
        said: Said,
        asked: tuple[Asked, ...] = (),
    ) -> None:
        """Keep what was said about a file that stood so before it was read, as long as what was `asked` about its
        project has the same answers; nothing for one that could not be read."""
        if before is None:
            return
        rows = [_row(finding) for finding in said.findings]
        place = self._place(path, facts)
        self._wrote |= _write(place, _Entry(before.stat, before.seen, digest, said.suppressed, rows, asked))

    def tidy(self, limit: int = _LIMIT) -> None:
        """Drop what was not asked for longest when there is more than `limit` bytes, after something was written."""
        if not self._wrote:
            return
        with contextlib.suppress(OSError), os.scandir(self._folder) as found:
            entries = [(s.st_mtime, s.st_size, e.path) for e in found if (s := _stat_of(e)) and e.is_file()]
            total = sum(size for _, size, _ in entries)
            if total <= limit:
                return
            for _, size, place in sorted(entries):
                with contextlib.suppress(OSError):
                    os.unlink(place)
                total -= size
                if total <= limit * 3 // 4:
                    return

    def _place(self, path: str, facts: str) -> str:
        known = "\0".join((os.path.abspath(path), path, facts)).encode("utf-8", "surrogateescape")
        key = blake2b(self._basis + b"\0" + known, digest_size=32).hexdigest()
        return f"{self._folder}{os.sep}{key[:40]}"


def _still(path: str, asked: tuple[Asked, ...]) -> bool:
    if not asked:
        return True
    from nb_mlops.outside import project  # most rules ask nothing

    return project.still(path, asked)


def _stat_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        return None


def open_cache(basis: str) -> Cache | None:
    """The cache in the user's cache folder; None where it cannot be written.

    Not in the project: whoever can put files into a repository could have the linter believe that it found nothing.
    """
    place = _home() / "lint"
    return Cache(place, basis) if _ready(place) else None


def _home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "nb-mlops")


def _ready(place: Path) -> bool:
    try:
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            (place.parent / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", "ascii")
        return os.access(place, os.W_OK | os.X_OK)
    except OSError:
        return False


def _read(place: str) -> _Entry | None:
    try:
        with open(place, "rb") as file:
            data = file.read()
        if zlib.crc32(data[8:]) != int(data[:8], 16):
            return None
        return msgspec.json.decode(data[8:], type=_Entry)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _write(place: str, entry: _Entry) -> bool:
    try:
        data = msgspec.json.encode(entry)
    except UnicodeEncodeError:  # half a surrogate pair in what a fix would write
        return False
    return _replace(place, b"%08x" % zlib.crc32(data) + data)


def _replace(place: str, data: bytes) -> bool:
    """Write a file as one step; whether that was possible."""
    temporary = f"{place}.{os.getpid()}-{time.monotonic_ns()}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        os.replace(temporary, place)
        return True
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        return False


def _row(finding: Finding) -> _Row:
    fix = finding.fix
    return _Row(
        finding.code,
        finding.rule,
        finding.severity,
        finding.message,
        finding.confidence,
        _flat(finding.span),
        _ref(finding.cell),
        finding.fingerprint,
        None if fix is None else (fix.title, fix.safety),
        [(one.message, _must(one.span), _ref(one.cell)) for one in finding.related],
        dict(finding.data),
        finding.baseline_key,
    )


def _must(span: Span) -> _Span:
    return (span.cell, span.part, span.start.line, span.start.column, span.end.line, span.end.column)


def _flat(span: Span | None) -> _Span | None:
    return None if span is None else _must(span)


def _ref(cell: CellRef | None) -> _Cell | None:
    return None if cell is None else (cell.index, cell.id, cell.execution_count)


def _finding(row: _Row, path: str) -> Finding:
    return Finding(
        row.code,
        row.rule,
        row.severity,
        row.message,
        path,
        row.confidence,
        None if row.span is None else _span(row.span),
        None if row.cell is None else CellRef(*row.cell),
        row.fingerprint,
        None if row.fix is None else Fix(row.fix[0], (), row.fix[1]),
        tuple(Related(text, _span(span), None if c is None else CellRef(*c)) for text, span, c in row.related),
        row.data,
        row.baseline_key,
    )


def _span(flat: _Span) -> Span:
    cell, part, line, column, end_line, end_column = flat
    return Span(cell, part, Position(line, column), Position(end_line, end_column))


def basis(*parts: object, code: Iterable[str] = ()) -> str:
    """One digest of values, of the Python that runs, and of the code in these folders and files."""
    whole = repr((FORM, sys.version_info, *parts, _digest_of_code(code)))
    return blake2b(whole.encode("utf-8", "backslashreplace"), digest_size=32).hexdigest()


def _digest_of_code(places: Iterable[str]) -> str:
    """One digest of all files of Python in these places. Reading them would be half of a run that finds everything
    known, so it is noted: as long as no file has another inode or other times, the note holds."""
    files = sorted((file, now, place) for place in places for file, now in _python_files(place))
    stamp = blake2b(repr(files).encode("utf-8", "surrogateescape"), digest_size=32).hexdigest()
    note = _home() / "code"
    with contextlib.suppress(OSError, ValueError):
        noted, digest = note.read_text("ascii").split()
        if noted == stamp:
            return digest
    whole = blake2b(digest_size=32)
    for file, _, place in files:
        whole.update(f"\0{os.path.relpath(file, place)}\0".encode("utf-8", "surrogateescape"))
        whole.update(Path(file).read_bytes())
    digest = whole.hexdigest()
    if all(max(now[0], now[3]) < time.time_ns() - _SURE_AFTER_NS for _, now, _ in files):
        _replace(str(note), f"{stamp} {digest}".encode())
    return digest


def _python_files(top: str) -> Iterator[tuple[str, _Stat]]:
    todo = [top]
    while todo:
        place = todo.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.endswith(".py"):
                        yield entry.path, _stamp(entry.stat())
                    elif entry.name != "__pycache__" and entry.is_dir():
                        todo.append(entry.path)
        except NotADirectoryError:
            yield place, _stamp(os.stat(place))


def digest_of(file: str) -> str:
    """The digest of a small file; "" for one that cannot be read."""
    try:
        return content(Path(file).read_bytes())
    except OSError:
        return ""
