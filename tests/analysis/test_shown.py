"""What saved output shows of a value that a cell has read."""

from __future__ import annotations

import ast

import pytest

from nb_mlops.analysis.shown import literal, shows
from nb_mlops.core.notebook import Output
from nb_mlops.linter.rule import code, raised, result, stdout


def told(source: str, given: str, *outputs: Output) -> bool | None:
    value = literal(ast.parse(given), "n")
    assert value is not None
    return shows(code(source, *outputs, count=1), ast.parse(source), "n", value)


@pytest.mark.parametrize(
    ("source", "printed", "shown"),
    [
        ("print(n)", "75\n", True),
        ("print(n)", "60\n", False),
        ("print('above', n)", "above 75\n", True),
        ("print(f'{k} of {m} above {n}')", "2 of 3 above 75\n", True),
        ("print(f'{k} of {m} above {n}')", "2 of 3 above 60\n", False),
        ("print('one')\nprint(f'{n:.1f}!')", "one\n60.0!\n", False),
        # agreement of what is rounded is no agreement
        ("print(f'{n:.1f}!')", "75.0!\n", None),
        # printed by others too: only words tell which line it is
        ("show()\nprint('above', n)", "1\n2\nabove 60\n", False),
        ("show()\nprint(n)", "1\n2\n60\n", None),
        ("print('below', n)", "above 60\n", None),
        ("print(n + 1)", "76\n", None),
        ("for i in x:\n    print(n)", "60\n", None),
        ("print(n, file=f)", "60\n", None),
        ("print(n)", "", None),
    ],
)
def test_what_was_printed(source: str, printed: str, shown: bool | None) -> None:
    assert told(source, "n = 75", *([stdout(printed)] if printed else [])) is shown


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("n", "75", True),
        ("n", "60", False),
        ("m, n", "(3, 75)", True),
        ("m, n", "(3, 60)", False),
        ("f'{n} rows'", "'75 rows'", True),
        ("f'{n} rows'", "'60 rows'", False),
        ("n + 1", "76", None),
        ("m, n", "(array([1]), 75)", None),
    ],
)
def test_what_the_last_expression_gave(source: str, text: str, shown: bool | None) -> None:
    assert told(source, "n = 75", result(text)) is shown


@pytest.mark.parametrize(
    ("source", "text", "shown"),
    [
        ("n", "Ridge(alpha=0.5)", True),
        ("n.fit(X, y)", "Ridge(alpha=0.5)", True),
        ("n.fit(X, y)", "Ridge(alpha=2.0)", False),
        ("n.fit(X, y)", "Ridge()", None),
        ("n.fit(X, y)", "Lasso(alpha=2.0)", None),
        ("n.predict(X)", "Ridge(alpha=2.0)", None),
        ("n", "Ridge(alpha=0.5, copy_X=True)", None),
    ],
)
def test_the_settings_of_an_estimator(source: str, text: str, shown: bool | None) -> None:
    assert told(source, "n = Ridge(alpha=0.5)", result(text)) is shown


def test_a_cell_that_failed_shows_nothing() -> None:
    assert told("print(n)\n1 / 0", "n = 75", stdout("60\n"), raised("ZeroDivisionError", "")) is None


@pytest.mark.parametrize("source", ["n = f(1)", "if x:\n    n = 1", "n = 1\nn += 1", "n = Ridge(alpha)", "n = m = 1"])
def test_what_the_text_does_not_tell_is_no_literal(source: str) -> None:
    assert literal(ast.parse(source), "n") is None
