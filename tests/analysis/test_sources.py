"""Which cells say something."""

from __future__ import annotations

import re

from nb_mlops.analysis.sources import Sources
from nb_mlops.core.notebook import Cell, CellKind


def sources(*texts: str) -> Sources:
    return Sources([Cell(2 * number, CellKind.CODE, text) for number, text in enumerate(texts)])


def test_the_cells_that_hold_a_word_or_a_form_are_told_in_order() -> None:
    some = sources("import os", "", "print(1)\nprint(2)", "os.getcwd()")
    assert [cell.index for cell in some.saying("print", "os")] == [0, 4, 6]
    assert [cell.index for cell in some.matching(re.compile(r"p\w+\("), re.compile("getcwd"))] == [4, 6]
    assert some.says("print") and not some.says("prints")
    assert not some.saying("prints") and not some.matching(re.compile("prints"))


def test_what_only_two_cells_together_hold_is_in_neither() -> None:
    some = sources("a = [", "{1: 2}]", "b = [{}]")
    assert [cell.index for cell in some.matching(re.compile(r"\[\s*\{"))] == [4]
    assert not sources().saying("a") and not sources("", "").saying("\n")
