"""Messages are broken into lines at blanks."""

from __future__ import annotations

import textwrap

import pytest

from nb_mlops.reporters.text import _wrapped


@pytest.mark.parametrize(
    "message",
    [
        "",
        "short",
        "word " * 60,
        "a-long-word-" * 15 + " and some more words, so that three lines come of it in the end" * 3,
        "ends on the very edge " + "x" * 84 + " next",
    ],
)
def test_messages_are_broken_as_textwrap_breaks_them(message: str) -> None:
    expected = textwrap.wrap(message, 106, break_long_words=False, break_on_hyphens=False) or [""]
    assert _wrapped(message) == expected
