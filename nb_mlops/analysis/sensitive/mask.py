"""A text fit to be shown: same length, every token, personal value and user name covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from nb_mlops.analysis.decode import without_pictures
from nb_mlops.analysis.lines import lines_of, offset_of
from nb_mlops.analysis.python import read_python
from nb_mlops.analysis.sensitive import detect
from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.analysis.sensitive.hidden import joined, may_join
from nb_mlops.analysis.sensitive.personal import find as personal
from nb_mlops.analysis.sensitive.personal import find_addresses, find_homes, find_personal
from nb_mlops.analysis.sensitive.sheets import Sheet, first_look

MASK = "*"


@lru_cache(maxsize=16)
def mask(text: str) -> str:
    """The text with each character of a secret or personal value covered; line breaks stay."""
    covered = [(secret.start, secret.end) for secret in find_secrets(text)]
    covered.extend((value.start, value.end) for value in find_personal(text))
    if "@" in text:
        covered.extend(find_addresses(text))
    if "/" in text or "\\" in text:
        covered.extend((home.name_start, home.end) for home in find_homes(text))
    return cover(text, covered)


def worth_a_look(texts: Sequence[str]) -> frozenset[int]:
    """The numbers of the texts in which `mask` covers something, and of a few more."""
    return detect.worth_a_search(texts) | personal.worth_a_search(texts) | _worth_a_look(texts)


@first_look
def _worth_a_look(sheet: Sheet) -> Iterator[int]:
    if "@" in sheet.text:
        yield from (sheet.number(start) for start, _ in find_addresses(sheet.text))
    yield from (sheet.number(home.start) for home in find_homes(sheet.text))


class Masks:
    """`mask` for whoever needs it of many texts: the searches are begun once for all that are expected."""

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._lines: dict[str, Sequence[str]] = {}

    def expect(self, texts: Iterable[str]) -> None:
        """These texts will be asked for; others may be, too."""
        given = tuple(dict.fromkeys(texts))
        worth = worth_a_look([without_pictures(text) for text in given])
        self._plain.update(text for number, text in enumerate(given) if number not in worth)

    def text(self, text: str) -> str:
        """As `mask` does."""
        return text if text in self._plain else mask(text)

    def line(self, text: str, number: int) -> str:
        """A line of a cell (counted from 0), fit to be shown. A secret may begin in another line."""
        if text not in self._lines:
            whole = "PRIVATE KEY" in text or may_join(without_pictures(text))
            self._lines[text] = mask_cell(text).split("\n") if whole else ()
        return self._lines[text][number] if self._lines[text] else self.text(lines_of(text)[number])


def mask_cell(text: str) -> str:
    """As `mask` does; of a secret that code puts together from literals every piece is covered, too."""
    shown = mask(text)
    if not may_join(text):
        return shown
    pieces = [
        (offset_of(text, one.start), offset_of(text, one.end))
        for one in joined(read_python(text))
        if any(find_secrets(f"{one.name} = {one.text}" if one.name else one.text))
    ]
    return cover(shown, pieces)


def cover(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches covered."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(stretches):
        if end > at and start < len(text):
            parts.append(text[at : max(start, at)])
            parts.append("\n".join([MASK * len(line) for line in text[max(start, at) : end].split("\n")]))
            at = end
    return "".join((*parts, text[at:])) if parts else text
