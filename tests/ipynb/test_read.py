from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from helpers_ipynb import files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb_mlops.core.notebook import (
    Cell,
    CellKind,
    ErrorValue,
    Head,
    Notebook,
    Output,
    OutputKind,
    Position,
    StoredOutputs,
    Unreadable,
)
from nb_mlops.ipynb.outputs import decode_heads
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.values import parse
from nb_mlops.ipynb.write import write


def file(*cells: Any, **top: Any) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top}).encode()


def code(source: Any = "", **fields: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
        **fields,
    }


def notebook(data: bytes) -> Notebook:
    found = read(data, "n.ipynb")
    assert isinstance(found, Notebook), found
    return found


def only_cell(data: bytes) -> Cell:
    (cell,) = notebook(data).cells
    return cell


def unreadable(data: bytes) -> Unreadable:
    found = read(data, "dir/n.ipynb")
    assert isinstance(found, Unreadable), found
    assert found.path == "dir/n.ipynb"
    assert found.detail.endswith(".")
    return found


def test_a_notebook_is_read_with_everything_it_holds() -> None:
    cell = code(["a = 1\n", "a"], id="c1", execution_count=7, metadata={"tags": ["t", 3, "u"], "x": [1]})
    text = {"cell_type": "markdown", "metadata": {}, "source": "# Title", "attachments": {"i.png": {"image/png": "AA"}}}
    data = file(cell, text, metadata={"kernelspec": {"name": "python3"}})
    found = notebook(data)
    assert (found.path, found.nbformat, found.raw, found.upgraded_from) == ("n.ipynb", (4, 5), data, None)
    assert found.metadata == {"kernelspec": {"name": "python3"}}
    one, two = found.cells
    assert (one.index, one.kind, one.source, one.id, one.execution_count) == (0, CellKind.CODE, "a = 1\na", "c1", 7)
    assert (one.tags, one.metadata, one.origin) == (("t", "u"), {"tags": ["t", 3, "u"], "x": [1]}, 0)
    assert (two.index, two.kind, two.source, two.id) == (1, CellKind.MARKDOWN, "# Title", "")
    assert two.attachments == {"i.png": {"image/png": "AA"}}


def test_outputs_are_decoded_with_list_texts_joined_and_json_left_as_it_is() -> None:
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": ["a\n", "b"]},
        {
            "output_type": "execute_result",
            "execution_count": 3,
            "metadata": {"m": 1},
            "data": {"text/plain": ["x\n", "y"], "application/json": ["x", "y"], "application/vnd.v+json": {"a": [1]}},
        },
        {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["one", "two"]},
    ]
    stream, result, error = only_cell(file(code(outputs=outputs))).outputs
    assert (stream.kind, stream.stream, stream.text) == (OutputKind.STREAM, "stderr", "a\nb")
    assert stream.size == len(json.dumps(outputs[0]))
    assert result.data == {"text/plain": "x\ny", "application/json": ["x", "y"], "application/vnd.v+json": {"a": [1]}}
    assert (result.execution_count, result.metadata) == (3, {"m": 1})
    assert error.error == ErrorValue("ValueError", "bad", ("one", "two"))


