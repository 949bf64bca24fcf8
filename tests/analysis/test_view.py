"""What a view holds, and for how long."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

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
