"""Old formats are read as nbformat itself upgrades them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest

from nb_mlops.core.notebook import Notebook, Unreadable
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read

OUTPUTS: list[dict[str, Any]] = [
    {"output_type": "stream", "stream": "stderr", "text": ["one\n", "two"]},
    {"output_type": "stream", "text": ["one", "two"]},
    {"output_type": "pyout", "prompt_number": 7, "text": ["7"], "html": "<b>7</b>", "metadata": {"png": {"width": 3}}},
    {"output_type": "display_data", "png": "aGk=", "svg": ["<svg>\n", "</svg>"], "latex": "$x$", "javascript": "f()"},
    {"output_type": "pyout", "prompt_number": 8, "json": ['{"a":\n', " 1}"]},
    {"output_type": "pyerr", "ename": "KeyError", "evalue": "'a'", "traceback": ["Traceback", "KeyError: 'a'"]},
]
CELLS: list[dict[str, Any]] = [
    {"cell_type": "heading", "level": 3, "source": ["Two\n", "lines"], "metadata": {}},
    {"cell_type": "heading", "source": "One"},
    {"cell_type": "markdown", "source": ["a", "b"], "metadata": {"tags": ["t"]}},
    {"cell_type": "html", "source": "<p>x</p>"},
    {"cell_type": "raw", "source": "x"},
    {"cell_type": "code", "language": "python", "collapsed": True, "input": ["x = 1\n", "x"], "prompt_number": 7},
    {"cell_type": "code", "input": ["x = 1", "x"], "outputs": OUTPUTS, "metadata": {"a": 1}},
    {"cell_type": "code", "input": "x", "outputs": []},
]


def old(major: int) -> dict[str, Any]:
    if major == 1:
        cells = [{"cell_type": "code", "code": "x = 1", "prompt_number": 2}, {"cell_type": "text", "text": "words"}]
        return {"nbformat": 1, "cells": cells}
    sheets = [{"cells": CELLS[:4]}, {"cells": CELLS[4:]}]
    return {"nbformat": major, "nbformat_minor": 0, "metadata": {"name": "n", "k": 1}, "worksheets": sheets}


def upgraded(major: int) -> Notebook:
    """The notebook as nbformat upgrades it, read from what it writes."""
    value = old(major)
    for sheet in value.get("worksheets", ()):
        for cell in sheet["cells"]:
            if cell["cell_type"] == "code":
                cell.setdefault("outputs", [])
    reader = nbformat.reader.reads(json.dumps(value))  # type: ignore[no-untyped-call]
    new = read(json.dumps(nbformat.convert(reader, 4)).encode(), "a.ipynb")  # type: ignore[no-untyped-call]
    assert isinstance(new, Notebook)
    return new


@pytest.mark.parametrize("major", [1, 3])
def test_cells_and_outputs_are_those_of_nbformats_own_upgrade(major: int) -> None:
    ours, theirs = read(json.dumps(old(major)).encode(), "a.ipynb"), upgraded(major)
    assert isinstance(ours, Notebook)
    assert ours.upgraded_from == major
    assert [cell.kind for cell in ours.cells] == [cell.kind for cell in theirs.cells]
    for one, other in zip(ours.cells, theirs.cells, strict=True):
        assert (one.source, one.execution_count, one.tags) == (other.source, other.execution_count, other.tags)
        assert one.metadata == other.metadata
        assert [replace(o, size=0) for o in one.outputs] == [replace(o, size=0) for o in other.outputs]


def test_format_2_is_format_3_without_headings() -> None:
    two, three = (read(json.dumps(old(major)).encode(), "a.ipynb") for major in (2, 3))
    assert isinstance(two, Notebook)
    assert isinstance(three, Notebook)
    assert two.cells == three.cells


def test_no_heading_is_deeper_than_six_signs() -> None:
    cell = {"cell_type": "heading", "level": 10**30, "source": "Deep"}
    found = read(json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).encode(), "a.ipynb")
    assert isinstance(found, Notebook)
    assert found.cells[0].source == "###### Deep"


@pytest.mark.parametrize(
    "value",
    [
        {"nbformat": 3, "worksheets": [3]},
        {"nbformat": 3, "worksheets": [{"cells": [{"source": "no type"}]}]},
        {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "level": "2", "source": "x"}]}]},
        {
            "nbformat": 3,
            "worksheets": [{"cells": [{"cell_type": "code", "outputs": [{"output_type": "pyout", "json": 1}]}]}],
        },
        {"nbformat": 1},
    ],
)
def test_what_has_not_the_shape_of_its_format_is_told_and_not_guessed(value: dict[str, Any]) -> None:
    found = read(json.dumps(value).encode(), "a.ipynb")
    assert isinstance(found, Unreadable)
    assert found.reason == "upgrade-failed"


def test_an_old_notebook_is_read_without_loading_nbformat() -> None:
    code = f"import sys; from nb_mlops.ipynb.read import read; read({json.dumps(old(3)).encode()!r}, 'a')"
    code += "; print('nbformat' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