ODD = {
    "no metadata": b'{"cells": [], "nbformat": 4}',
    "no cells": b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "cells null": b'{"cells": null, "nbformat": 4}',
    "no version": b'{"cells": []}',
    "version as text": b'{"cells": [], "nbformat": "4"}',
    "later minor version": b'{"cells": [], "nbformat": 4, "nbformat_minor": 99}',
    "old version, new shape": b'{"cells": [], "nbformat": 3}',
    "kernelspec no object": file(metadata={"kernelspec": "python"}),
    "byte order mark": b"\xef\xbb\xbf" + file(),
    "Windows line ends": file().replace(b" ", b"\r\n"),
    "cell no object": file(None, 3, "text", []),
    "source no text": file(code(None), code(3), code({"a": 1}), code(["a", 1])),
    "metadata no object": file(code(metadata=[1]), metadata=None),
    "tags no list": file(code(metadata={"tags": "t"})),
    "outputs no list": file(code(outputs=None), code(outputs={"output_type": "stream"}), code(outputs="x")),
    "output no object": file(code(outputs=[None, 1, "x", []])),
    "unknown types": file({"cell_type": "future", "source": "x"}, code(outputs=[{"output_type": "future"}])),
    "type no text": file({"cell_type": ["code"]}, code(outputs=[{"output_type": {}}])),
    "no fields": file({}),
    "NaN": file(code(outputs=[{"data": {"application/json": float("nan")}}]), metadata={"x": float("-inf")}),
    "huge number": b'{"cells": [], "nbformat": 4, "metadata": {"x": 1e999, "y": ' + b"9" * 5000 + b"}}",
    "half a surrogate pair": file(code("\ud800", outputs=[{"output_type": "stream", "text": "\udfff"}])),
    "key twice": b'{"cells": [1], "cells": [], "nbformat": 4, "metadata": {"a": 1, "a": 2}}',
    "same id twice": file(code(id="a"), code(id="a")),
    "id no text": file(code(id=5)),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_an_odd_notebook_is_read_normally_and_keeps_its_bytes(data: bytes) -> None:
    found = notebook(data)
    stored = [
        cell.get("outputs") if isinstance(cell, dict) else None
        for cell in parse(data.decode("utf-8-sig")).get("cells") or ()
    ]
    expected = [len(outputs) if isinstance(outputs, list) else 0 for outputs in stored]
    assert [len(cell.outputs) for cell in found.cells] == expected
    assert write(found) == data


def test_a_count_that_is_no_number_counts_as_none() -> None:
    for count in ("12", 1.5, True, [1], "null", -1):
        assert only_cell(file(code(execution_count=count))).execution_count is None


def test_heading_and_unknown_cells_keep_their_source() -> None:
    cell = only_cell(file({"cell_type": "heading", "level": 2, "source": ["Title"]}))
    assert (cell.kind, cell.source) == (CellKind.UNKNOWN, "Title")


def test_every_item_of_outputs_has_its_output_so_that_numbers_stay_right() -> None:
    cell = only_cell(file(code(outputs=[None, {"output_type": "pyout", "text": "x"}, {"output_type": "stream"}])))
    assert [output.kind.value for output in cell.outputs] == ["unknown", "unknown", "stream"]
    assert cell.outputs[1].text == "x"


def test_one_output_that_the_fast_decoder_refuses_leaves_the_others_alone() -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "a"}, {"data": {"application/json": float("nan")}}]
    cell = only_cell(file(code(outputs=outputs)))
    assert cell.outputs[0].text == "a"
    assert str(cell.outputs[1].data["application/json"]) == "nan"


def test_reading_loads_neither_nbformat_nor_anything_heavy() -> None:
    program = (
        "import sys; from nb_mlops.ipynb.read import read; from nb_mlops.ipynb.write import write;"
        "write(read(b'{\"cells\": [], \"nbformat\": 4}', 'n'));"
        "print(sorted({'nbformat', 'jsonschema', 'libcst', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


OLD = {
    "metadata": {"name": "x", "kernel": "k"},
    "nbformat": 3,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "source": ["Title"]},
                {
                    "cell_type": "code",
                    "input": ["a = 1\n", "a"],
                    "language": "python",
                    "prompt_number": 4,
                    "outputs": [
                        {"output_type": "pyout", "prompt_number": 4, "text": ["1"], "png": "AA"},
                        {"output_type": "stream", "stream": "stderr", "text": ["w\n", "x"]},
                        {"output_type": "pyerr", "ename": "E", "evalue": "v", "traceback": ["t"]},
                    ],
                },
            ]
        },
        {"cells": [{"cell_type": "markdown", "source": "second sheet"}, {"cell_type": "code", "input": "b"}]},
    ],
}


