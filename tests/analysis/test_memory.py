"""A notebook that is looked at again: what was read of its cells before is not read again, and nothing else changes."""

from __future__ import annotations

from helpers_cells import cells

from nb_mlops.analysis.graph import graph
from nb_mlops.analysis.memory import Memory
from nb_mlops.analysis.view import View
from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind, StoredOutputs

TABLE = "<table><tr><th>name</th><th>age</th></tr><tr><td>Ann</td><td>31</td></tr></table>"


def shown(index: int, outputs: StoredOutputs, source: str = "frame") -> Cell:
    return Cell(index, CellKind.CODE, source, stored=outputs)


def outputs() -> StoredOutputs:
    return StoredOutputs.of((Output(OutputKind.DISPLAY_DATA, {"text/html": TABLE}),))


def test_only_cells_that_changed_are_parsed_again() -> None:
    memory = Memory()
    first = View(Notebook("n.ipynb", cells("a = 1", "b = a", "c = b")), memory=memory).python
    again = View(Notebook("n.ipynb", cells("a = 1", "b = a + 1", "c = b")), memory=memory).python
    assert [again[index] is first[index] for index in range(3)] == [True, False, True]


def test_a_look_with_a_memory_sees_what_a_fresh_look_sees() -> None:
    memory = Memory()
    states = [("x = 1", "print(x)"), ("x = 1", "print(y)"), ("y = 1", "x = 1", "print(y)"), ("print(y)",), ("x = (",)]
    for sources in states:
        notebook = Notebook("n.ipynb", cells(*sources))
        remembered, fresh = View(notebook, memory=memory), View(notebook)
        assert graph(remembered) == graph(fresh)
        assert [one.problem for one in remembered.python.values()] == [one.problem for one in fresh.python.values()]
        assert remembered.unmet == fresh.unmet


def test_tables_of_outputs_that_were_kept_are_not_looked_for_again() -> None:
    memory, kept = Memory(), outputs()
    first = View(Notebook("n.ipynb", (shown(0, kept),)), memory=memory).tables
    again = View(Notebook("n.ipynb", (shown(0, kept, "frame.head()"),)), memory=memory).tables
    assert len(first) == 1
    assert again[0] is first[0]


def test_tables_are_found_where_they_are_now() -> None:
    memory, kept = Memory(), outputs()
    text = Cell(0, CellKind.MARKDOWN, "| name | age |\n|---|---|\n| Ann | 31 |")
    for state in ((shown(0, kept),), (text, shown(1, kept)), (shown(0, outputs()), shown(1, kept)), (text,), ()):
        notebook = Notebook("n.ipynb", state)
        assert View(notebook, memory=memory).tables == View(notebook).tables
