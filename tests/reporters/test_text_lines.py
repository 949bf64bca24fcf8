"""Messages are broken into lines at blanks."""

from __future__ import annotations

import textwrap

import pytest

from nb_mlops.core.finding import Finding, Report, Severity
from nb_mlops.reporters.text import _wrapped, render


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
    assert _wrapped(message, 110) == expected


def drawn(line: str, caret: tuple[int, int], width: int) -> list[str]:
    about = Finding(
        "EX005",
        "deleted-definition",
        Severity.ERROR,
        "word " * 40,
        "a.ipynb",
        data={"excerpt": line, "caret": list(caret)},
    )
    return render(Report((about,), notebooks=1), width=width).split("\n")


@pytest.mark.parametrize("width", [60, 80, 110])
def test_no_line_is_wider_than_the_terminal_and_what_is_meant_stays_in_sight(width: int) -> None:
    lines = drawn(f"total = {'a + ' * 30}wanted", (128, 134), width)
    assert all(len(line) <= width for line in lines)
    at = next(n for n, line in enumerate(lines) if "^" in line)
    assert lines[at - 1][lines[at].index("^") :].startswith("wanted")


def test_the_mark_stands_below_signs_that_are_two_columns_wide() -> None:
    lines = drawn("合計 = 未定義", (5, 8), 80)
    mark = next(line for line in lines if "^" in line)
    assert mark.endswith("| " + " " * 7 + "^" * 6)