@pytest.mark.parametrize("version", [2, 3])
def test_an_old_notebook_is_upgraded_with_all_its_worksheets(version: int) -> None:
    found = notebook(json.dumps({**OLD, "nbformat": version}).encode())
    assert (found.upgraded_from, found.nbformat, found.metadata) == (version, (4, 5), {"kernel": "k"})
    sources = [(cell.kind.value, cell.source) for cell in found.cells]
    assert sources == [("markdown", "## Title"), ("code", "a = 1\na"), ("markdown", "second sheet"), ("code", "b")]
    result, stream, error = found.cells[1].outputs
    assert found.cells[1].execution_count == 4
    assert result.data == {"text/plain": "1", "image/png": "AA"}
    assert (stream.stream, stream.text) == ("stderr", "w\nx")
    assert error.error == ErrorValue("E", "v", ("t",))
    assert {cell.id for cell in found.cells} == {""}


def test_an_old_notebook_without_worksheets_is_empty() -> None:
    assert notebook(b'{"metadata": {}, "nbformat": 3}').cells == ()


def test_the_first_format_is_upgraded_too() -> None:
    cells = [{"cell_type": "text", "text": "hello"}, {"cell_type": "code", "code": "a", "prompt_number": 1}]
    found = notebook(json.dumps({"nbformat": 1, "cells": cells}).encode())
    assert [cell.source for cell in found.cells] == ["hello", "a"]


LINES = b'{\n "cells": [],\n "metadata": {"a": 1},\n'
UNREADABLE = {
    "nothing": (b"", "empty", None),
    "white space": (b"\xef\xbb\xbf \r\n\n", "empty", None),
    "a web page": (b"\n\n<!DOCTYPE html>\n<html></html>", "html-page", Position(3, 0)),
    "a web page without its head": (b"<html lang='en'>", "html-page", Position(1, 0)),
    "plain text": (b"404: Not Found", "not-json", Position(1, 3)),
    "Python": (b"import os\nprint(1)\n", "not-json", Position(1, 0)),
    "a missing comma": (b'{"cells": [1 2]}', "not-json", Position(1, 13)),
    "two values": (b"{} {}", "not-json", Position(1, 3)),
    "a raw line break in a text": (b'{"cells": ["a\nb"]}', "not-json", Position(1, 13)),
    "a bad escape in an output": (b'{"cells": [{"outputs": ["\\x"]}], "nbformat": 4}', "not-json", Position(1, 25)),
    "cut off": (LINES, "truncated", Position(4, 0)),
    "cut off in a text": (LINES + b'"nbfor', "truncated", Position(4, 0)),
    "a merge conflict": (
        b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n], "nbformat": 4}',
        "merge-conflict",
        Position(2, 0),
    ),
    "a merge conflict with Windows line ends": (
        b'{"cells": [\r\n<<<<<<< HEAD\r\n1\r\n=======\r\n2\r\n>>>>>>> other\r\n], "nbformat": 4}',
        "merge-conflict",
        Position(2, 0),
    ),
    "Latin-1": (
        '{"cells": [],\n "metadata": {"x": "é"}, "nbformat": 4}'.encode("latin-1"),
        "not-utf8",
        Position(2, 20),
    ),
    "Latin-1 in an output": (file(code(outputs=["@"])).replace(b"@", b"\xe9"), "not-utf8", None),
    "UTF-16": ('{"cells": [], "nbformat": 4}'.encode("utf-16"), "not-utf8", None),
    "UTF-16 without a mark": ('{"cells": [], "nbformat": 4}'.encode("utf-16-le"), "not-utf8", None),
    "UTF-32": ('{"cells": [], "nbformat": 4}'.encode("utf-32"), "not-utf8", None),
    "a Git LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "git-lfs-pointer",
        None,
    ),
    "a git-annex pointer": (b"/annex/objects/SHA256E-s1--0.ipynb\n", "git-lfs-pointer", None),
    "a PNG image": (b"\x89PNG\r\n\x1a\n\x00\x00", "binary", None),
    "a zip archive": (b"PK\x03\x04\x14\x00", "binary", None),
    "other binary": (b"\x80\x04\x95\x00\x00\xff", "binary", None),
    "a hole in the file": (b'{"cells": [\x00\x00\x00\x00', "binary", Position(1, 11)),
    "a list": (b"[1, 2]", "not-a-notebook", None),
    "a text": (b'"x"', "not-a-notebook", None),
    "null": (b"null", "not-a-notebook", None),
    "another file's JSON": (b'{"name": "x", "version": 1}', "not-a-notebook", None),
    "cells no list": (b'{"cells": {"a": 1}, "nbformat": 4}', "not-a-notebook", None),
    "a newer version": (b'{"cells": [], "nbformat": 5}', "too-new", None),
    "no upgrade": (
        b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "outputs": [1]}]}]}',
        "upgrade-failed",
        None,
    ),
    "worksheets no list": (b'{"nbformat": 3, "worksheets": 5}', "upgrade-failed", None),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "too-deep", None),
    "deep in a cell": (b'{"nbformat": 4, "cells": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "too-deep", None),
}


