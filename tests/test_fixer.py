from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops import fixer
from nb_mlops.core.finding import (
    ClearOutput,
    DeleteCell,
    Edit,
    Fix,
    InsertCell,
    MoveCell,
    ReplaceCell,
    ReplaceOutputText,
    ReplaceText,
    Safety,
    SetCellId,
    SetFormat,
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
)
from nb_mlops.core.value import replace


def notebook(*sources: str, **fields: Any) -> Notebook:
    cells = tuple(Cell(n, CellKind.CODE, text, f"id{n}", origin=n, **fields) for n, text in enumerate(sources))
    return Notebook("n.ipynb", cells)


def with_outputs(*outputs: Output) -> Notebook:
    return notebook("a", stored=StoredOutputs.of(outputs), execution_count=3)


def at(line: int, column: int) -> Position:
    return Position(line, column)


def fix(*edits: Edit, safety: Safety = Safety.SAFE) -> Fix:
    return Fix("mend", edits, safety)


def sources(before: Notebook, *fixes: Fix) -> list[str]:
    return [cell.source for cell in fixer.apply(before, fixes)[0].cells]


def test_nothing_to_apply_gives_the_same_notebook() -> None:
    before = notebook("a")
    assert fixer.apply(before, []) == (before, ())
    assert fixer.apply(before, [fix()])[1] == ()


def test_only_safe_fixes_are_applied_unless_unsafe_ones_are_allowed_and_advice_never() -> None:
    before = notebook("a", "b", "c")
    fixes = [
        fix(ReplaceCell(0, "A")),
        fix(ReplaceCell(1, "B"), safety=Safety.UNSAFE),
        fix(ReplaceCell(2, "C"), safety=Safety.DISPLAY),
    ]
    after, applied = fixer.apply(before, fixes)
    assert ([cell.source for cell in after.cells], applied) == (["A", "b", "c"], (fixes[0],))
    after, applied = fixer.apply(before, fixes, allow_unsafe=True)
    assert ([cell.source for cell in after.cells], applied) == (["A", "B", "c"], tuple(fixes[:2]))


def test_text_is_replaced_by_characters_not_bytes() -> None:
    before = notebook("é = '漢😀'\nb = 2\n")
    assert sources(before, fix(ReplaceText(0, at(1, 4), at(1, 8), "1"))) == ["é = 1\nb = 2\n"]
    assert sources(before, fix(ReplaceText(0, at(2, 0), at(3, 0), ""))) == ["é = '漢😀'\n"]
    assert sources(before, fix(ReplaceText(0, at(1, 8), at(2, 0), "; "))) == ["é = '漢😀'; b = 2\n"]
    assert sources(notebook("x"), fix(ReplaceText(0, at(2, 0), at(2, 0), "\ny"))) == ["x\ny"]


def test_several_edits_of_one_fix_use_the_positions_of_the_text_as_it_was() -> None:
    edits = (
        ReplaceText(0, at(2, 0), at(2, 1), "long"),
        ReplaceText(0, at(1, 0), at(1, 1), "longer"),
        ReplaceText(0, at(1, 1), at(1, 1), "!"),
        ReplaceText(0, at(1, 1), at(1, 1), "?"),
    )
    assert sources(notebook("a\nb"), fix(*edits)) == ["longer!?\nlong"]


def test_a_fix_that_overlaps_an_earlier_one_waits_whole() -> None:
    before = notebook("abcdef", "x")
    first = fix(ReplaceText(0, at(1, 0), at(1, 3), "-"))
    second = fix(ReplaceText(0, at(1, 2), at(1, 4), "+"), ReplaceCell(1, "y"))
    third = fix(ReplaceText(0, at(1, 4), at(1, 5), "*"))
    after, applied = fixer.apply(before, [first, second, third])
    assert [cell.source for cell in after.cells] == ["-d*f", "x"]
    assert applied == (first, third)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ReplaceText(0, at(1, 1), at(1, 1), "x"), ReplaceText(0, at(1, 1), at(1, 1), "y")),
        (ReplaceText(0, at(1, 0), at(1, 1), "x"), ReplaceText(0, at(1, 1), at(1, 2), "y")),
        (ReplaceCell(0, "x"), ReplaceText(0, at(1, 0), at(1, 1), "y")),
        (DeleteCell(0), ReplaceCell(0, "y")),
        (DeleteCell(0), SetMetadata(0, ("a",), 1)),
        (DeleteCell(0), MoveCell(0, 2)),
        (MoveCell(0, 2), MoveCell(1, 0)),
        (MoveCell(0, 2), InsertCell(1, Cell(0, CellKind.CODE, "n"))),
        (InsertCell(1, Cell(0, CellKind.CODE, "m")), InsertCell(1, Cell(0, CellKind.CODE, "n"))),
        (ClearOutput(0), ClearOutput(0, 0)),
        (ClearOutput(0, 0), ReplaceOutputText(0, "outputs/0/text", at(1, 0), at(1, 0), "x")),
        (SetMetadata(0, ("a",), 1), SetMetadata(0, ("a", "b"), 2)),
        (SetMetadata(None, ("a", "b"), 1), SetMetadata(None, ("a",), None)),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_two_fixes_of_one_thing_are_not_applied_together(one: Edit, other: Edit) -> None:
    before = notebook("abc", "d", stored=StoredOutputs.of((Output(OutputKind.STREAM, text="t"),)))
    assert fixer.apply(before, [fix(one), fix(other)])[1] == (fix(one),)
    assert fixer.apply(before, [fix(other), fix(one)])[1] == (fix(other),)


