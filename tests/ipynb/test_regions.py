from __future__ import annotations

import json

from helpers_ipynb import multiline
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.core.exhibit import Region
from nb_mlops.core.notebook import Notebook, Position, Span
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.regions import Regions

texts = st.text(st.sampled_from(list('ab9 ="\\/\n\n\t\x1fé漢😀')), max_size=30)


def stretch(data: bytes, region: Region) -> str:
    lines = data.decode().split("\n")
    assert region.line == region.end_line
    return lines[region.line - 1][region.column - 1 : region.end_column - 1]


@given(
    text=texts,
    form=st.sampled_from(["text", "lines", "newlines", "odd"]),
    ascii=st.booleans(),
    indent=st.sampled_from([None, 1, "\t"]),
)
def test_every_character_of_a_source_is_found_in_the_file(
    text: str, form: str, ascii: bool, indent: int | str | None
) -> None:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": multiline(text, form)}
    document = {"cells": [{**cell, "source": "x"}, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    data = json.dumps(document, indent=indent, ensure_ascii=ascii).encode()
    notebook = read(data, "a.ipynb")
    assert isinstance(notebook, Notebook)
    places = Regions(data)
    line, column = 1, 0
    for character in notebook.cells[1].source:
        if character == "\n":
            line, column = line + 1, 0
            continue
        span = Span(1, "source", Position(line, column), Position(line, column + 1))
        assert json.loads(f'"{stretch(data, places.of(span))}"') == character
        column += 1


def test_a_place_in_an_output_is_found_by_its_pointer() -> None:
    output = {
        "data": {"text/html": ["<b>\n", "me</b>"], "text/plain": "x"},
        "metadata": {},
        "output_type": "display_data",
    }
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": []}
    data = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1).encode()
    found = Regions(data).of(Span(0, "outputs/0/data/text~1html", Position(2, 0), Position(2, 2)))
    assert stretch(data, found) == "me"


def test_what_is_not_in_the_file_is_taken_for_what_it_would_be_part_of() -> None:
    data = json.dumps({"cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4}, indent=1).encode()
    places = Regions(data)
    assert places.of(Span(0, "outputs/3/text", Position(1, 0), Position(1, 1))).line == 3
    assert places.of(Span(9, "source", Position(1, 0), Position(1, 1))) == Region(1, 1, 1, 1)
    assert places.of(None) == Region(1, 1, 1, 1)


def test_a_file_that_is_no_json_has_lines() -> None:
    places = Regions(b"<html>\n<body>\n{")
    assert places.of(Span(None, "", Position(2, 0), Position(2, 0))).line == 2
    assert places.of(Span(0, "source", Position(2, 0), Position(2, 0))).line == 1
    assert Regions(b"").of(None).line == 1
