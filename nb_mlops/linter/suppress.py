"""Suppression: where a person says that a finding is known and meant.

- `# nbm: ignore[EX001, SE001] reason` at the end of a line silences these rules for that line; alone on a line, for
  the next line of code; in the first line of a cell (below a `%%magic`), for the whole cell, its outputs included.
  Other languages write their own comment sign before it (`//`, `--`, `%`).
- `<!-- nbm: ignore[SE001] reason -->` in markdown, for that cell.
- the cell tag `nbm-ignore-EX001`, for that cell.
- `"nbm": {"ignore": ["<fingerprint>", {"rule": "PI001", "fingerprint": "...", "reason": "..."}]}` in the notebook's
  metadata, for single findings: outputs cannot carry a comment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice, takewhile
from typing import Any

from nb_mlops.core.finding import Finding
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Position, Span
from nb_mlops.core.value import Struct

_COMMENT = pattern(r"(?:#|//|(?<!<!)--|%)[ \t]*nbm:[ \t]*ignore\b(?:\[([^\]\n]*)\])?[ \t]*([^\n]*)")
_MARKDOWN = pattern(r"<!--\s*nbm:\s*ignore\b(?:\[([^\]\n]*)\])?\s*((?:(?!-->)[^\n])*)")
_CODE = pattern(r"[^\s,]+")
_TAG = "nbm-ignore-"
# So many codes that nobody knows are compared with all that there are.
_MOST_LIKE = 200
# What may stand before code on a line of its own comment.
_COMMENT_LINE = ("#", "//", "--")


class Suppression(Struct, frozen=True):
    """One rule silenced in one place.

    `code` is as written, "" where none was. `lines` are the first and last line of source it covers, None for the
    whole cell. `fingerprint` is set where a single finding is meant.
    """

    code: str
    span: Span
    reason: str = ""
    lines: tuple[int, int] | None = None
    fingerprint: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether this is about that finding."""
        if self.fingerprint:
            return finding.fingerprint == self.fingerprint and self.code in ("", finding.code)
        span = finding.span
        if finding.code != self.code or span is None or span.cell != self.span.cell or span.cell is None:
            return False
        if self.lines is None:
            return True
        return span.part == "source" and span.start.line <= self.lines[1] and self.lines[0] <= span.end.line


class State(str, Enum):
    """What became of a suppression. NOT_ASKED: its rule did not run, so nothing can be said."""

    USED = "used"
    UNUSED = "unused"
    UNKNOWN = "unknown"
    EMPTY = "empty"
    NOT_ASKED = "not-asked"


class Judged(Struct, frozen=True):
    """A suppression and what became of it; `nearest` is a known code like the one written, or ""."""

    suppression: Suppression
    state: State
    nearest: str = ""


def suppressions(notebook: Notebook) -> tuple[Suppression, ...]:
    """Everything in a notebook that silences a rule, in document order."""
    found: list[Suppression] = []
    for cell in notebook.cells:
        if "nbm:" in cell.source:
            found.extend(_in_source(cell))
        for tag in cell.tags:
            if tag.startswith(_TAG):
                found.append(Suppression(tag[len(_TAG) :], _start(cell.index, "metadata/tags"), f"tag {tag}"))
    return (*found, *_in_metadata(notebook.metadata))


def _in_source(cell: Cell) -> Iterator[Suppression]:
    pattern = _MARKDOWN if cell.kind is CellKind.MARKDOWN else _COMMENT
    lines = cell.source.split("\n")
    first = next((n for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("%%")), 1)
    for number, line in enumerate(lines, 1):
        match = pattern.search(line) if "nbm:" in line else None
        if match is None or (not cell.is_code and pattern is _COMMENT and "ignore" not in line):
            continue
        whole = number == first or not cell.is_code
        covered = None if whole else _covered(lines, number, match.start())
        span = Span(cell.index, "source", Position(number, match.start()), Position(number, match.end()))
        for code in _CODE.findall(match.group(1) or "") or [""]:
            yield Suppression(code, span, match.group(2).strip(), covered)


