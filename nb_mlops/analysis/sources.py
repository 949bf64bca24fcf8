"""The texts of a notebook's code cells, searched as one: most rules are about words that most notebooks do not say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from itertools import accumulate

from nb_mlops.core.notebook import Cell

# Where something is found first from a place on, and where it ends; -1 where it is not.
_Search = Callable[[int], tuple[int, int]]


class Sources:
    """Which cells say something, without a look at each of them."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self.text = "\n".join([cell.source for cell in cells])

    def says(self, *words: str) -> bool:
        """Whether one of these words stands in a cell."""
        text = self.text
        return any(word in text for word in words)

    def saying(self, *words: str) -> list[Cell]:
        """The cells in which one of these words stands."""
        return self._holding([partial(self._word, word) for word in words if word in self.text])

    def matching(self, *forms: re.Pattern[str]) -> list[Cell]:
        """The cells in which one of these forms is found; one that begins with a fixed sign is searched for at the
        speed of memory. None of them may ask where a text begins or ends."""
        return self._holding([partial(self._form, form) for form in forms])

    def _word(self, word: str, start: int) -> tuple[int, int]:
        at = self.text.find(word, start)
        return at, at + len(word)

    def _form(self, form: re.Pattern[str], start: int) -> tuple[int, int]:
        found = form.search(self.text, start)
        return found.span() if found else (-1, -1)

    def _holding(self, searches: Iterable[_Search]) -> list[Cell]:
        held: set[int] = set()
        for search in searches:
            at, end = search(0)
            while at >= 0:
                number = bisect_right(self._starts, at)  # counted from 1
                if end < self._starts[number]:
                    held.add(number - 1)
                    at, end = search(self._starts[number])
                else:  # what begins in one cell and ends in another is in neither
                    at, end = search(at + 1)
        return [self._cells[number] for number in sorted(held)]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each cell begins in the text, and where one more would."""
        return [0, *accumulate(len(cell.source) + 1 for cell in self._cells)]