@pytest.mark.parametrize(
    "edit",
    [
        ReplaceText(0, at(1, 0), at(1, 9), ""),
        ReplaceText(0, at(5, 0), at(5, 0), ""),
        ReplaceText(0, at(1, 2), at(1, 1), ""),
        ReplaceText(0, at(0, 0), at(1, 1), ""),
        ReplaceCell(7, ""),
        ReplaceCell(-1, ""),
        DeleteCell(1),
        MoveCell(0, 5),
        InsertCell(2, Cell(0, CellKind.CODE, "n")),
        ClearOutput(0, 3),
        SetMetadata(0, (), 1),
        SetMetadata(None, (), 1),
        ReplaceOutputText(0, "outputs/9/text", at(1, 0), at(1, 0), "x"),
        ReplaceOutputText(0, "outputs/0/data/text~1plain", at(1, 0), at(1, 0), "x"),
        ReplaceOutputText(0, "source", at(1, 0), at(1, 0), "x"),
    ],
    ids=str,
)
def test_a_fix_with_an_edit_that_does_not_fit_the_notebook_is_left_out_whole(edit: Edit) -> None:
    before = notebook("abc", stored=StoredOutputs.of((Output(OutputKind.STREAM, text="t"),)))
    assert fixer.apply(before, [fix(SetMetadata(None, ("x",), 1), edit)]) == (before, ())


def test_a_thousand_places_of_a_long_output_are_mended_in_a_breath() -> None:
    before = with_outputs(Output(OutputKind.STREAM, text="name\n" * 50_000))
    places = [ReplaceOutputText(0, "outputs/0/text", at(line, 0), at(line, 4), "*") for line in range(1, 50_000, 50)]
    started = time.process_time()
    after, applied = fixer.apply(before, [fix(place) for place in places])
    assert time.process_time() - started < 10
    assert (len(applied), after.cells[0].outputs[0].text.count("*")) == (1000, 1000)


def test_a_fix_whose_own_edits_overlap_is_left_out() -> None:
    edits = (ReplaceText(0, at(1, 0), at(1, 2), "x"), ReplaceText(0, at(1, 1), at(1, 3), "y"))
    assert fixer.apply(notebook("abc"), [fix(*edits)])[1] == ()


def test_indices_of_one_pass_are_those_of_the_notebook_as_it_was_read() -> None:
    before = notebook("a", "b", "c", "d")
    new = Cell(9, CellKind.MARKDOWN, "new", origin=3)
    after, applied = fixer.apply(
        before, [fix(DeleteCell(0)), fix(InsertCell(2, new)), fix(ReplaceCell(3, "D")), fix(InsertCell(4, new))]
    )
    assert len(applied) == 4
    assert [cell.source for cell in after.cells] == ["b", "new", "c", "D", "new"]
    assert [cell.index for cell in after.cells] == [0, 1, 2, 3, 4]
    assert [cell.origin for cell in after.cells] == [1, None, 2, 3, None]


def test_a_cell_moves_before_the_cell_that_is_named_with_what_else_is_changed_in_it() -> None:
    before = notebook("a", "b", "c", "d")
    assert sources(before, fix(MoveCell(3, 1))) == ["a", "d", "b", "c"]
    assert sources(before, fix(MoveCell(0, 4))) == ["b", "c", "d", "a"]
    assert sources(before, fix(MoveCell(0, 2), MoveCell(3, 2))) == ["b", "a", "d", "c"]
    assert sources(before, fix(MoveCell(3, 0)), fix(ReplaceCell(3, "D"))) == ["D", "a", "b", "c"]


