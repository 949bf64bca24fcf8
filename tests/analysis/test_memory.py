"""A notebook that is looked at again: what was read of its cells before is not read again, and nothing else changes."""

from __future__ import annotations

import itertools
import random

from helpers_cells import cells

from nb_mlops.analysis.flow.cell import Walks
from nb_mlops.analysis.graph import graph
from nb_mlops.analysis.memory import Memory
from nb_mlops.analysis.python import read_python
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


STATES = [
    ("def f():\n    return rate", "rate = 1", "f()", "b = [rate]", "b.append(2)", "f()"),
    ("def f():\n    return rate", "rate = 1", "f()", "b = [rate]", "b.append(3)", "f()"),  # nothing new for the others
    ("def f():\n    return rate\nprint(0)", "rate = 1", "f()", "b = [rate]", "b.append(3)", "f()"),
    ("def f():\n    return other", "rate = 1", "f()", "b = [rate]", "b.append(3)", "f()"),  # other names are read below
    ("f = print", "rate = 1", "f()", "b = [rate]", "b.append(3)", "f()"),
    ("def f():\n    return rate\ng = f", "rate = 1", "f()", "b = a = []", "b.append(3)", "g()"),  # names that share
    ("def f():\n    return rate\ndef g():\n    return rate", "rate = 1", "f()", "b = []", "b.append(3)", "g()"),
    ("class f:\n    def __init__(self):\n        rate.x = 1", "import a", "f()", "b = a", "a.b = 3", "b.c.append(1)"),
    ("class f:\n    def __init__(self):\n        rate.y = b", "a = 1", "f()", "del a", "%reset -f", "rng = a"),
    ("from __future__ import annotations", "rng = a.default_rng(0)", "x = (", "rng.random()", "def f(a: b): ..."),
]


def test_what_cells_do_to_names_is_the_same_with_a_memory_in_whatever_order_edits_come() -> None:
    draw = random.Random(5)
    memory = Memory()
    for _ in range(60):
        notebook = Notebook("n.ipynb", cells(*map(draw.choice, itertools.zip_longest(*STATES, fillvalue="pass"))))
        assert View(notebook, memory=memory).flows == View(notebook).flows
    for state in STATES:
        notebook = Notebook("n.ipynb", cells(*state))
        assert View(notebook, memory=memory).flows == View(notebook).flows


def test_cells_that_an_edit_means_nothing_to_are_not_walked_again() -> None:
    before = ("a = 1", "def f():\n    return a", "b = f()", "c = b")
    same, other = "def f():\n    return a\nprint(a)", "def f():\n    return b"
    for edited, kept in ((same, [True, False, True, True]), (other, [True, False, False, False])):
        walks = Walks()
        first, again = (walked(walks, *sources) for sources in (before, (before[0], edited, *before[2:])))
        assert [one is two for one, two in zip(first, again, strict=True)] == kept


def walked(walks: Walks, *sources: str) -> list[object]:
    return list(walks.walks([(cell, read_python(cell.source)) for cell in cells(*sources)]))


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
