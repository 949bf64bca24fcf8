"""What is noted as odd, held against what nbformat's own validator says of the same file."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from nb_mlops.core.notebook import Notebook, Oddity
from nb_mlops.ipynb.read import read

WHOLE: dict[str, Any] = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "a",
            "metadata": {"tags": ["t"]},
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["x\n"]},
                {"output_type": "display_data", "data": {"text/plain": ["1"], "application/json": 1}, "metadata": {}},
                {"output_type": "execute_result", "data": {"text/html": "1"}, "metadata": {}, "execution_count": 1},
                {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]},
            ],
            "source": ["x\n"],
        },
        {"cell_type": "markdown", "id": "b", "metadata": {}, "attachments": {}, "source": "# T"},
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "P"}, "language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
GONE = object()
# Ids and versions have rules of their own, and a file without cells is not a notebook.
OF_OTHERS = {"id", "nbformat", "nbformat_minor", "cells"}
OTHERS = (GONE, None, 1, 1.0, 1.5, True, "x", [], [1], ["x"], {}, {"a": 1})


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from paths(below, (*at, key))


def changed(at: tuple[Any, ...], new: Any) -> bytes:
    whole = copy.deepcopy(WHOLE)
    owner = whole
    for key in at[:-1]:
        owner = owner[key]
    if new is GONE:
        del owner[at[-1]]
    else:
        owner[at[-1]] = new
    return json.dumps(whole).encode()


def nbformats(data: bytes) -> str:
    """What nbformat makes of the file."""
    try:
        notebook = nbformat.reads(data.decode(), as_version=4)
    except Exception:
        return "refused"
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError:
        return "not valid"
    return "valid"


def odd_of(notebook: Notebook) -> list[Oddity]:
    found = list(notebook.odd)
    for cell in notebook.cells:
        found += [*cell.odd, *(odd for output in cell.outputs for odd in output.odd)]
    return found


def ours(data: bytes) -> str:
    notebook = read(data, "a.ipynb")
    if not isinstance(notebook, Notebook):
        return "refused"
    found = odd_of(notebook)
    return "refused" if any(not odd.opens for odd in found) else "not valid" if found else "valid"


@pytest.mark.parametrize(
    "at",
    [at for at in paths(WHOLE) if at[-1] not in OF_OTHERS],
    ids=lambda at: "/".join(map(str, at)).replace("cells/", ""),
)
@pytest.mark.filterwarnings("ignore")
def test_what_is_odd_is_what_nbformat_finds_not_valid(at: tuple[Any, ...], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    said = {repr(new) if new is not GONE else "gone": changed(at, new) for new in OTHERS}
    assert {name: ours(data) for name, data in said.items()} == {name: nbformats(data) for name, data in said.items()}


def test_an_output_of_which_nothing_is_odd_is_told_without_its_values() -> None:
    outputs = [at for at in paths(WHOLE) if at[:3] == ("cells", 0, "outputs") and len(at) > 3]
    for data in [changed(at, new) for at in outputs for new in (*OTHERS, WHOLE)]:
        first, again = read(data, "a.ipynb"), read(data, "a.ipynb")
        assert isinstance(first, Notebook)
        assert isinstance(again, Notebook)
        told = [head.fits for head in first.cells[0].stored.heads]
        assert told == [not output.odd for output in again.cells[0].outputs]


@pytest.mark.parametrize("at", [("nbformat",), ("nbformat_minor",)])
def test_a_version_that_is_no_whole_number_is_odd(at: tuple[str, ...]) -> None:
    assert {ours(changed(at, new)) for new in ("4", None, [4], {}, 4.0)} == {"refused"}
    assert ours(changed(at, 4)) == "valid"


def test_a_type_is_named_and_nothing_else_of_the_file_is_quoted() -> None:
    made_up = "correcthorse"
    for at in [at for at in paths(WHOLE) if at[-1] not in ("cell_type", "output_type")]:
        for new in (made_up, [made_up], {made_up: made_up}, 123456):
            notebook = read(changed(at, new), "a.ipynb")
            for odd in odd_of(notebook) if isinstance(notebook, Notebook) else ():
                assert made_up not in odd.found
                assert "123456" not in odd.found
