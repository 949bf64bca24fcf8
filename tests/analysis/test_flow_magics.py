"""Names that magics and shell lines read and bind."""

from __future__ import annotations

import pytest
from helpers_cells import flows

from nb_mlops.analysis.flow import CellFlow


def flow(source: str, *before: str) -> CellFlow:
    return flows(*before, source)[len(before)]


@pytest.mark.parametrize(
    ("source", "binds"),
    [
        ("%time y = f()", {"y"}),
        ("%time y = f(); z = 1", {"y", "z"}),
        ("%%time\ny = f()", {"y"}),
        ("%%capture out\nprint(1)", {"out"}),
        ("%%capture --no-stderr\nx = 1", {"x"}),
        ("files = !ls", {"files"}),
        ("a, b = %magic", {"a", "b"}),
        ("%store -r a b", {"a", "b"}),
        ("%%sql result << select 1", {"result"}),
        ("%sql result << select 1", {"result"}),
        ("%%bash --out text\nls", {"text"}),
        ("%%bigquery frame --project p\nselect 1", {"frame"}),
        ("%%R -i a -o b,c\nb <- a", {"b", "c"}),
        ("%%timeit\nx = 1", set()),
        ("%timeit x = 1", set()),
        ("%%timeit total = 0\ntotal += 1", set()),
        ("%%prun x = 1\ny = x", {"x", "y"}),
        ("%%writefile a.py\nx = 1", set()),
        ("%matplotlib inline", set()),
        ("for f in fs:\n    %time x = f", {"f", "x"}),
    ],
)
def test_what_a_magic_binds(source: str, binds: set[str]) -> None:
    assert flow(source).binds == binds


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("%time f(x)", {"f", "x"}),
        ("%timeit -n 100 -r 3 f(x)", {"f", "x"}),
        ("%prun -l 5 f(x)", {"f", "x"}),
        ("%lprun -f f f(x)", {"f", "x"}),
        ("%%timeit\nf(x)", {"f", "x"}),
        ("%%timeit -n1 -r1 x = f(2)\nf(x)", {"f"}),
        ("!pip install {x}", {"x"}),
        ("!echo $x ${y} $HOME", {"x", "y"}),
        ("files = !ls {x}/*.csv", {"x"}),
        ("%cd $x", {"x"}),
        ("!echo {x:.2f} {len(f)}", {"x", "f"}),
        ("%store x", {"x"}),
        ("%%sql\nselect * from t where a > :x and b = {{y}}", {"x", "y"}),
        ("%%R -i x\nplot(x)", {"x"}),
        ("%%bash\necho $x", set()),
        ("!awk '{print $1}'", set()),
        ("x?", set()),
        ("def g():\n    !ls {x}", set()),
    ],
)
def test_what_a_magic_reads_of_the_names_the_notebook_has(source: str, reads: set[str]) -> None:
    assert set(flow(source, "x = y = 1\ndef f(z): ...").reads) == reads


def test_a_name_in_shell_text_that_nobody_binds_is_none() -> None:
    assert flow("!echo $HOME {user}").reads == {}


@pytest.mark.parametrize("source", ["%run other.py", "%store -r", "%%cython\ndef f(): ..."])
def test_magics_that_may_bind_anything(source: str) -> None:
    assert flow(source).wildcard


def test_reset_takes_every_name_away() -> None:
    assert flow("x = 1\n%reset -f").clears
    assert flow("x = 1\n%reset -f").binds == frozenset()
    assert not flow("%reset in").clears


def test_xdel_deletes_its_name() -> None:
    assert flow("%xdel x").deletes == {"x"}


def test_a_function_with_a_magic_in_it_needs_its_names_when_called() -> None:
    assert "x" in flows("x = 1", "def g():\n    !ls {x}", "g()")[2].reads


def test_a_function_in_the_text_of_a_magic_keeps_what_its_expressions_bind_to_itself() -> None:
    found = flow("%time f = lambda a: (b := a) + b")
    assert found.binds == {"f"}
    assert found.functions == {"f": frozenset()}
