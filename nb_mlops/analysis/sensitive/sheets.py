"""Many short texts on few long sheets, so that a search is begun once for all of them instead of once for each.

A notebook has some seventy texts, most of them a line or two, and most hold nothing: what a search costs is beginning
it. What is found on a sheet tells which texts are worth a search of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import islice

from nb_mlops.core.value import Struct

# More empty lines than any search looks across.
_APART = "\n" * 6
# Small enough to stay in a processor's cache.
_LARGEST = 120_000
# A text from here on has a sheet to itself, and is not copied unless it is cut.
_LONG = 20_000
# A text beyond this is read a stretch at a time, so that what is made of it for a search stays small: each with more
# around it than any search looks at.
_STRETCH = 4_000_000
_AROUND = 100_000
# So many texts are remembered, and only such as take longer to search than to remember.
_MOST = 5_000
_WORTH_KNOWING = 400


class Sheet(Struct, frozen=True):
    """Texts one below the other: where each begins, and its number among the texts given."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def number(self, at: int) -> int:
        """Which text an offset is in."""
        return self.numbers[bisect_right(self.starts, at) - 1]

    def holding(self, word: str) -> Iterator[int]:
        """The numbers of the texts that hold a word."""
        at = self.text.find(word)
        while at >= 0:
            place = bisect_right(self.starts, at)
            yield self.numbers[place - 1]
            at = self.text.find(word, self.starts[place]) if place < len(self.starts) else -1


def sheets(texts: Iterable[str]) -> Iterator[Sheet]:
    """The texts on sheets; empty ones are left out."""
    some: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    size = 0
    for number, text in enumerate(texts):
        if len(text) >= _LONG:
            yield from (Sheet(part, (0,), (number,)) for _, _, _, part in stretches(text))
            continue
        if not text:
            continue
        if some and size + len(text) > _LARGEST:
            yield Sheet(_APART.join(some), tuple(starts), tuple(numbers))
            some, starts, numbers, size = [], [], [], 0
        some.append(text)
        starts.append(size)
        numbers.append(number)
        size += len(text) + len(_APART)
    if some:
        yield Sheet(_APART.join(some), tuple(starts), tuple(numbers))


def stretches(text: str) -> Iterator[tuple[int, int, int, str]]:
    """A text in stretches: where each begins and ends, where the part to be read for it begins, and that part."""
    if len(text) <= _STRETCH:
        yield 0, len(text), 0, text
        return
    for start in range(0, len(text), _STRETCH):
        end, low = min(start + _STRETCH, len(text)), max(0, start - _AROUND)
        yield start, end, low, text[low : end + _AROUND]


def _numbers(sheet: Sheet, found: Iterable[int]) -> Iterable[int]:
    """What was found on a sheet. One with a single text has said all there is to say at the first."""
    return found if len(sheet.numbers) > 1 else islice(found, 1)


def first_look(search: Callable[[Sheet], Iterable[int]]) -> Callable[[Iterable[str]], frozenset[int]]:
    """From a search of a sheet, which tells the numbers of the texts it finds something in, one of many texts.

    A text in which it has found nothing is not searched again: the script of a library stands in many outputs of many
    notebooks, and what a finding shows of a cell was looked at before. Only hashes are kept, not texts.
    """
    nothing: set[int] = set()

    @wraps(search)
    def look(texts: Iterable[str]) -> frozenset[int]:
        hashes: dict[int, int] = {}

        def new() -> Iterator[str]:
            for number, text in enumerate(texts):
                if len(text) < _WORTH_KNOWING:
                    yield text
                elif (known := hash(text)) in nothing:
                    yield ""
                else:
                    hashes[number] = known
                    yield text

        found = frozenset(number for sheet in sheets(new()) for number in _numbers(sheet, search(sheet)))
        if len(nothing) > _MOST:
            nothing.clear()
        nothing.update(known for number, known in hashes.items() if number not in found)
        return found

    return look