@pytest.mark.parametrize(("data", "reason", "position"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_notebook_is_said_to_be_what_it_is(
    data: bytes, reason: str, position: Position | None
) -> None:
    found = unreadable(data)
    assert found.reason == reason
    if position is not None:
        assert found.position == position


def test_the_detail_names_the_encoding_the_line_and_the_way_out() -> None:
    assert "UTF-16" in unreadable(UNREADABLE["UTF-16"][0]).detail
    assert "line 2" in unreadable(UNREADABLE["a merge conflict"][0]).detail
    assert "git lfs pull" in unreadable(UNREADABLE["a Git LFS pointer"][0]).detail
    assert "PNG" in unreadable(UNREADABLE["a PNG image"][0]).detail
    assert "nbformat 5" in unreadable(UNREADABLE["a newer version"][0]).detail


def test_the_detail_quotes_nothing_of_the_file() -> None:
    secret = "hunter" + "2" * 9
    for data in (secret, f'{{"cells": [{secret}', f'["{secret}"]', f'{{"{secret}": 1}}', f"<html>{secret}"):
        assert secret not in unreadable(data.encode()).detail


def test_conflict_markers_inside_a_cell_are_content() -> None:
    assert only_cell(file(code("<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n"))).source.startswith("<<<<<<<")


def test_letters_of_many_bytes_at_every_place_are_utf8() -> None:
    for shift in range(4):
        text = "x" * shift + "é漢😀" * 30_000
        data = json.dumps({"cells": [code(outputs=[{"text": text}])], "nbformat": 4}, ensure_ascii=False).encode()
        assert only_cell(data).outputs[0].text == text
        assert unreadable(data[:-40] + b"\x9f" + data[-40:]).reason == "not-utf8"


def test_fifty_megabytes_of_output_are_read() -> None:
    text = "0123456789abcdef" * (50 << 16)
    cell = only_cell(file(code("x", outputs=[{"output_type": "stream", "name": "stdout", "text": text}])))
    assert cell.outputs[0].text == text


def look_at(data: bytes) -> None:
    found = read(data, "n.ipynb")
    if isinstance(found, Notebook):
        for cell in found.cells:
            assert len(cell.outputs) >= 0
        assert write(found) == data or found.upgraded_from
    else:
        assert found.reason
        assert found.detail


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    look_at(data)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(files, st.data())
def test_no_damage_to_a_notebook_makes_reading_fail(data: bytes, draw: st.DataObject) -> None:
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(data)))
        until = draw.draw(st.integers(at, min(at + 20, len(data))))
        junk = st.one_of(
            st.binary(max_size=4),
            st.sampled_from(
                [b'"', b"\\", b"]", b"}", b",", b"\x00", b"\n<<<<<<< a\n", b"\n>>>>>>> b\n", b"[[[", b"NaN"]
            ),
        )
        data = data[:at] + draw.draw(junk) + data[until:]
    look_at(data)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(files, st.data())
def test_a_notebook_cut_off_anywhere_is_no_crash(data: bytes, draw: st.DataObject) -> None:
    look_at(data[: draw.draw(st.integers(0, len(data)))])


