"""What is cut or masked is gone in every form of an output, says so where it stood, and nothing else changes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from nb_mlops.analysis.image_metadata import blocks, stripped
from nb_mlops.core.notebook import Notebook
from nb_mlops.core.settings import LintSettings
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.repair import repair

TEXT = (
    "    day  mail\n" + "".join(f"{n:<3}  {n:>2}  p{n}@ada-online.org\n" for n in range(80)) + "\n[80 rows x 2 columns]"
)
HTML = (
    '<table border="1" class="dataframe"><thead><tr><th></th><th>day</th><th>mail</th></tr></thead><tbody>'
    + "".join(f"\n<tr><th>{n}</th><td>{n}</td><td>p{n}@ada-online.org</td></tr>" for n in range(80))
    + "</tbody></table>"
)


def file(*outputs: dict[str, Any], **metadata: Any) -> bytes:
    """A notebook as some application wrote it: odd indentation, keys in an order of its own."""
    cells = [
        {"source": "import pandas\nshow()", "outputs": list(outputs), "cell_type": "code", "id": "a", "metadata": {}},
        {"cell_type": "markdown", "metadata": {"zeta": 1, "alpha": 2}, "source": ["é\n", "done"], "id": "b"},
    ]
    cells[0]["execution_count"] = 3
    return json.dumps({"metadata": metadata, "cells": cells, "nbformat_minor": 5, "nbformat": 4}, indent=3).encode()


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/", 1): v for k, v in data.items()}}


def mended(data: bytes, *codes: str) -> tuple[bytes, tuple[str, ...]]:
    notebook = read(data, "a.ipynb")
    assert isinstance(notebook, Notebook)
    done = repair(notebook, load_rules(), LintSettings(select=codes))
    assert not [finding for finding in done.left.findings if finding.fix is not None]
    return write(done.notebook), tuple(finding.code for finding in done.fixed)


def data_of(raw: bytes, output: int = 0) -> dict[str, str]:
    found = json.loads(raw)["cells"][0]["outputs"][output]["data"]
    return {mime: "".join(value) if isinstance(value, list) else value for mime, value in found.items()}


def test_a_table_is_cut_in_html_and_text_alike_and_says_so() -> None:
    after, fixed = mended(file(shown(text_html=HTML, text_plain=TEXT)), "ED006")
    data = data_of(after)
    assert fixed == ("ED006",)
    assert data["text/html"].count("<tr>") == 1 + 10 + 1
    assert "70 more rows taken out by nb-mlops" in data["text/html"]
    assert "70 more rows taken out by nb-mlops" in data["text/plain"]
    assert "p9@" in data["text/plain"] and "p10@" not in data["text/plain"]
    assert data["text/plain"].endswith("[80 rows x 2 columns]")


def test_addresses_are_masked_in_html_and_text_alike_and_the_rest_is_the_same_to_the_byte() -> None:
    html = HTML.replace("\n<tr><th>5", "</tbody></table><!-- ").split("</tbody>")[0] + "</tbody></table>"
    before = file(shown(text_plain=TEXT.partition("\n5 ")[0], text_html=html), title="kept")
    after, fixed = mended(before, "PI001")
    assert fixed == ("PI001",)
    expected = before
    for n in range(5):
        expected = expected.replace(f">p{n}@ada-online.org<".encode(), b">[email]<")
        expected = expected.replace(f"p{n}@ada-online.org".encode(), b"           [email]"[-17:].rjust(17))
    assert after == expected


def test_values_that_are_no_text_go_with_their_output_and_the_others_stay() -> None:
    plot = {"data": {"values": [{"user_id": 7, "phone": 2127365000}, {"user_id": 8, "phone": 3127365001}]}}
    keep = {"output_type": "stream", "name": "stdout", "text": ["kept\n"]}
    after, fixed = mended(file(keep, shown(**{"application_vnd.vegalite.v5+json": plot})), "PI002")
    assert fixed == ("PI002",)
    assert json.loads(after)["cells"][0]["outputs"] == [keep]


def test_a_value_split_over_tags_is_not_left_behind() -> None:
    html = "<p>Tel. <b>+49 30</b> 901820</p>"
    after, fixed = mended(file(shown(text_html=html)), "PI002")
    assert fixed == ("PI002",)
    assert b"901820" not in after


def test_widget_state_goes_and_all_other_metadata_stays() -> None:
    after, fixed = mended(file(widgets={"m": {"state": {"x": {"value": "typed"}}}}, kept={"a": 1}), "ED010")
    assert fixed == ("ED010",)
    assert json.loads(after)["metadata"] == {"kept": {"a": 1}}


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(len(d).to_bytes(4, "big") + n + d + b"\0\0\0\0" for n, d in (*chunks, (b"IDAT", b"pixels" * 99)))
    return b"\x89PNG\r\n\x1a\n" + body + b"\0\0\0\0IEND\xaeB`\x82"


@pytest.mark.parametrize("width", [0, 76])
def test_metadata_is_taken_out_of_a_picture_and_its_pixels_stay(width: int) -> None:
    raw = base64.b64encode(png((b"tEXt", b"Author\0m. kowalski"), (b"iTXt", b"XML\0" + b"x" * 500))).decode()
    text = "\n".join(raw[n : n + width] for n in range(0, len(raw), width)) + "\n" if width else raw
    clean = stripped(text)
    assert [block.name for block in blocks(text)] == ["Author", "XML"]
    assert not blocks(clean)
    assert base64.b64decode(clean) == png()
    assert clean.endswith("\n") == bool(width)


def test_a_jpeg_loses_exif_and_nothing_else() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0"
    rest = b"\xff\xe0\0\x04JF" + b"\xff\xda\0\x04ab" + bytes(range(200)) + b"\xff\xd9"
    whole = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + rest
    text = base64.b64encode(whole).decode()
    (block,) = blocks(text)
    assert (block.name, block.has_place) == ("EXIF", True)
    assert base64.b64decode(stripped(text)) == b"\xff\xd8" + rest


@pytest.mark.parametrize(
    "data", ["", "iVBORw0KGgo", "/9j/", "iVBORw0KGgo=!", "/9j/4QAA", "A" * 99, "iVBORw0KGgo" + "A" * 5000]
)
def test_a_broken_picture_is_left_as_it_is(data: str) -> None:
    assert not blocks(data) or stripped(data)


def test_cleaning_what_is_clean_changes_no_byte() -> None:
    first, _ = mended(file(shown(text_html=HTML, text_plain=TEXT), widgets={"m": {"state": {}}}), "PI", "ED")
    assert mended(first, "PI", "ED") == (first, ())
