"""All personal values of a notebook: columns of tables first, then what stands in texts beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from nb_mlops.analysis.segment import Segment, SegmentKind
from nb_mlops.analysis.sensitive.personal.find import find_personal, worth_a_search
from nb_mlops.analysis.sensitive.personal.kinds import Kind, Value
from nb_mlops.analysis.tables import Table
from nb_mlops.core.value import Struct, field

if TYPE_CHECKING:
    from nb_mlops.analysis.sensitive.personal.columns import Vote  # loaded when there is a table

# Whoever wrote a notebook may sign it.
_AUTHORS = ("authors", "author", "maintainer")


class Text(Struct, frozen=True):
    """A value in a text."""

    segment: Segment
    value: Value

    @property
    def shown(self) -> str:
        """The value itself. Never for a message."""
        return self.segment.text[self.value.start : self.value.end]


class Place(Struct):
    """The personal values of one output, or of one text elsewhere. `output` is None where it is no output."""

    cell: int | None
    output: int | None
    columns: list[tuple[Table, Vote]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of values there are, in the order in which they were found."""
        found = [vote.kind for _, vote in self.columns] + [text.value.kind for text in self.texts]
        return tuple(dict.fromkeys(found))

    @property
    def by_hand(self) -> bool:
        """Whether an author wrote the text: code, markdown, a raw cell."""
        if self.output is not None:
            return False
        return bool(self.columns) or any(segment.kind in _WRITTEN for segment in self.segments)


_WRITTEN = (SegmentKind.SOURCE, SegmentKind.MARKDOWN, SegmentKind.RAW)
_Key = tuple[int | None, int | None, str]


def personal_places(segments: Sequence[Segment], tables: Iterable[Table]) -> tuple[Place, ...]:
    """Where personal values stand, each output and each other text by itself, in document order."""
    found: dict[_Key, Place] = {}
    for table in tables:
        from nb_mlops.analysis.sensitive.personal.columns import votes

        for vote in votes(table):
            where = (table.cell, table.output, "source" if table.output is None else "")
            found.setdefault(where, Place(table.cell, table.output)).columns.append((table, vote))
    for number in sorted(worth_a_search(segment.haystack for segment in segments)):
        segment = segments[number]
        values = find_personal(segment.text)
        if values:
            place = found.setdefault(_key(segment), Place(segment.cell, segment.output if segment.in_output else None))
            place.texts.extend(Text(segment, value) for value in values if not _signed(segment, value))
    _fill(found, segments)
    for place in found.values():
        _drop_doubles(place)
    order = {id(place): n for n, place in enumerate(found.values())}
    known = [place for place in found.values() if place.columns or place.texts]
    return tuple(sorted(known, key=lambda p: (p.cell is None, p.cell or 0, p.output or -1, order[id(p)])))


def _key(segment: Segment) -> _Key:
    return (segment.cell, segment.output, "") if segment.in_output else (segment.cell, None, segment.kind.value)


def _signed(segment: Segment, value: Value) -> bool:
    if segment.kind is not SegmentKind.METADATA:
        return False
    keys = segment.span(value.start, value.end).part.split("/")
    return any(key in _AUTHORS for key in keys)


def _fill(found: Mapping[_Key, Place], segments: Iterable[Segment]) -> None:
    cells = {cell for cell, _, _ in found}
    for segment in segments if found else ():
        place = found.get(_key(segment)) if segment.cell in cells else None
        if place is not None:
            place.segments.append(segment)


def _drop_doubles(place: Place) -> None:
    """A value that a column has told of is not told again as a text."""
    told = {item.value for _, vote in place.columns for item in vote.matched}
    if told:
        place.texts = [text for text in place.texts if not _told(text.shown, told)]


def _told(shown: str, told: set[str]) -> bool:
    return shown in told or any(shown in value for value in _long(told, len(shown)))


def _long(told: set[str], size: int) -> Iterator[str]:
    return (value for value in told if len(value) > size)
