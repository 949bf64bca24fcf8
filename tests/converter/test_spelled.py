"""Magics asked of IPython by name are the magics that they mean."""

from __future__ import annotations

import pytest

from nb_mlops.converter.source import SILENT, read_cells
from nb_mlops.converter.spelled import as_magics, without_magics
from nb_mlops.core.notebook import Cell, CellKind

SHELL = "get_ipython()"


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        (f"{SHELL}.run_line_magic('matplotlib', 'inline')", "%matplotlib inline"),
        (f"import a\nIPython.{SHELL}.magic('time f(x)');", "import a\n%time f(x);"),
        (f"files = {SHELL}.getoutput('ls *.csv')", "files = !ls *.csv"),
        (f"if x:\n    {SHELL}.system('ls')", "if x:\n    !ls"),
        (f"{SHELL}.run_cell_magic('time', '', 'x = 1\\ny = 2\\n')", "%%time\nx = 1\ny = 2"),
        (f"{SHELL}.magic('autoreload 2'); x = 1", "pass; x = 1"),
    ],
)
def test_a_call_is_the_magic_that_it_means(source: str, meant: str) -> None:
    assert as_magics(source, SILENT) == meant


@pytest.mark.parametrize(
    "source",
    [f"{SHELL}.magic(name)", f"text = '''\n{SHELL}.system('ls')\n'''", f"x = f({SHELL}.kernel)", "no ("],
)
def test_everything_else_stays_as_it_is(source: str) -> None:
    assert as_magics(source, SILENT) == source
    assert without_magics(source, SILENT) == source


@pytest.mark.parametrize("odd", ["\ud83d", "\x00"])
def test_source_that_no_encoding_holds_is_no_crash_but_a_cell_that_cannot_be_converted(odd: str) -> None:
    (read,) = read_cells([Cell(0, CellKind.CODE, f"await f()\nx = '{odd}'", "a")], "report")
    assert read.problem


def test_a_module_beside_the_notebook_asks_for_no_magic_that_changes_nothing() -> None:
    module = f"import a\n{SHELL}.run_line_magic('matplotlib', 'inline')\n{SHELL}.system('ls')\n\ndef f():\n    pass\n"
    assert without_magics(module, SILENT) == module.replace(f"{SHELL}.run_line_magic('matplotlib', 'inline')", "pass")
