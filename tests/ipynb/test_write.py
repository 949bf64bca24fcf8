from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from helpers_ipynb import cell_stretches, cell_value, files, notebook_value, texts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb_mlops import fixer
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.finding import (
    ClearOutput,
    DeleteCell,
    Fix,
    InsertCell,
    MoveCell,
    ReplaceCell,
    ReplaceOutputText,
    ReplaceText,
    SetMetadata,
)
from nb_mlops.core.notebook import (
    Cell,
    CellKind,
    ErrorValue,
    Notebook,
    Output,
    OutputKind,
    Position,
    StoredOutputs,
    Unreadable,
)
from nb_mlops.core.value import replace
from nb_mlops.ipynb.read import read
from nb_mlops.ipynb.write import write

EXAMPLES = int(os.environ.get("NB_MLOPS_EXAMPLES", "50"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
CORPUS = os.environ.get("NB_MLOPS_CORPUS")


def notebook_of(data: bytes) -> Notebook:
    notebook = read(data, "n.ipynb")
    assert isinstance(notebook, Notebook), notebook
    return notebook


def with_source(notebook: Notebook, index: int, source: str) -> Notebook:
    changed = replace(notebook.cells[index], source=source)
    return replace(notebook, cells=(*notebook.cells[:index], changed, *notebook.cells[index + 1 :]))


@many
@given(files)
def test_a_notebook_that_nothing_is_changed_in_keeps_its_bytes(data: bytes) -> None:
    assert write(notebook_of(data)) == data


@many
@given(files, st.data())
def test_an_edited_source_changes_nothing_outside_its_cell(data: bytes, draw: st.DataObject) -> None:
    notebook = notebook_of(data)
    if not notebook.cells:
        return
    index = draw.draw(st.integers(0, len(notebook.cells) - 1))
    source = notebook.cells[index].source
    cut = draw.draw(st.integers(0, len(source)))
    edited = with_source(
        notebook, index, source[:cut] + draw.draw(texts) + source[draw.draw(st.integers(cut, len(source))) :]
    )
    written = write(edited)
    start, end = cell_stretches(data)[index]
    assert written.startswith(data[:start])
    assert written.endswith(data[end:])
    again = notebook_of(written)
    if isinstance(json.loads(data[start:end]), dict):
        assert notebook_value(again) == notebook_value(edited)
    else:
        assert again.cells[index].source == edited.cells[index].source


def some_edits(notebook: Notebook, draw: st.DataObject) -> list[Fix]:
    count = len(notebook.cells)
    cell, slot = st.integers(0, max(count - 1, 0)), st.integers(0, count)
    keys = st.lists(st.sampled_from(["a", "b", "tags", "é", "papermill"]), min_size=1, max_size=2).map(tuple)
    value = st.one_of(st.none(), st.integers(), texts, st.just(["x", "y"]), st.just({"k": [1, {"z": "\ud800é"}]}))
    choices = [
        st.builds(InsertCell, slot, st.builds(lambda s: Cell(0, CellKind.CODE, s), texts)),
        st.builds(SetMetadata, st.none(), keys, value),
    ]
    if count:
        part = st.sampled_from(
            ["outputs/0/text", "outputs/0/data/text~1plain", "outputs/1/evalue", "outputs/0/traceback/0"]
        )
        start = st.just(Position(1, 0))
        choices += [
            st.builds(ReplaceCell, cell, texts),
            st.builds(DeleteCell, cell),
            st.builds(MoveCell, cell, slot),
            st.builds(ClearOutput, cell, st.one_of(st.none(), st.integers(0, 1))),
            st.builds(SetMetadata, cell, keys, value),
            st.builds(ReplaceOutputText, cell, part, start, start, texts),
        ]
    return [Fix("edit", (edit,)) for edit in draw.draw(st.lists(st.one_of(choices), max_size=4))]


@settings(many, max_examples=2 * EXAMPLES)
@given(files, st.data())
def test_what_is_read_again_is_what_was_edited(data: bytes, draw: st.DataObject) -> None:
    notebook = notebook_of(data)
    edited, applied = fixer.apply(notebook, some_edits(notebook, draw))
    written = write(edited)
    again = notebook_of(written)
    stretches = cell_stretches(data)
    assert len(again.cells) == len(edited.cells)
    touched = {edit.cell for fix in applied for edit in fix.edits if not isinstance(edit, InsertCell | MoveCell)}
    for old, new in zip(edited.cells, again.cells, strict=True):
        if old.origin is None:
            assert new.source == old.source
        elif old.origin in touched and isinstance(json.loads(data[slice(*stretches[old.origin])]), dict):
            assert cell_value(new) == cell_value(old)
        elif old.origin not in touched:
            assert data[slice(*stretches[old.origin])] == written[slice(*cell_stretches(written)[new.index])]
    assert notebook_value(again)[0] == notebook_value(edited)[0]


def dump(*cells: object, minor: int = 5, **layout: object) -> bytes:
    value = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    layout = {"indent": 1, "ensure_ascii": False, **layout}
    return json.dumps(value, **layout).encode() + b"\n"  # type: ignore[arg-type]


def code(*source: str, **fields: object) -> dict[str, object]:
    value = {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [], "source": [*source]}
    return {**value, **fields}


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    old, new = before.decode().splitlines(), after.decode().splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return [line.strip() for line in old], [line.strip() for line in new]


def fixed(data: bytes, *edits: object) -> bytes:
    edited, applied = fixer.apply(notebook_of(data), [Fix("edit", edits)])  # type: ignore[arg-type]
    assert applied
    return write(edited)


LAYOUTS = [
    {"indent": 1},
    {"indent": 2, "ensure_ascii": True},
    {"indent": 4, "sort_keys": True},
    {"indent": "\t"},
    {"indent": 0},
    {"indent": None},
    {"indent": None, "separators": (",", ":")},
    {"indent": None, "separators": (", ", ":")},
    {"indent": 1, "separators": (",", ":")},
]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_what_is_new_is_laid_out_as_the_file_would_have_it(layout: dict[str, object], newline: bytes) -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": ["1\n", "2"]}
    cells = [code("a\n", "é = 'ü'\n", "c", id="a"), code("b", id="b", outputs=[stream, stream]), code("c", id="c")]
    before = dump(*cells, **layout).replace(b"\n", newline)
    new = code("x\n", "ü", id="n", execution_count=None)
    after = [
        code("a\n", "ö\n", "c\n", "d", id="a"),
        new,
        code("b", id="b", outputs=[stream], metadata={"k": {"x": [1]}}),
    ]
    inserted = Cell(0, CellKind.CODE, "x\nü", "n")
    edits = [
        ReplaceCell(0, "a\nö\nc\nd"),
        InsertCell(1, inserted),
        ClearOutput(1, 1),
        SetMetadata(1, ("k", "x"), [1]),
        DeleteCell(2),
    ]
    assert fixed(before, *edits) == dump(*after, **layout).replace(b"\n", newline)


def test_unchanged_lines_of_a_source_keep_their_escapes() -> None:
    before = dump(code("x = '@'\n", "y\n", "z")).replace(b"@", b"\\u00e9\\/")
    assert changed_lines(before, fixed(before, ReplaceCell(0, "x = 'é/'\nY\nz"))) == (['"y\\n",'], ['"Y\\n",'])


def test_lines_are_split_where_the_file_splits_them() -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": ["0%\r", "50%\r", "100%\n", "end"]}
    edit = ReplaceOutputText(0, "outputs/0/text", Position(2, 0), Position(2, 3), "END\rx")
    before = dump(code("a", outputs=[stream]))
    assert changed_lines(before, fixed(before, edit)) == (['"end"'], ['"END\\r",', '"x"'])
    before = dump(code("a", outputs=[stream | {"text": ["0%\r50%\r100%\n", "end"]}]))
    assert changed_lines(before, fixed(before, edit)) == (['"end"'], ['"END\\rx"'])


def test_a_source_kept_as_one_text_stays_one_text() -> None:
    before = dump(code("a\nb") | {"source": "a\nb"}, code(source="c") | {"source": "c"})
    after = fixed(before, ReplaceCell(0, "a\nB"), InsertCell(2, Cell(0, CellKind.MARKDOWN, "x\ny", "m")))
    assert [cell["source"] for cell in json.loads(after)["cells"]] == ["a\nB", "c", "x\ny"]


def test_a_line_added_at_the_end_gives_the_last_one_its_newline() -> None:
    before = dump(code("a\n", "b"))
    assert changed_lines(before, fixed(before, ReplaceCell(0, "a\nb\nc"))) == (['"b"'], ['"b\\n",', '"c"'])
    assert changed_lines(before, fixed(before, ReplaceCell(0, "a\nxb"))) == (['"b"'], ['"xb"'])


def test_one_line_of_a_very_long_source_is_one_line_of_the_file() -> None:
    lines = [f"line_{n}\n" for n in range(9000)]
    before = dump(code(*lines))
    source = "".join(lines).replace("line_7\n", "é\n")
    assert changed_lines(before, fixed(before, ReplaceCell(0, source))) == (['"line_7\\n",'], ['"é\\n",'])


def test_outputs_between_removed_ones_keep_their_bytes() -> None:
    streams = [{"name": "stdout", "output_type": "stream", "text": text} for text in ("1", "@", "3", "4")]
    before = dump(code("a", outputs=streams)).replace(b"@", b"\\u00e9")
    after = fixed(before, ClearOutput(0, 0), ClearOutput(0, 2))
    assert after == dump(code("a", outputs=[streams[1], streams[3]])).replace(b"@", b"\\u00e9")


def test_a_new_entry_stands_in_its_line_where_the_others_do_and_last_where_they_have_no_order() -> None:
    before = dump(code("a")).replace(b'"metadata": {},\n   "outputs"', b'"metadata": {"z": 1, "k": 2},\n   "outputs"')
    after = before.replace(b'"k": 2}', b'"k": 2, "b": {"x": [1]}}')
    assert fixed(before, SetMetadata(0, ("b",), {"x": [1]})) == after


def test_letters_are_escaped_only_in_files_that_have_none_unescaped() -> None:
    raw, escaped = dump(code("é = '@'\n", "x")), dump(code("@\n", "x"))
    for before, expected in ((raw, "ü"), (escaped, "\\u00fc")):
        after = fixed(before.replace(b"@", b"\\u00e9"), ReplaceText(0, Position(2, 0), Position(2, 1), "ü"))
        assert f'"{expected}"'.encode() in after


def test_replaced_text_in_an_output_changes_its_line_alone() -> None:
    stream = {"name": "stdout", "output_type": "stream", "text": ["one\n", "two\n", "three"]}
    result = {
        "data": {"text/html": ["<b>\n", "x</b>"], "text/plain": "x"},
        "metadata": {},
        "output_type": "display_data",
    }
    before = dump(code("a", outputs=[stream, result]))
    edit = ReplaceOutputText(0, "outputs/0/text", Position(2, 0), Position(2, 3), "***")
    assert changed_lines(before, fixed(before, edit)) == (['"two\\n",'], ['"***\\n",'])
    edit = ReplaceOutputText(0, "outputs/1/data/text~1html", Position(2, 0), Position(2, 1), "y")
    assert changed_lines(before, fixed(before, edit)) == (['"x</b>"'], ['"y</b>"'])


def test_replaced_text_in_a_traceback_changes_its_piece_alone() -> None:
    error = {"ename": "E", "evalue": "v", "output_type": "error", "traceback": ["one", "two\nlines", "three"]}
    before = dump(code("a", outputs=[error]))
    edit = ReplaceOutputText(0, "outputs/0/traceback", Position(3, 0), Position(3, 5), "*")
    assert changed_lines(before, fixed(before, edit)) == (['"two\\nlines",'], ['"two\\n*",'])


def test_cleared_outputs_take_their_lines_and_the_count_with_them() -> None:
    before = dump(code("a", outputs=[{"name": "stdout", "output_type": "stream", "text": "x"}]), code("b", id="b"))
    after = fixed(before, ClearOutput(0))
    assert after == dump(code("a", execution_count=None), code("b", id="b"))


def test_an_output_of_another_kind_takes_the_place_whole() -> None:
    notebook = notebook_of(dump(code("a", outputs=[{"name": "stdout", "output_type": "stream", "text": "x"}])))
    shown = StoredOutputs.of((Output(OutputKind.DISPLAY_DATA, {"text/plain": "y"}),))
    written = write(replace(notebook, cells=(replace(notebook.cells[0], stored=shown),)))
    assert written == dump(
        code("a", outputs=[{"data": {"text/plain": ["y"]}, "metadata": {}, "output_type": "display_data"}])
    )


def test_a_number_of_another_type_is_another_value() -> None:
    before = dump(code("a", metadata={"x": 1}))
    for value, word in ((True, b"true"), (1.0, b"1.0")):
        assert fixed(before, SetMetadata(0, ("x",), value)) == before.replace(b'"x": 1', b'"x": ' + word)


def test_a_removed_metadata_entry_takes_its_line_with_it() -> None:
    before = dump(code("a", metadata={"collapsed": True, "tags": ["x"]}))
    assert fixed(before, SetMetadata(0, ("collapsed",), None)) == dump(code("a", metadata={"tags": ["x"]}))
    assert fixed(before, SetMetadata(None, ("title",), "é")) == before.replace(
        b'"metadata": {},\n "nbformat"', '"metadata": {\n  "title": "é"\n },\n "nbformat"'.encode()
    )


def test_moved_cells_carry_their_bytes_along() -> None:
    before = dump(code("a"), code("@", id="b"), code("c", id="c")).replace(b"@", b"\\u0062")
    assert fixed(before, MoveCell(1, 3)) == dump(code("a"), code("c", id="c"), code("@", id="b")).replace(
        b"@", b"\\u0062"
    )


def test_a_new_cell_gets_an_id_where_the_format_has_ids() -> None:
    new = InsertCell(1, Cell(0, CellKind.CODE, "x"))
    taken = json.loads(fixed(dump(code("a")), new))["cells"][1]["id"]
    assert taken
    again = json.loads(fixed(dump(code("a", id=taken)), new))["cells"]
    assert again[1]["id"] != again[0]["id"]
    assert fixed(dump(code("a")), new) == fixed(dump(code("a")), new)
    assert "id" not in json.loads(fixed(dump(code("a"), minor=4), new))["cells"][1]


def test_tags_id_and_kind_can_be_set() -> None:
    notebook = notebook_of(dump(code("a", metadata={"x": 1})))
    cell = replace(notebook.cells[0], tags=("t",), id="new", kind=CellKind.RAW)
    expected = code("a", metadata={"x": 1, "tags": ["t"]}, id="new", cell_type="raw")
    assert json.loads(write(replace(notebook, cells=(cell,))))["cells"] == [expected]
    untagged = replace(notebook_of(write(replace(notebook, cells=(cell,)))).cells[0], tags=())
    assert json.loads(write(replace(notebook, cells=(untagged,))))["cells"][0]["metadata"] == {"x": 1}


def test_the_last_of_two_equal_keys_is_the_one_that_is_changed() -> None:
    before = b'{"cells": [{"cell_type": "code", "source": "a", "source": "b"}], "nbformat": 4}'
    assert fixed(before, ReplaceCell(0, "c")) == before.replace(b'"b"', b'"c"')


def test_new_text_with_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    after = fixed(dump(code("a")), ReplaceCell(0, "é\ud800"))
    assert "é\\ud800".encode() in after
    assert notebook_of(after).cells[0].source == "é\ud800"


def test_a_notebook_made_in_memory_is_laid_out_as_nbformat_does() -> None:
    outputs = (
        Output(OutputKind.STREAM, text="1\n2", stream="stdout"),
        Output(OutputKind.EXECUTE_RESULT, {"text/plain": "x\ny", "application/json": ["a"]}, execution_count=1),
        Output(OutputKind.DISPLAY_DATA, {"image/png": "AA"}),
        Output(OutputKind.ERROR, error=ErrorValue("E", "v", ("t",))),
    )
    cells = (
        Cell(0, CellKind.CODE, "é\n1", stored=StoredOutputs.of(outputs), execution_count=1, tags=("t",)),
        Cell(1, CellKind.MARKDOWN, "# T", attachments={"a.png": {"image/png": "AA"}}),
        Cell(2, CellKind.RAW, ""),
    )
    data = write(Notebook("n.ipynb", cells, {"kernelspec": {"name": "python3", "display_name": "Python"}}))
    nbformat = pytest.importorskip("nbformat")
    node = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(node)
    assert (nbformat.writes(node) + "\n").encode() == data
    assert [cell_value(replace(cell, id="")) for cell in notebook_of(data).cells] == [
        cell_value(replace(cell, metadata={"tags": ["t"]} if cell.tags else {})) for cell in cells
    ]


def test_a_changed_notebook_of_an_old_format_is_refused_with_the_way_out() -> None:
    data = b'{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "markdown", "source": "a"}]}]}'
    notebook = notebook_of(data)
    assert write(notebook) == data
    with pytest.raises(NbMlopsError, match="nbformat 3") as caught:
        write(with_source(notebook, 0, "b"))
    assert "nbconvert" in caught.value.remedy


def test_large_outputs_are_stepped_over() -> None:
    lines = [f"line {n}\n" for n in range(200_000)]
    before = dump(code("a", outputs=[{"name": "stdout", "output_type": "stream", "text": lines}]), code("b", id="b"))
    assert changed_lines(before[-400:], fixed(before, ReplaceCell(1, "c"))[-400:]) == (['"b"'], ['"c"'])


@pytest.mark.skipif(not CORPUS, reason="NB_MLOPS_CORPUS names no folder of notebooks")
def test_real_notebooks_keep_their_bytes_and_change_only_where_they_are_edited() -> None:
    read_well = 0
    for path in sorted(Path(CORPUS or ".").rglob("*.ipynb")):
        data = path.read_bytes()
        notebook = read(data, path.name)
        if isinstance(notebook, Unreadable):
            continue
        read_well += 1
        assert write(notebook) == data, path
        if notebook.upgraded_from is not None or not notebook.cells:
            continue
        stretches = cell_stretches(data)
        index = (read_well * 7) % len(notebook.cells)
        edited = with_source(notebook, index, notebook.cells[index].source.upper() + "\n# é edited")
        written = write(edited)
        start, end = stretches[index]
        assert written.startswith(data[:start]), path
        assert written.endswith(data[end:]), path
        assert notebook_value(notebook_of(written)) == notebook_value(edited), path
    assert read_well
