from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.core.notebook import Cell, CellKind, Notebook, Output, OutputKind, StoredOutputs
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest, tree_digest

SHA = st.text("0123456789abcdef", min_size=64, max_size=64)
TREES = st.dictionaries(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1), SHA, min_size=1
)


def notebook(*sources: str, **changes: object) -> Notebook:
    cells = tuple(replace(Cell(i, CellKind.CODE, source), **changes) for i, source in enumerate(sources))  # type: ignore[arg-type]
    return Notebook("a.ipynb", cells)


def test_the_tree_digest_is_the_documented_formula() -> None:
    a, b = "a" * 64, "b" * 64
    expected = hashlib.sha256(f"MLmodel\0{b}\nmodel/x.bin\0{a}\n".encode()).hexdigest()
    assert tree_digest({"model/x.bin": a, "MLmodel": b}) == expected


def test_an_empty_tree_has_no_digest() -> None:
    with pytest.raises(ValueError):
        tree_digest({})


@given(TREES, TREES)
def test_two_trees_have_the_same_digest_only_when_they_are_the_same(
    left: dict[str, str], right: dict[str, str]
) -> None:
    assert (tree_digest(left) == tree_digest(right)) == (left == right)


def test_running_or_explaining_a_notebook_does_not_change_its_digest() -> None:
    plain = notebook("x = 1", "print(x)")
    output = StoredOutputs.of((Output(OutputKind.STREAM, text="1\n"),))
    ran = notebook("x = 1\r\n", "print(x)  ", execution_count=7, stored=output, id="abc", metadata={"collapsed": True})
    words = replace(ran, cells=(Cell(0, CellKind.MARKDOWN, "# Title"), *ran.cells, Cell(3, CellKind.CODE, " \n")))
    assert notebook_digest(plain) == notebook_digest(ran) == notebook_digest(words)


@pytest.mark.parametrize(
    "other",
    [
        notebook("x = 2", "print(x)"),
        notebook("print(x)", "x = 1"),
        notebook("x = 1\nprint(x)"),
        notebook("x = 1", "print(x)", tags=("parameters",)),
        notebook("x = 1", "print(x)", kind=CellKind.RAW),
        replace(notebook("x = 1", "print(x)"), metadata={"language_info": {"name": "r"}}),
    ],
)
def test_what_a_kernel_would_run_differently_changes_the_digest(other: Notebook) -> None:
    assert notebook_digest(notebook("x = 1", "print(x)")) != notebook_digest(other)


def test_half_a_character_in_a_cell_does_not_stop_the_digest() -> None:
    assert notebook_digest(notebook("x = '\ud83d'")) != notebook_digest(notebook("x = '\ud83e'"))
