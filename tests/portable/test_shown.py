"""What a cell shows is noted as a value, and shown all the same."""

from __future__ import annotations

from types import SimpleNamespace

from IPython.core.formatters import DisplayFormatter

from nb_mlops.portable.shown import Shown


def test_what_is_shown_is_noted_once_and_formatted_as_ever() -> None:
    formatter = DisplayFormatter()
    plain = formatter.format([1, 2])
    shown = Shown(SimpleNamespace(display_formatter=formatter))
    assert formatter.format([1, 2]) == plain
    formatter.format(None)
    formatter.format(0.5, include={"text/plain"})
    assert shown.taken() == [{"type": "list", "length": 2, "items": [1, 2]}, 0.5]
    assert shown.taken() == []


def test_a_cell_that_shows_very_much_is_noted_in_part() -> None:
    formatter = DisplayFormatter()
    shown = Shown(SimpleNamespace(display_formatter=formatter))
    for number in range(300):
        assert formatter.format(number)[0]["text/plain"] == str(number)
    assert len(shown.taken()) == 100
