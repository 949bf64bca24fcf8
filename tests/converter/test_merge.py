"""A package that was worked on by hand is made again: nothing written by hand is lost, and nobody is surprised."""

from __future__ import annotations

import random

import pytest

from nb_mlops.converter.lines import BASE, END, MINE, THEIRS, merge_lines
from nb_mlops.converter.merge import merge_trees

PATH, OTHER = "src/p/train.py", "src/p/features.py"


def stage(name: str, body: str, *cells: str) -> str:
    return f"# nbm: cells=[{', '.join(cells)}]\ndef {name}():\n" + "".join(f"    {line}\n" for line in body.split("\n"))


def module(*stages: str, imports: str = "import numpy as np") -> str:
    return f'"""About."""\n\n{imports}\n\n\n' + "\n\n".join(stages)


FIT, SCORE = stage("fit", "a = 1\nb = 2\nreturn a", "c1"), stage("score", "return 3", "c2")


def test_changes_of_both_sides_in_different_lines_come_together() -> None:
    merged = merge_lines("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nc\nd\ne\n")
    assert (merged.text, merged.conflicts) == ("a\nB\nc\nd\ne\n", 0)


def test_the_same_lines_changed_differently_stand_between_marks() -> None:
    merged = merge_lines("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n")
    assert merged.conflicts == 1
    assert merged.text.splitlines() == ["a", MINE, "x", BASE, "b", THEIRS, "y", END, "c"]


def test_a_line_changed_by_one_side_and_lines_added_behind_it_by_the_other_come_together() -> None:
    assert merge_lines("a\nb\n", "a\nB\n", "a\nb\nc\n").text == "a\nB\nc\n"
    assert merge_lines("a\nb\n", "0\na\nb\n", "A\nb\n").text == "0\nA\nb\n"


@pytest.mark.parametrize("seed", range(40))
def test_one_side_alone_always_wins_and_equal_changes_never_conflict(seed: int) -> None:
    chance = random.Random(seed)
    base = [chance.choice("abcd") for _ in range(chance.randrange(12))]
    changed = list(base)
    for _ in range(3):
        place = chance.randrange(len(changed) + 1)
        changed[place : place + chance.randrange(2)] = [chance.choice("abcdxyz") for _ in range(chance.randrange(3))]
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (base, changed))
    assert merge_lines(old, new, old).text == new
    assert merge_lines(old, old, new).text == new
    assert merge_lines(old, new, new).text == new
    both = merge_lines(old, "top\n" + new, new)
    assert (both.text, both.conflicts) == ("top\n" + new, 0) or both.conflicts


def test_what_nobody_touched_follows_the_notebook() -> None:
    merged = merge_trees({PATH: module(FIT), "old.py": "x"}, {PATH: module(FIT), "old.py": "x"}, {PATH: module(SCORE)})
    assert merged.files == {PATH: module(SCORE)}
    assert (merged.gone, merged.conflicts, merged.kept) == (("old.py",), (), ())


def test_a_function_changed_by_hand_stays_while_its_neighbour_follows_the_notebook() -> None:
    by_hand = FIT.replace("return a", "return a  # checked")
    changed = SCORE.replace("return 3", "return 4")
    merged = merge_trees(
        {PATH: module(FIT, SCORE)}, {PATH: module(by_hand, SCORE)}, {PATH: module(FIT, changed, imports="import os")}
    )
    assert merged.files[PATH] == module(by_hand, changed, imports="import os")
    assert (merged.conflicts, merged.kept) == ((), (f"{PATH}: fit",))


def test_both_changed_is_a_conflict_in_that_function_alone() -> None:
    by_hand, changed = FIT.replace("b = 2", "b = 20"), FIT.replace("b = 2", "b = 21")
    merged = merge_trees({PATH: module(FIT, SCORE)}, {PATH: module(by_hand, SCORE)}, {PATH: module(changed, SCORE)})
    assert [(c.path, c.name) for c in merged.conflicts] == [(PATH, "fit")]
    assert MINE in merged.files[PATH]
    assert merged.files[PATH].endswith(SCORE)


def test_an_edit_follows_its_cells_into_another_name_and_module() -> None:
    by_hand = FIT.replace("return a", "return a  # checked")
    moved = stage("make_features", "a = 1\nb = 2\nreturn a", "c0", "c1")
    merged = merge_trees(
        {PATH: module(FIT, SCORE)}, {PATH: module(by_hand, SCORE)}, {PATH: module(SCORE), OTHER: module(moved)}
    )
    assert merged.files[OTHER] == module(moved.replace("return a", "return a  # checked"))
    assert "def fit" not in merged.files[PATH]
    assert merged.conflicts == ()


def test_a_persons_own_functions_imports_and_files_stay() -> None:
    own = stage("helper", "return 7").partition("\n")[2]
    mine = module(FIT, own, imports="import numpy as np\nimport mine")
    theirs = module(FIT.replace("b = 2", "b = 3"), imports="import numpy as np\nimport pandas as pd")
    merged = merge_trees({PATH: module(FIT)}, {PATH: mine, "src/p/own.py": "x = 1"}, {PATH: theirs})
    text = merged.files[PATH]
    assert all(part in text for part in ("import mine", "import pandas as pd", "b = 3", own))
    assert merged.conflicts == ()
    assert "src/p/own.py" not in merged.files


def test_what_the_notebook_drops_and_a_person_changed_is_left_and_told() -> None:
    by_hand = FIT.replace("return a", "return a + 1")
    merged = merge_trees({PATH: module(FIT, SCORE)}, {PATH: module(by_hand, SCORE)}, {PATH: module(SCORE)})
    assert "return a + 1" in merged.files[PATH]
    assert [c.name for c in merged.conflicts] == ["fit"]


def test_what_a_person_deleted_stays_deleted_until_the_notebook_changes_it() -> None:
    merged = merge_trees({PATH: module(FIT, SCORE)}, {PATH: module(FIT)}, {PATH: module(FIT, SCORE)})
    assert "def score" not in merged.files[PATH]
    changed = SCORE.replace("3", "5")
    merged = merge_trees({PATH: module(FIT, SCORE)}, {PATH: module(FIT)}, {PATH: module(FIT, changed)})
    assert "return 5" in merged.files[PATH]
    assert [c.name for c in merged.conflicts] == ["score"]


def test_keep_protects_a_function_or_a_whole_file() -> None:
    kept = "# nbm: keep\n" + FIT.replace("b = 2", "b = 9")
    merged = merge_trees({PATH: module(FIT)}, {PATH: module(kept)}, {PATH: module(FIT.replace("b = 2", "b = 3"))})
    assert merged.files[PATH] == module(kept)
    whole = "# nbm: keep\nx = 1\n"
    merged = merge_trees({PATH: module(FIT)}, {PATH: whole}, {PATH: module(SCORE)})
    assert merged.files[PATH] == whole
    assert merged.conflicts == ()


def test_a_file_that_does_not_parse_is_merged_line_by_line() -> None:
    merged = merge_trees(
        {PATH: module(FIT)}, {PATH: module(FIT) + "def (:\n"}, {PATH: module(FIT, imports="import os")}
    )
    assert "def (:" in merged.files[PATH]
    assert "import os" in merged.files[PATH]


def test_a_new_file_never_replaces_a_persons_file_of_that_name() -> None:
    merged = merge_trees({}, {PATH: "mine = 1\n"}, {PATH: module(FIT)})
    assert merged.files == {PATH: module(FIT), f"{PATH}.yours": "mine = 1\n"}
    assert len(merged.conflicts) == 1
