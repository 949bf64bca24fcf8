"""Lines for a terminal: broken between words only, so that a command or a path stays in one piece as far as it can."""

from __future__ import annotations

import textwrap

_WIDTH = 100


def wrapped(text: str, first: str, rest: str) -> list[str]:
    """A text in lines, the first one after `first` and the others after `rest`."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
