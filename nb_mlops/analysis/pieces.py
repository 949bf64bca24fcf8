"""A long text a piece at a time, so that what is made of it is not in memory several times over."""

from __future__ import annotations

from collections.abc import Iterator

# Small enough to stay in a processor's cache, large enough to make no difference to the time.
PIECE = 1 << 16


def pieces(text: str, before: str) -> Iterator[tuple[int, str]]:
    """The text in pieces, each with where it begins: only ever cut right before this sign."""
    start, size = 0, len(text)
    while size - start > PIECE:
        end = text.find(before, start + PIECE)
        if end < 0:
            break
        yield start, text[start:end]
        start = end
    yield start, text[start:] if start else text
