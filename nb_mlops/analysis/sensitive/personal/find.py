"""Every personal value in a text. Each search begins with a look at the text's shape that costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nb_mlops.analysis.sensitive.personal.kinds import Kind, Value
from nb_mlops.analysis.sensitive.personal.shape import candidates, numbers, run_start, shape_of
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look, stretches
from nb_mlops.core.lazy import pattern
from nb_mlops.core.value import replace

# By the groups that they are written in.
_CARDS = (b"0000 0000 0000 0", b"0000-0000-0000-0", b"0000 000000 0000", b"0000-000000-0000")
_AMERICAN = (b"000) 000-0000", b"000)000-0000", b"000-000-0000")
_SSN = b"000-00-0000"
_GROUPED = (*_CARDS, *_AMERICAN, _SSN)
# What is said right before a value that is nobody's.
_MADE_UP = pattern(
    r"(?<![a-z])(?:(?:fake|dummy|fictional|fictitious|made[ -]up|mock)[ \w]{0,24}(?:[:=]|looks? like|is|are)?"
    r"|(?:sample|example)[ \w]{1,24} looks? like(?: this)?)[ '\":]{0,3}\Z",
    re.IGNORECASE,
)
_NEAR = 48
# By how they begin.
_IBAN = pattern(rb"AA00[0A ]{10}")
_ABROAD = pattern(rb"\+0[0 ().\-/]{6}")
# One of these stands in each identity number whose form alone gives it away.
_TELLING = (b".000-0", b"AAAA00", b".0000.0000.", b"00000000000000000")
_DOTTED = pattern(rb"\.0{1,3}\.0{1,3}\.0")
_COLONS = tuple(pattern(rb"%b[0aA]{2}%b[0aA]{2}%b[0aA]{2}%b[0aA]{2}%b" % ((mark,) * 5)) for mark in (b":", b"-"))


def find_personal(text: str) -> tuple[Value, ...]:
    """The personal values in a text in the order they stand in; none overlaps another."""
    found: list[Value] = []
    end = -1
    for value in sorted(_everywhere(text), key=lambda value: (value.start, -value.end)):
        if value.start >= end:
            end = value.end
            if not _MADE_UP.search(text, max(0, value.start - _NEAR), value.start):
                found.append(value)
    return tuple(found)


@first_look
def worth_a_search(sheet: Sheet) -> Iterator[int]:
    """The numbers of the texts in which `find_personal` finds something, and of a few more."""
    return (sheet.number(value.start) for value in _all(sheet.text))


def _everywhere(text: str) -> Iterator[Value]:
    for start, end, low, part in stretches(text):
        for value in _all(part):
            if start <= low + value.start < end:
                yield replace(value, start=low + value.start, end=low + value.end) if low else value


def _all(text: str) -> Iterator[Value]:
    # Each module is loaded when a text first has the shape of what it knows: most notebooks have none.
    if "@" in text:
        from nb_mlops.analysis.sensitive.personal.addresses import find_emails

        yield from (Value(Kind.EMAIL, *place) for place in find_emails(text))
    shape = shape_of(text)
    if b"00" not in shape:
        return
    places = numbers(shape)
    grouped = [at for at in places if shape.startswith(_GROUPED, at)]
    if grouped:
        yield from _of_groups(text, shape, grouped)
    yield from _of_letters(text, shape)
    if abroad := [match.start() for match in _ABROAD.finditer(shape)]:
        from nb_mlops.analysis.sensitive.personal import phones

        yield from (Value(Kind.PHONE, *place) for place in phones.international(text, abroad))
    if dotted := [run_start(shape, match.start()) for match in _DOTTED.finditer(shape)]:
        from nb_mlops.analysis.sensitive.personal import network

        yield from (Value(Kind.IP, *place) for place in network.client_addresses(text, dotted))
    if colons := [match.start() - 2 for form in _COLONS for match in form.finditer(shape) if match.start() > 1]:
        from nb_mlops.analysis.sensitive.personal import network

        yield from (Value(Kind.MAC, *place) for place in network.devices(text, colons))
    if labelled := candidates(shape, places):
        from nb_mlops.analysis.sensitive.personal.labelled import labelled_values

        yield from labelled_values(text, shape, labelled)


def _of_groups(text: str, shape: bytes, places: Sequence[int]) -> Iterator[Value]:
    """What the groups of a number's digits tell."""
    from nb_mlops.analysis.sensitive.personal import accounts, phones

    cards = [at for at in places if shape.startswith(_CARDS, at)]
    yield from (Value(Kind.CARD, *place) for place in accounts.grouped_cards(text, cards))
    american = [at for at in places if shape.startswith(_AMERICAN, at)]
    yield from (Value(Kind.PHONE, *place) for place in phones.american(text, american))
    ssn = [at for at in places if shape.startswith(_SSN, at)]
    yield from (Value(Kind.SSN, *place) for place in _certain_ssn(text, ssn))


def _of_letters(text: str, shape: bytes) -> Iterator[Value]:
    """Numbers that letters or rare signs are part of."""
    lettered = [match.start() for match in _IBAN.finditer(shape)]
    if lettered:
        from nb_mlops.analysis.sensitive.personal import accounts

        yield from (Value(Kind.IBAN, *place) for place in accounts.ibans(text, lettered))
    if any(form in shape for form in _TELLING):
        from nb_mlops.analysis.sensitive.personal import identity

        yield from (Value(Kind.NATIONAL_ID, start, end, what) for start, end, what in identity.telling(text, shape))


def _certain_ssn(text: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A number of this form is taken for one where the text speaks of such, or where there are several."""
    from nb_mlops.analysis.sensitive.personal import identity

    found = list(identity.social_security_numbers(text, places))
    lowered = text.lower() if 0 < len(found) < 3 else ""
    return iter(found if len(found) >= 3 or "ssn" in lowered or "social sec" in lowered else ())
