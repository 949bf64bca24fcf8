"""One text, read once for all searches: in lower case, its long words, and which fixed words it holds."""

from __future__ import annotations

from functools import cached_property

from nb_mlops.analysis.sensitive.runs import long_words, lower


class Reading:
    """A text as the searches for secrets see it. What one of them has looked for, no other looks for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lowered = lower(text)
        self._held: dict[str, bool] = {}

    @cached_property
    def words(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each long word."""
        return tuple(long_words(self.text))

    def holds(self, *words: str) -> bool:
        """Whether all of these (in lower case) stand in the text, however written. The first that is missing ends the
        look: name those first that are rare, or that the others are made of."""
        for word in words:
            if word not in self._held:
                self._held[word] = word in self.lowered
            if not self._held[word]:
                return False
        return True
