"""What a view holds, and for how long."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from helpers_cells import cells

from nb_mlops.analysis.view import View
from nb_mlops.core.notebook import Notebook
from nb_mlops.ipynb.read import read
from nb_mlops.linter.load import load_rules

SAMPLES = sorted((Path(__file__).parent.parent.parent / "sample_notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_view_that_all_rules_have_asked_is_gone_as_soon_as_nobody_holds_it(path: Path) -> None:
    """Without the collector's help: that looks so seldom that a run over many notebooks would hold hundreds of them."""
    notebook = read(path.read_bytes(), path.name)
    assert isinstance(notebook, Notebook)
    gc.collect()
    gc.disable()
    try:
        view = View(notebook)
        for rule in load_rules().values():
            if rule.check is not None:
                list(rule.check(view))
        gone = weakref.ref(view)
        del view
        assert gone() is None
    finally:
        gc.enable()


def test_the_cells_that_say_a_word_are_told_in_order_each_once() -> None:
    view = View(Notebook("a.ipynb", cells("load(seed)", "x = 1", "seed", "over", "load")))
    assert [cell.index for cell in view.saying("seed", "load")] == [0, 2, 4]
    assert view.saying("r\nl", "absent") == []  # what begins in one cell and ends in the next stands in none
