"""What the rules about personal data share: one finding for a column or a text, and the fix that masks its values.

A fix masks every value of its kind in the output, in all the forms that the output has (HTML and text of one table),
so that none is left in the form that nobody looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from nb_mlops.analysis.lines import position
from nb_mlops.analysis.segment import SegmentKind
from nb_mlops.analysis.sensitive.mask import mask
from nb_mlops.analysis.sensitive.personal import Kind
from nb_mlops.analysis.sensitive.personal.places import Place, Text
from nb_mlops.analysis.tables import Form, Item, Table
from nb_mlops.analysis.tables.table import MOST_ROWS
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import ClearOutput, Confidence, Edit, Fix, ReplaceOutputText, Safety, Severity
from nb_mlops.core.notebook import Position, Span
from nb_mlops.linter.rule import Hit

if TYPE_CHECKING:
    from nb_mlops.analysis.sensitive.personal.columns import Vote  # loaded when there is a table

# Beyond so many replacements an output is the data itself, and clearing it says so.
_MOST = 200
# A shorter value may be part of anything.
_SHORTEST = 4
_Edit = tuple[str, Position, Position, str]


def hits(view: View, *kinds: Kind) -> Iterator[Hit]:
    """A finding for each column that holds values of these kinds, and one for the texts of each output beside them."""
    for place in view.personal:
        if not place.by_hand:
            for kind in kinds:
                if kind in place.kinds:
                    yield from _of_place(view, place, kind)


def _of_place(view: View, place: Place, kind: Kind) -> Iterator[Hit]:
    fix = _fix(view, place, kind)
    or_fix = "" if fix is None else ", or let `nb-mlops fix` mask the values"
    done: set[str] = set()
    for table, vote in sorted(place.columns, key=lambda column: column[0].part):
        if vote.kind is kind and vote.column.name.lower() not in done:
            done.add(vote.column.name.lower())
            yield column_hit(table, vote, fix, f"Do not show the column (`df.drop(columns=...)`){or_fix}")
    texts = sorted((t for t in place.texts if t.value.kind is kind), key=lambda t: (t.segment.mime, t.value.start))
    if texts:
        yield text_hit(texts, fix, f"Do not show {'it' if len(texts) == 1 else 'them'}{or_fix}")


def column_hit(table: Table, vote: Vote, fix: Fix | None, way_out: str) -> Hit:
    """The finding about a column: what it holds, in how many of its rows."""
    name = mask(vote.column.name)
    called = f"The column `{name}`" if _is_name(name) else "A column"
    exactly = f" ({vote.what})" if vote.what and vote.kind is Kind.NATIONAL_ID else ""
    message = (
        f"{called} of the {table.form.value} holds {vote.kind.many}{exactly}, in {len(vote.matched)} of {vote.total} "
        f"rows: everyone who gets the notebook gets them too. {way_out}."
    )
    item = vote.matched[0]
    span = Span(table.cell, item.part, *_positions(table, item))
    data = {"kind": vote.kind.value, "column": name, "count": len(vote.matched), "rows": vote.total}
    sure = Confidence.HIGH if len(vote.matched) > 1 else Confidence.MEDIUM
    return Hit(message, span, confidence=sure, fix=fix, data=data)


def text_hit(texts: Sequence[Text], fix: Fix | None, way_out: str) -> Hit:
    """The finding about values in a text."""
    kind, first = texts[0].value.kind, texts[0]
    different = len({text.shown.lower() for text in texts})
    one = first.value.what or kind.one
    many = f"{one[0].upper()}{one[1:]} stands" if different == 1 else f"{different} {kind.many} stand"
    message = (
        f"{many} in the {first.segment.place}: everyone who gets the notebook gets "
        f"{'it' if different == 1 else 'them'} too. {way_out}."
    )
    span = first.segment.span(first.value.start, first.value.end)
    sure = Confidence.HIGH if different > 1 else Confidence.MEDIUM
    return Hit(message, span, confidence=sure, fix=fix, data={"kind": kind.value, "count": different})


def _is_name(name: str) -> bool:
    return bool(name) and len(name) < 60 and not re.search(r"\d{4}|[@*]", name)


def _positions(table: Table, item: Item) -> tuple[Position, Position]:
    text = table.texts.get(item.part)
    if text is None:
        return Position(1, 0), Position(1, max(item.end, 0))
    return position(text, item.start), position(text, item.end)


def _fix(view: View, place: Place, kind: Kind) -> Fix | None:
    """Masks the values of a kind in an output or in metadata; where they cannot be replaced, the output is cleared."""
    if place.output is None:
        return _in_metadata(view, place, kind)
    assert place.cell is not None
    edits = _masked(place, kind)
    if edits is None or len(edits) > _MOST:
        return Fix(f"Clear this output, which holds {kind.many}", (ClearOutput(place.cell, place.output),))
    return Fix(f"Mask the {_short(kind)} in this output", tuple(edits)) if edits else None


def _short(kind: Kind) -> str:
    return "addresses" if kind is Kind.EMAIL else kind.many


def _in_metadata(view: View, place: Place, kind: Kind) -> Fix | None:
    texts = [text for text in place.texts if text.value.kind is kind and text.segment.kind in _REWRITTEN]
    spans = [text.segment.span(text.value.start, text.value.end) for text in texts]
    values = {text.shown for text in texts}
    if len(values) > _MOST:
        return None

    def masked(text: str) -> str:
        for value in values:
            text = text.replace(value, kind.mask)
        return text

    from nb_mlops.linter.mend import change_metadata  # most notebooks hold no personal value

    edits = change_metadata(view, spans, masked)
    return Fix(f"Mask the {_short(kind)} in the metadata", edits) if edits else None


_REWRITTEN = (SegmentKind.METADATA, SegmentKind.WIDGET)


def _masked(place: Place, kind: Kind) -> list[Edit] | None:
    """The edits that mask every value of a kind; None when one of them stands where nothing can be replaced, and when
    there are too many."""
    if sum(text.value.kind is kind for text in place.texts) > _MOST:
        return None
    edits: list[_Edit] = []
    values: set[str] = set()
    for table, vote in place.columns:
        if vote.kind is not kind:
            continue
        if table.rows > MOST_ROWS or any(item.start < 0 for item in vote.matched):
            return None
        for item in vote.matched:
            values.add(item.value)
            # A printed table stays in line.
            width = item.end - item.start if table.form is Form.TEXT else 0
            edits.append((item.part, *_positions(table, item), kind.mask.rjust(width)))
    for text in place.texts:
        if text.value.kind is kind:
            values.add(text.shown)
            if not text.segment.verbatim(text.value.start, text.value.end):
                return None
            span = text.segment.span(text.value.start, text.value.end)
            edits.append((span.part, span.start, span.end, kind.mask))
    edits.extend((part, start, end, kind.mask) for part, start, end in _elsewhere(place, values))
    return [ReplaceOutputText(place.cell or 0, *edit) for edit in _apart(edits)]


def _elsewhere(place: Place, values: Iterable[str]) -> Iterator[tuple[str, Position, Position]]:
    """The same values in the other forms that the output has."""
    known = sorted((value for value in values if len(value) >= _SHORTEST), key=len, reverse=True)
    if not known:
        return
    any_of_them = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, known)) + r")(?!\w)")
    for segment in place.segments:
        for match in any_of_them.finditer(segment.text):
            if segment.verbatim(*match.span()):
                span = segment.span(*match.span())
                yield span.part, span.start, span.end


def _apart(edits: Sequence[_Edit]) -> Iterator[_Edit]:
    """The edits in order, without those that stand inside an earlier one."""
    behind: tuple[str, Position] | None = None
    for edit in sorted(edits, key=lambda edit: (edit[0], edit[1], (-edit[2].line, -edit[2].column), -len(edit[3]))):
        if behind is None or edit[0] != behind[0] or edit[1] >= behind[1]:
            yield edit
            behind = (edit[0], edit[2])


def severity_of(kind: Kind) -> Severity:
    """How bad it is when such values get out."""
    grave = (Kind.CARD, Kind.IBAN, Kind.SSN, Kind.NATIONAL_ID, Kind.DOCUMENT)
    return Severity.ERROR if kind in grave else Severity.WARNING


def unsafe(fix: Fix | None) -> Fix | None:
    """The fix as one that asks consent."""
    return None if fix is None else Fix(fix.title, fix.edits, Safety.UNSAFE)