def test_outputs_are_cleared_one_by_one_or_all_with_the_count() -> None:
    one, two, three = (Output(OutputKind.STREAM, text=text) for text in "123")
    before = with_outputs(one, two, three)
    (cell,) = fixer.apply(before, [fix(ClearOutput(0, 0)), fix(ClearOutput(0, 2))])[0].cells
    assert (cell.outputs, cell.execution_count) == ((two,), 3)
    (cell,) = fixer.apply(before, [fix(ClearOutput(0))])[0].cells
    assert (cell.outputs, cell.execution_count) == ((), None)


def test_text_is_replaced_in_every_part_of_an_output() -> None:
    stream = Output(OutputKind.STREAM, text="one\ntwo")
    data = {"text/plain": "plain", "application/json": {"a": [0, "deep"]}}
    result = Output(OutputKind.EXECUTE_RESULT, data, metadata={"k": {"v": "meta"}})
    error = Output(OutputKind.ERROR, error=ErrorValue("Name", "value", ("first", "second\nline", "third")))
    parts = {
        "outputs/0/text": at(2, 0),
        "outputs/1/data/text~1plain": at(1, 0),
        "outputs/1/data/application~1json/a/1": at(1, 0),
        "outputs/1/metadata/k/v": at(1, 0),
        "outputs/2/ename": at(1, 0),
        "outputs/2/evalue": at(1, 0),
        "outputs/2/traceback": at(3, 0),
    }
    edits = [ReplaceOutputText(0, part, start, replace(start, column=1), "*") for part, start in parts.items()]
    (cell,) = fixer.apply(with_outputs(stream, result, error), [fix(edit) for edit in edits])[0].cells
    assert cell.outputs[0].text == "one\n*wo"
    assert cell.outputs[1].data == {"text/plain": "*lain", "application/json": {"a": [0, "*eep"]}}
    assert cell.outputs[1].metadata == {"k": {"v": "*eta"}}
    assert cell.outputs[2].error == ErrorValue("*ame", "*alue", ("first", "second\n*ine", "third"))
    edit = ReplaceOutputText(0, "outputs/2/traceback/1", at(2, 0), at(2, 4), "")
    (cell,) = fixer.apply(with_outputs(stream, result, error), [fix(edit)])[0].cells
    assert cell.outputs[2].error == ErrorValue("Name", "value", ("first", "second\n", "third"))
    assert result.data == data, "the notebook that was read stays as it was"


def test_metadata_is_set_removed_and_made_on_the_way_and_tags_follow() -> None:
    before = replace(notebook("a", metadata={"tags": ["x"], "keep": 1}, tags=("x",)), metadata={"a": {"b": 1, "c": 2}})
    after, _ = fixer.apply(
        before,
        [
            fix(SetMetadata(None, ("a", "b"), None), SetMetadata(None, ("n", "m"), [1])),
            fix(SetMetadata(0, ("tags",), ["x", "y"])),
            fix(SetMetadata(None, ("absent", "key"), None)),
        ],
    )
    assert after.metadata == {"a": {"c": 2}, "n": {"m": [1]}}
    assert (after.cells[0].metadata, after.cells[0].tags) == ({"tags": ["x", "y"], "keep": 1}, ("x", "y"))
    assert before.metadata == {"a": {"b": 1, "c": 2}}
    untagged, _ = fixer.apply(after, [fix(SetMetadata(0, ("tags",), None))])
    assert (untagged.cells[0].metadata, untagged.cells[0].tags) == ({"keep": 1}, ())


@given(
    st.text("ab\né", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.text("xy\n", max_size=3))),
)
def test_replacements_that_fit_together_do_what_one_after_the_other_from_the_end_would(
    text: str, wanted: list[tuple[int, int, str]]
) -> None:
    def position(offset: int) -> Position:
        before = text[:offset]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n") - 1)

    stretches = [(start, min(start + size, len(text)), new) for start, size, new in wanted if start <= len(text)]
    fixes = [fix(ReplaceText(0, position(start), position(end), new)) for start, end, new in stretches]
    after, applied = fixer.apply(notebook(text), fixes)
    expected = text
    kept = [stretch for stretch, one in zip(stretches, fixes, strict=True) if any(one is a for a in applied)]
    for start, end, new in sorted(kept, reverse=True):
        expected = expected[:start] + new + expected[end:]
    assert after.cells[0].source == expected
    assert not fixes or fixes[0] in applied


def test_a_cell_gets_another_id_and_the_file_another_minor_version() -> None:
    before = notebook("a", "b")
    after, applied = fixer.apply(before, [fix(SetFormat(5), SetCellId(1, "new")), fix(SetCellId(1, "other"))])
    assert ([cell.id for cell in after.cells], after.nbformat) == (["id0", "new"], (4, 5))
    assert len(applied) == 1
    assert fixer.apply(before, [fix(SetCellId(2, "new"))])[1] == ()
    assert fixer.apply(replace(before, upgraded_from=3), [fix(SetFormat(5))])[1] == ()
