"""The cell graph as the panel draws it, and the JSON that the front end's own tests read."""

from __future__ import annotations

import json
from pathlib import Path

from helpers_tokens import token

from nb_mlops.analysis.graph import graph
from nb_mlops.analysis.view import View
from nb_mlops.core.graph import GraphRead
from nb_mlops.linter.rule import code, example
from nb_mlops.reporters import drawing
from nb_mlops.reporters.graph import mermaid, values

CONTRACT = Path(__file__).parent.parent / "contract" / "graph.json"
NOTEBOOK = example(
    code("import pandas as pd", id="load"),
    code("rows = []\nlimit = 1", id="start"),
    code("rows.append(limit)", id="grow"),
    code("print(len(rows), pd, nowhere)", id="show"),
    code("limit = 2", id="again"),
).notebook


def test_reads_name_what_passes_and_what_was_changed_on_the_way() -> None:
    assert graph(View(NOTEBOOK)).reads == (
        GraphRead(0, 3, "pd"),
        GraphRead(1, 2, "limit"),
        GraphRead(1, 2, "rows"),
        GraphRead(1, 3, "rows"),
        GraphRead(2, 3, "rows", changed=True),
    )


def test_a_read_in_a_branch_is_told_apart_and_drawn_for_nobody() -> None:
    found = graph(View(example(code("x = 1\ny = 2"), code("print(y)\nif y > 2:\n    print(x)")).notebook))
    assert {read.name: read.sure for read in found.reads} == {"x": False, "y": True}
    assert {read.name for read in drawing.sure(found)} == {"y"}
    assert values(found)["edges"][0]["names"] == ["x", "y"]


def test_nodes_say_what_is_missing_and_what_cannot_be_told() -> None:
    nodes = graph(View(NOTEBOOK)).nodes
    assert nodes[3].missing == ("nowhere",)
    assert graph(View(example(code("from nobody_knows_this import *")).notebook)).nodes[0].opaque


def test_no_secret_stands_in_a_title() -> None:
    secret = token("github-token")
    assert secret not in graph(View(example(code(f"token = '{secret}'")).notebook)).nodes[0].title


def test_a_notebook_in_another_language_has_cells_and_no_reads() -> None:
    found = graph(View(example(code("x <- 1"), code("x"), language_info={"name": "R"}).notebook))
    assert (len(found.nodes), found.reads) == (2, ())


def test_mermaid_takes_every_label_for_text() -> None:
    text = mermaid(graph(View(example(code('x = "a]" # <b> end'), code("x")).notebook)))
    assert text.splitlines()[0] == "flowchart TD"
    assert '"]' not in text.splitlines()[1][:-2]
    assert "<b>" not in text
    assert text.splitlines()[-1] == '  c1 -->|"x"| c2'


def test_the_front_end_tests_itself_on_what_is_written_here() -> None:
    assert json.loads(CONTRACT.read_text("utf-8")) == values(graph(View(NOTEBOOK)))
