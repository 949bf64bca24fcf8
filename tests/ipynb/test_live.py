"""A notebook that is open in an editor: read as its file would be, and changed by edits that an editor can make."""

from __future__ import annotations

from typing import Any

import pytest

from nb_mlops.core.finding import ClearOutput, DeleteCell, Fix, InsertCell, ReplaceCell, SetMetadata
from nb_mlops.core.notebook import Cell, CellKind
from nb_mlops.fixer import apply
from nb_mlops.ipynb import live

PICTURE = {
    "output_type": "display_data",
    "data": {"image/png": "", "text/plain": "<Figure>"},
    "metadata": {},
    "size": 9000,
}
PRINTED = {"output_type": "stream", "name": "stdout", "text": "hello\n", "size": 60}
BLOBS: dict[str, Any] = {
    "out": live.blob_of([PICTURE, PRINTED]),
    "meta": live.blob_of({"language_info": {"name": "python"}, "kept": 1}),
}
DOCUMENT: dict[str, Any] = {
    "cells": [
        {"id": "a", "kind": "markdown", "source": "# Title"},
        {"id": "b", "kind": "code", "source": "x", "count": 3, "outputs": "out", "metadata": {"tags": ["keep"]}},
        {"id": "c", "kind": "code", "source": "y", "count": None, "outputs": ""},
    ],
    "metadata": "meta",
    "nbformat_minor": 5,
}
NOTEBOOK = live.notebook_of(DOCUMENT, "a.ipynb", BLOBS.__getitem__)


def edits(*wanted: Any) -> dict[str, Any]:
    changed, applied = apply(NOTEBOOK, [Fix("", wanted)])
    assert applied
    return live.changes(NOTEBOOK, changed)


def test_it_reads_as_the_file_would() -> None:
    title, ran, fresh = NOTEBOOK.cells
    assert (title.kind, title.source, title.id) == (CellKind.MARKDOWN, "# Title", "a")
    assert (ran.execution_count, ran.tags, [o.size for o in ran.outputs]) == (3, ("keep",), [9000, 60])
    assert (fresh.execution_count, fresh.outputs) == (None, ())
    assert NOTEBOOK.is_python and NOTEBOOK.nbformat == (4, 5)


def test_every_token_is_named_once_it_is_needed() -> None:
    assert live.tokens(DOCUMENT) == ("meta", "out")


@pytest.mark.parametrize("document", [{}, {"cells": 1}, {"cells": [1]}, {"cells": [{"source": ["a"]}]}])
def test_what_is_no_document_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(live.NotADocumentError):
        live.notebook_of(document, "a.ipynb", BLOBS.__getitem__)


def test_a_cell_that_stays_is_named_by_where_it_was_and_nothing_else() -> None:
    assert edits(ReplaceCell(2, "z"))["cells"] == [{"origin": 0}, {"origin": 1}, {"origin": 2, "source": "z"}]


def test_an_output_that_stays_is_not_sent_back() -> None:
    assert edits(ClearOutput(1, 1))["cells"][1] == {"origin": 1, "outputs": [0]}


def test_new_deleted_and_changed_cells_are_told_in_their_new_order() -> None:
    made = edits(DeleteCell(0), InsertCell(3, Cell(0, CellKind.CODE, "new")))["cells"]
    assert [cell["origin"] for cell in made] == [1, 2, None]
    assert (made[2]["cell"]["cell_type"], made[2]["cell"]["source"]) == ("code", "new")
    assert made[2]["cell"]["id"] not in ("", "a", "b", "c")


def test_metadata_of_the_notebook_comes_whole_when_it_changes() -> None:
    entry = {"rule": "PI001", "fingerprint": "f", "reason": "r"}
    assert edits(SetMetadata(None, ("nbm", "ignore"), [entry]))["metadata"]["nbm"] == {"ignore": [entry]}
    assert "metadata" not in edits(ReplaceCell(2, "z"))
