from __future__ import annotations

from typing import Any

import pytest
from helpers_run import notebook

from nb_mlops.checker.parameters import declared, typed
from nb_mlops.core.errors import UsageError
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.value import replace

SOURCE = (
    "rows: int = 10\nrate = 0.1\nfast = False\nname = 'x'\ncolumns = ['a']\nlimit = None\nstart = date.today()  # when"
)


def with_parameters(source: str = SOURCE) -> Notebook:
    found = notebook("import os", source)
    return replace(found, cells=(found.cells[0], replace(found.cells[1], tags=("parameters",))))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rows", "5", 5),
        ("rate", "1", 1.0),
        ("rate", "1e-3", 0.001),
        ("fast", "yes", True),
        ("fast", "false", False),
        ("name", "12", "12"),
        ("columns", "['b', 'c']", ["b", "c"]),
        ("limit", "3", 3),
        ("limit", "north", "north"),
        ("start", "2026-01-01", "2026-01-01"),
    ],
)
def test_a_text_takes_the_type_of_the_default(name: str, text: str, value: Any) -> None:
    found = typed(with_parameters(), [(name, text)])[name]
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("name", "text"), [("rows", "many"), ("rows", "1.5"), ("fast", "perhaps"), ("columns", "3")])
def test_a_value_of_another_type_is_refused(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=name):
        typed(with_parameters(), [(name, text)])


def test_a_value_that_is_no_text_is_taken_as_it_is() -> None:
    assert typed(with_parameters(), [("limit", [1, 2])]) == {"limit": [1, 2]}


def test_an_unknown_parameter_is_an_error_that_suggests_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        typed(with_parameters(), [("row", "1")])
    assert caught.value.remedy == "Did you mean `rows`?"


def test_a_notebook_without_parameters_takes_none() -> None:
    with pytest.raises(UsageError, match="no cell with the tag"):
        typed(notebook("x = 1"), [("x", "2")])
    assert typed(notebook("x = 1"), []) == {}


def test_only_assignments_declare() -> None:
    assert declared(with_parameters("import os\na = b = 1\nc: str\nd.e = 2")) == {"a": 1, "b": 1}
