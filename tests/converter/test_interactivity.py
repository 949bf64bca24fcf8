"""A notebook may ask IPython to show more than the last expression of a cell: the package shows as much."""

from __future__ import annotations

import pytest
from helpers_convert import files_of, planned, staged

from nb_mlops.converter import interactivity

EVERY = "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'"
ASSIGNED = "%config InteractiveShell.ast_node_interactivity='last_expr_or_assign'"


def analysis(*sources: str) -> str:
    files = files_of(planned(staged(*sources)))
    return "\n".join(text for name, text in files.items() if name.startswith("src/") and "/report" not in name)


def test_every_expression_is_shown_from_the_next_cell_on() -> None:
    text = analysis(f"x = 1\nx\n{EVERY}\nx + 3", "x\ny = x + 1\nprint(y)\ny")
    assert "    x\n" in text
    assert "    report.display(x)\n" in text
    assert "    report.display(y)\n" in text
    assert "display(print" not in text
    assert "InteractiveShell" not in text
    assert "IPython" not in text


def test_the_last_assignment_is_shown() -> None:
    text = analysis(ASSIGNED, "x = [1]\ny = len(x)", "a, b = 1, 2", "c = 5;", "n = 1\nn += 1")
    assert "    report.display(y)\n" in text
    assert "    report.display(n)\n" in text
    assert text.count("report.display") == 2


@pytest.mark.parametrize("source", ["x.ast_node_interactivity = mode", "text = 'a.ast_node_interactivity = 1'"])
def test_other_words_about_it_change_nothing(source: str) -> None:
    assert interactivity.in_force([source, "x"]) == (interactivity.USUAL, interactivity.USUAL)
    assert interactivity.as_magic(source) == source