def _covered(lines: Sequence[str], number: int, column: int) -> tuple[int, int]:
    """The lines that a comment speaks for: its own, or the next one with code when it stands alone."""
    if lines[number - 1][:column].strip():
        return number, number
    for below in range(number, len(lines)):
        text = lines[below].strip()
        if text and not text.startswith(_COMMENT_LINE):
            return number, below + 1
    return number, number


def _in_metadata(metadata: Mapping[str, Any]) -> Iterator[Suppression]:
    ours = metadata.get("nbm")
    entries = ours.get("ignore") if isinstance(ours, Mapping) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        span = _start(None, f"metadata/nbm/ignore/{index}")
        if isinstance(entry, str):
            yield Suppression("", span, fingerprint=entry)
        elif isinstance(entry, Mapping) and isinstance(entry.get("fingerprint"), str):
            rule, reason = entry.get("rule"), entry.get("reason")
            code = rule if isinstance(rule, str) else ""
            yield Suppression(code, span, reason if isinstance(reason, str) else "", None, entry["fingerprint"])
        else:
            yield Suppression("", span)


def _start(cell: int | None, part: str) -> Span:
    return Span(cell, part, Position(1, 0), Position(1, 0))


def apply(
    findings: Sequence[Finding], given: Sequence[Suppression]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], frozenset[Suppression]]:
    """The findings that stay, those that are silenced, and the suppressions that silenced something."""
    if not given:
        return tuple(findings), (), frozenset()
    kept: list[Finding] = []
    silenced: list[Finding] = []
    used: set[Suppression] = set()
    said = _Said(given)
    for finding in findings:
        by = said.of(finding)
        used.update(by)
        (silenced if by else kept).append(finding)
    return tuple(kept), tuple(silenced), frozenset(used)


class _Said:
    """Suppressions by what they can be about, so that a thousand of them are not asked about each finding."""

    def __init__(self, given: Sequence[Suppression]) -> None:
        self._known: dict[object, list[Suppression]] = {}
        for one in given:
            key = one.fingerprint or (one.code, one.span.cell, one.lines is None)
            self._known.setdefault(key, []).append(one)

    def of(self, finding: Finding) -> list[Suppression]:
        """Those that cover a finding."""
        span = finding.span
        about = [*self._known.get(finding.fingerprint, ())]
        if span is not None:
            about += self._known.get((finding.code, span.cell, True), ())
            lines = self._known.get((finding.code, span.cell, False), [])
            # They stand in the order of their lines, so that those about one line stand side by side.
            first = bisect_left(lines, span.start.line, key=_last_line)
            about += takewhile(
                lambda one: one.lines is not None and one.lines[0] <= span.end.line, islice(lines, first, None)
            )
        return [one for one in about if one.covers(finding)]


def _last_line(one: Suppression) -> int:
    return one.lines[1] if one.lines is not None else 0


def judge(
    given: Sequence[Suppression],
    used: frozenset[Suppression],
    ran: frozenset[str],
    known: frozenset[str],
    all_ran: bool,
) -> tuple[Judged, ...]:
    """What became of each suppression. `all_ran`: the whole default set ran, so that a lone fingerprint is judged."""
    nearest: dict[str, str] = {}
    return tuple(_judged(s, used, ran, known, all_ran, nearest) for s in given)


def _judged(
    one: Suppression,
    used: frozenset[Suppression],
    ran: frozenset[str],
    known: frozenset[str],
    all_ran: bool,
    nearest: dict[str, str],
) -> Judged:
    if one in used:
        return Judged(one, State.USED)
    if not one.code:
        if not one.fingerprint:
            return Judged(one, State.EMPTY)
        return Judged(one, State.UNUSED if all_ran else State.NOT_ASKED)
    if one.code not in known:
        from difflib import get_close_matches  # most notebooks make no mistake

        code = one.code.upper()
        if code not in nearest:
            near = get_close_matches(code, sorted(known), n=1) if len(nearest) < _MOST_LIKE else ()
            nearest[code] = near[0] if near else ""
        return Judged(one, State.UNKNOWN, nearest[code])
    return Judged(one, State.UNUSED if one.code in ran else State.NOT_ASKED)
