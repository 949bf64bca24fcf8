"""A notebook's secrets: each value once, with every place that it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

from nb_mlops.analysis.python import Python
from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.sensitive.detect import find_secrets, worth_a_search
from nb_mlops.analysis.sensitive.found import Kind, Match
from nb_mlops.analysis.sensitive.hidden import decoded, joined, may_be_joined, may_join
from nb_mlops.analysis.sensitive.reading import Reading
from nb_mlops.core.finding import Confidence
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Notebook, Span
from nb_mlops.core.value import Struct, replace


class Hiding(str, Enum):
    """How a value stands in its place."""

    OPEN = "as it is"
    JOINED = "joined from literals"
    BASE64 = "behind base64"


class Place(Struct, frozen=True):
    """One place of a secret. `verbatim`: its characters stand there in one piece and can be replaced."""

    kind: SegmentKind
    label: str
    spans: tuple[Span, ...]
    hiding: Hiding
    verbatim: bool

    @property
    def cell(self) -> int | None:
        """The cell, None for the notebook's own metadata."""
        return self.spans[0].cell


class Secret(Struct, frozen=True):
    """One value, what gave it away where it is surest, and its places in document order."""

    value: str
    match: Match
    places: tuple[Place, ...]

    @property
    def hiding(self) -> Hiding:
        """How it stands in the place where it is easiest seen."""
        shown = {place.hiding for place in self.places}
        return next(hiding for hiding in Hiding if hiding in shown)


_BEGINS = pattern(r"<(?:!doctype|html|head|script)[ >]", re.IGNORECASE)
_PRINTED = (SegmentKind.STREAM, SegmentKind.PLAIN)
_RANK = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
_Found = tuple[str, Match, Place]


def collect(
    notebook: Notebook, segments: Sequence[Segment], python: Callable[[], Mapping[int, Python]]
) -> tuple[Secret, ...]:
    """The secrets of a notebook. `python` is asked for the code cells as Python only where one puts texts together."""
    found: dict[str, list[tuple[Match, Place]]] = {}
    worth = worth_a_search(segment.haystack for segment in segments)
    if notebook.is_python:
        worth |= may_be_joined(segment.haystack if segment.kind is SegmentKind.SOURCE else "" for segment in segments)
    for number in sorted(worth):
        for value, match, place in _of_segment(notebook, segments[number], python):
            found.setdefault(value, []).append((match, place))
    secrets = (_secret(value, places) for value, places in found.items())
    return tuple(secrets)


def _secret(value: str, found: Sequence[tuple[Match, Place]]) -> Secret:
    surest = min((match for match, _ in found), key=lambda match: _RANK[match.confidence])
    return Secret(value, surest, tuple(dict.fromkeys(place for _, place in found)))


def _of_segment(notebook: Notebook, segment: Segment, python: Callable[[], Mapping[int, Python]]) -> Iterator[_Found]:
    is_source = segment.kind is SegmentKind.SOURCE
    is_code = is_source and notebook.is_python
    text = segment.text
    reading = Reading(text)
    page = _page(text) if segment.kind in _PRINTED else range(0)
    plain = find_secrets(text, is_code, reading)
    for match in plain:
        found = _published(match) if match.start in page else match
        yield text[match.start : match.end], found, _place(segment, match.start, match.end, Hiding.OPEN)
    for start, end, said in decoded(text, reading.words):
        if any(match.start < end and start < match.end for match in plain if match.kind is Kind.WEB_TOKEN):
            continue  # its claims
        for match in find_secrets(said):
            yield said[match.start : match.end], match, _place(segment, start, end, Hiding.BASE64)
    if is_code and segment.cell is not None and may_join(text):
        yield from _joined(segment, python()[segment.cell])


def _page(text: str) -> range:
    """Where in what was printed a web page stands that somebody loaded."""
    begins = _BEGINS.search(text)
    ends = max(text.rfind("</html"), text.rfind("</script"), text.rfind("</body")) if begins else -1
    return range(begins.start(), ends) if begins else range(0)


def _published(match: Match) -> Match:
    """As it is to be taken in a page that was loaded: whoever opens the page is given its keys."""
    if match.kind not in (Kind.NAMED, Kind.TOKEN):
        return match
    why = (*match.why, "stands in a web page, which its visitors have")
    return replace(match, confidence=Confidence.LOW, leaked="make it invalid if it is yours", why=why)


def _joined(segment: Segment, python: Python) -> Iterator[_Found]:
    for one in joined(python):
        before = f"{one.name} = " if one.name else ""
        text = f"{before}{one.text}"
        for match in find_secrets(text):
            spans = (Span(segment.cell, "source", one.start, one.end),)
            place = Place(segment.kind, segment.place, spans, Hiding.JOINED, False)
            yield text[match.start : match.end], match, place


def _place(segment: Segment, start: int, end: int, hiding: Hiding) -> Place:
    verbatim = hiding is Hiding.OPEN and segment.verbatim(start, end)
    return Place(segment.kind, segment.place, segment.spans(start, end), hiding, verbatim)
