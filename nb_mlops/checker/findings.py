"""What `check` may have to say: a small catalogue of codes, and one way to make a Finding of each."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.core.finding import CellRef, Confidence, Finding, Related, Severity
from nb_mlops.core.notebook import Notebook, Position, Span


@dataclass(frozen=True, slots=True)
class Code:
    """A code, its slug, and how bad it is; an error keeps a notebook from counting as reproducible."""

    code: str
    rule: str
    severity: Severity


RUN_FAILED = Code("CK001", "run-failed", Severity.ERROR)
OUTPUT_DIFFERS = Code("CK002", "output-differs", Severity.ERROR)
METRIC_DIFFERS = Code("CK003", "metric-differs", Severity.ERROR)
MODEL_DIFFERS = Code("CK004", "model-differs", Severity.ERROR)
HASH_SEED = Code("CK005", "hash-seed-dependent", Severity.ERROR)
RUNS_FEED_RUNS = Code("CK006", "runs-feed-runs", Severity.ERROR)
KEY_OPENED = Code("CK007", "signing-key-opened", Severity.ERROR)
NOT_REPEATED = Code("CK008", "not-repeated", Severity.ERROR)
REPEAT_FAILED = Code("CK009", "repeat-failed", Severity.ERROR)
DATA_CHANGED = Code("CK010", "data-changed", Severity.ERROR)
NETWORK = Code("CK011", "network-used", Severity.WARNING)
RUN_WARNING = Code("CK012", "run-warning", Severity.WARNING)
UNWATCHED = Code("CK014", "kernel-unwatched", Severity.ERROR)
SAVED_DIFFERS = Code("CK015", "saved-output-differs", Severity.INFO)
SEED_DEPENDENT = Code("CK016", "seed-dependent", Severity.INFO)
THREADS = Code("CK017", "thread-dependent", Severity.ERROR)
TIME_ZONE = Code("CK018", "time-zone-dependent", Severity.ERROR)
LOCALE = Code("CK019", "locale-dependent", Severity.ERROR)
FOLDER = Code("CK020", "folder-dependent", Severity.ERROR)
TOGETHER = Code("CK021", "surroundings-dependent", Severity.ERROR)
UNDECLARED_DATA = Code("CK022", "undeclared-data", Severity.ERROR)
POINT_FAILED = Code("CK023", "grid-point-failed", Severity.ERROR)
OUT_OF_BOUNDS = Code("CK024", "metric-out-of-bounds", Severity.ERROR)
TABLE = Code("CK025", "doubtful-table", Severity.INFO)
UNDECLARED_PACKAGE = Code("CK026", "undeclared-package", Severity.WARNING)
UNSEEN_DRAW = Code("CK027", "unseen-draw", Severity.WARNING)
DRAWN_ELSEWHERE = Code("CK028", "drawn-elsewhere", Severity.ERROR)
MODEL_NOT_SAVED = Code("CK013", "model-not-saved", Severity.ERROR)


def finding(
    code: Code, notebook: Notebook, message: str, cell: int | None = None, related: tuple[Related, ...] = ()
) -> Finding:
    """A finding about the notebook, or about one of its cells."""
    known = cell is not None and 0 <= cell < len(notebook.cells)
    source = notebook.cells[cell].source if known and cell is not None else ""
    mark = hashlib.sha256("\0".join([code.code, _normal(source), "" if source else message]).encode()).hexdigest()
    return Finding(
        code=code.code,
        rule=code.rule,
        severity=code.severity,
        message=message,
        path=notebook.path,
        confidence=Confidence.HIGH,
        span=whole(notebook, cell) if known and cell is not None else None,
        cell=CellRef.of(notebook.cells[cell]) if known and cell is not None else None,
        fingerprint=mark[:16],
        related=related,
    )


def related(notebook: Notebook, cell: int, message: str) -> Related:
    """Another cell that takes part."""
    return Related(message, whole(notebook, cell), CellRef.of(notebook.cells[cell]))


def whole(notebook: Notebook, cell: int) -> Span:
    """The whole source of a cell."""
    lines = notebook.cells[cell].source.split("\n")
    return Span(cell, "source", Position(1, 0), Position(len(lines), len(lines[-1])))


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


_LONGEST = 200
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
_LONG = re.compile(r"(?=\S*\d)[\w+/=-]{20,}|\b\d[\d -]{8,}\d\b")


def safe(text: str) -> str:
    """An exception's message as it may be repeated: what looks like an address, a login or a token is left out."""
    text = _LONG.sub("…", _LOGIN.sub("…@", mask(" ".join(text.split()))))
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"