AWKWARD = ['",', '"', 'a","b', "\\", 'n\\"', "é█", "\u2028", "", " ", "\t,\n", '["x"', "1\n"]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "lines",
    [[f"line {n}\n" for n in range(150_000)], AWKWARD * 30_000, ["x" * 3_000_000]],
    ids=["lines", "awkward", "one"],
)
def test_a_large_text_is_what_its_lines_are_joined(lines: list[str], indent: int | None) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": lines}
    shown = {
        "output_type": "display_data",
        "metadata": {"a": 1},
        "data": {"text/html": lines, "application/json": ["a"]},
    }
    document = {"cells": [code("1", outputs=[printed, shown])], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook = read(json.dumps(document, indent=indent, ensure_ascii=False).encode(), "a.ipynb")
    assert isinstance(notebook, Notebook)
    first, second = notebook.cells[0].outputs
    assert first.text == "".join(lines)
    assert second.data == {"text/html": "".join(lines), "application/json": ["a"]}
    assert (first.stream, second.metadata) == ("stdout", {"a": 1})


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    "unit", ["row\n", "\\", "é\n", "\U0001f680", "a\\n\t", "漢字", '\\"', "\ud83d\n", "x" * 7 + "\U0001f680"], ids=ascii
)
def test_a_large_text_of_one_piece_is_read_as_a_small_one_is(unit: str, plain: bool) -> None:
    text = unit * (2_500_000 // len(unit))
    document = json.loads(file(code("1", outputs=[{"output_type": "stream", "name": "stdout", "text": text}])))
    data = json.dumps(document, ensure_ascii=not plain).encode("utf-8", "surrogatepass")
    if plain and "\ud83d" in unit:
        assert unreadable(data).reason == "not-utf8"
    else:
        assert only_cell(data).outputs[0].text == text


@pytest.mark.parametrize("odd", [3, None, ["nested"], {"a": "b"}], ids=str)
def test_a_large_text_with_something_else_among_its_lines_is_read_as_a_small_one_is(odd: Any) -> None:
    lines = [*(f"line {n}\n" for n in range(100_000)), odd, "end"]
    output = {"output_type": "stream", "name": "stdout", "text": lines}
    notebook = read(file(code("1", outputs=[output])), "a.ipynb")
    assert isinstance(notebook, Notebook)
    assert notebook.cells[0].outputs[0].text == "".join(line for line in lines if isinstance(line, str))


@pytest.mark.parametrize(
    "outputs",
    [
        [
            {"output_type": "stream", "name": "stderr", "text": ["a\n", "b"]},
            {"output_type": "execute_result", "execution_count": 3, "data": {"text/plain": "4"}, "metadata": {}},
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
        ],
        [{"output_type": "display_data", "data": {"image/png": "iVBOR"}, "name": 4, "execution_count": True}],
        [{"output_type": ["odd"]}, {}],
        [{"output_type": "stream", "name": "stdout", "text": "a"}, "no output"],
        [{"output_type": "stream", "name": "\udc00", "text": "a"}],
        [],
    ],
    ids=["common", "with odd values", "of no kind", "with what is none", "with half a character", "none"],
)
def test_the_heads_of_outputs_are_told_without_their_values_as_with_them(outputs: list[Any]) -> None:
    told, whole = (read(file(code("1", outputs=outputs)), "a.ipynb") for _ in range(2))
    assert isinstance(told, Notebook)
    assert isinstance(whole, Notebook)
    known = [Head(one.kind, one.stream, one.execution_count, not one.odd) for one in whole.cells[0].outputs]
    assert list(told.cells[0].stored.heads) == known == list(whole.cells[0].stored.heads)
    assert told.cells[0].stored.failed == any(one.error is not None for one in whole.cells[0].outputs)


def test_heads_cost_no_values() -> None:
    def never(_: bytes | memoryview) -> tuple[Output, ...]:
        raise AssertionError

    stored = StoredOutputs(b'[{"output_type": "error", "ename": "E"}]', never, decode_heads)
    assert stored.failed
