"""The constructs that peers stumbled over, one by one: what the last cell reads, binds, changes, deletes.

Each case is known by the words people use for it. What only conversion can get wrong (headings, figures that a new cell
begins, random state between processes) is tested there.
"""

from __future__ import annotations

import pytest
from helpers_cells import flows

from nb_mlops.analysis.flow import CellFlow
from nb_mlops.analysis.view import View
from nb_mlops.linter.rule import code, example

# The case, its cells, and what holds of the last one: reads, binds (surely), changes; None is not looked at.
CASES: dict[str, tuple[tuple[str, ...], set[str] | None, set[str] | None, set[str] | None]] = {
    "late-defined constant read by function": (
        ("def f():\n    return K", "K = 1", "y = f()"),
        {"f", "K"},
        {"y"},
        set(),
    ),
    "global counter and list history": (
        ("n = 0\nlog = []\ndef f():\n    global n\n    n += 1\n    log.append(n)", "f()"),
        {"f", "n", "log"},
        {"n"},
        {"log"},
    ),
    "function passed to apply reads a global": (
        ("df = 1\nK = 2\ndef f(x):\n    return x + K", "df.apply(f)"),
        {"df", "f", "K"},
        set(),
        set(),
    ),
    "recursion with a free variable": (
        ("def f(n):\n    return f(n - 1) if n else K", "K = 1", "f(3)"),
        {"f", "K"},
        None,
        None,
    ),
    "class body reads a variable": (("k = 1", "class A:\n    x = k"), {"k"}, {"A"}, None),
    "method reads a variable": (
        ("k = 1\nclass A:\n    def m(self):\n        return k\na = A()", "a.m()"),
        {"a", "k"},
        None,
        None,
    ),
    "lambda stored, then its variable rebound": (("k = 1\nf = lambda: k", "k = 2", "f()"), {"f", "k"}, set(), set()),
    "loop over the members of a dict fits them": (
        ("models = {}\nX = 1", "for name, m in models.items():\n    m.fit(X)"),
        {"models", "X"},
        set(),
        {"models"},
    ),
    "clf.fit alone": (("clf = 1\nX = y = 2", "clf.fit(X, y)"), {"clf", "X", "y"}, set(), {"clf"}),
    "df.drop(inplace=True) alone": (("df = 1", "df.drop(columns='a', inplace=True)"), {"df"}, set(), {"df"}),
    "append in a function": (("xs = []\ndef f(x):\n    xs.append(x)", "f(1)"), {"f", "xs"}, set(), {"xs"}),
    "view alias": (("a = [1]", "b = a[:2]\nb[0] = 9"), {"a"}, {"b"}, {"a"}),
    "list alias": (("a = []", "b = a\nb.append(1)"), {"a"}, {"b"}, {"a"}),
    "list alias from another cell": (("a = []\nb = a", "b.append(1)"), {"b"}, set(), {"a", "b"}),
    "x += [1] works in place": (("x = []", "x += [1]"), {"x"}, {"x"}, {"x"}),
    "loop variable read after": (("for i in range(3):\n    pass", "print(i)"), {"i"}, set(), set()),
    "definition in an if only": (("c = 1", "if c:\n    x = 1"), {"c"}, set(), set()),
    "bare name in an if": (("c = 1\nx = 1", "if c:\n    x"), {"c", "x"}, set(), set()),
    "subscript store on a function's local": (
        ("def f():\n    d = {}\n    d['a'] = 1\n    return d", "f()"),
        {"f"},
        set(),
        set(),
    ),
    "parameter used only inside getattr": (
        ("def f(o, name):\n    return getattr(o, name)\no = 1", "f(o, 'a')"),
        {"f", "o"},
        None,
        None,
    ),
    "walrus in a comprehension": (("xs = [1]", "ys = [last := x for x in xs]"), {"xs"}, {"ys"}, set()),
    "match capture": (
        ("v = (1, 2)", "match v:\n    case (a, *rest):\n        pass\n    case _:\n        a = rest = 0"),
        {"v"},
        {"a", "rest"},
        None,
    ),
    "except as e": (("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print(e)",), set(), set(), set()),
    "del, then used again": (("x = 1", "del x\nx = 2"), {"x"}, {"x"}, set()),
    "name changes its kind": (("def f():\n    return K\nK = 1", "f = [1]\nlen(f)"), set(), {"f"}, set()),
    "function defined anew": (
        ("def f():\n    return A\nA = B = 1", "def f():\n    return B", "f()"),
        {"f", "B"},
        None,
        None,
    ),
    "from __future__ in a late cell": (
        ("class A:\n    pass", "from __future__ import annotations\ndef f(x: Later): pass"),
        set(),
        {"f"},
        None,
    ),
    "multi-line from-import": (
        ("from os import (\n    path,  # a comment\n    sep as s,\n)",),
        set(),
        {"path", "s"},
        None,
    ),
    "try-import": (("try:\n    import a\nexcept ImportError:\n    a = None",), set(), {"a"}, None),
    "star import of a known module shadows": (("e = 1", "from math import *"), set(), None, None),
    "%time y = f()": (("f = len", "%time y = f('a')"), {"f"}, {"y"}, None),
    "%%time": (("f = len", "%%time\ny = f('a')"), {"f"}, {"y"}, None),
    "%%timeit discards": (("f = len", "%%timeit\ny = f('a')"), {"f"}, set(), None),
    "%%capture out": (("f = len", "%%capture out\nf('a')"), {"f"}, {"out"}, None),
    "x = !ls": (("files = !ls",), set(), {"files"}, None),
    "!pip install {p}": (("p = 'a'", "!pip install {p}"), {"p"}, set(), None),
    "%store -r": (("%store -r x",), set(), {"x"}, None),
    "%%sql into a name": (("%%sql x <<\nselect 1",), set(), {"x"}, None),
    "df.query('@x')": (("df = 1\nx = 1", "df.query('a > @x')"), {"df", "x"}, set(), set()),
    "figure opened in one cell, titled in the next": (
        ("import a\nfig, ax = a.subplots()", "ax.set_title('t')"),
        {"ax"},
        set(),
        {"ax"},
    ),
    "generator across cells": (
        ("import numpy as np\nrng = np.random.default_rng(1)", "x = rng.normal()"),
        {"rng"},
        {"x"},
        {"rng"},
    ),
    "global and nonlocal": (
        ("def f():\n    n = 0\n    def g():\n        nonlocal n\n        global m\n        m = n = 1\n    g()\nf()",),
        set(),
        None,
        set(),
    ),
    "annotation binds nothing": (("x: int",), set(), set(), set()),
    "container that holds an object changes with it": (
        ("a = []\nbox = [a]", "a.append(1)"),
        {"a"},
        set(),
        {"a", "box"},
    ),
}


def last(case: str) -> CellFlow:
    sources = CASES[case][0]
    return flows(*sources)[len(sources) - 1]


@pytest.mark.parametrize("case", CASES)
def test_named_case(case: str) -> None:
    _, reads, binds, changes = CASES[case]
    flow = last(case)
    assert reads is None or set(flow.uses) == reads
    assert binds is None or set(flow.must) == binds
    assert changes is None or set(flow.mutates) == changes


def test_a_star_import_binds_what_it_is_known_to_bind() -> None:
    assert {"e", "sqrt"} <= last("star import of a known module shadows").must


@pytest.mark.parametrize("source", ["%run other.py", "exec(text)", "from nobody.knows import *"])
def test_cells_that_may_bind_anything(source: str) -> None:
    assert flows("x = 1", source)[1].wildcard


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("In", {}),
        ("Out", {}),
        ("get_ipython", {}),
        ("display", {}),
        ("_", {}),
        ("spark", {"kernelspec": {"name": "pysparkkernel", "language": "python"}}),
        ("sc", {"kernelspec": {"name": "pysparkkernel", "language": "python"}}),
        ("dbutils", {"application/vnd.databricks.v1+notebook": {"language": "python"}}),
        ("sqlContext", {"application/vnd.databricks.v1+notebook": {"language": "python"}}),
    ],
)
def test_names_that_kernels_inject_are_given(name: str, metadata: dict[str, object]) -> None:
    assert View(example(code(f"{name}.a"), **metadata).notebook).is_given(name)


def test_a_cell_of_papermill_parameters_defines_what_they_name() -> None:
    cells = (code("rate = 0.1", tags=("parameters",)), code("rate = 0.2", tags=("injected-parameters",)), code("rate"))
    view = View(example(*cells).notebook)
    assert view.replays.document.version(2, "rate").cell == 1


def test_one_bad_cell_leaves_the_others_known() -> None:
    found = flows("a = 1", "b = = a", "c = a")
    assert found[1].opaque
    assert set(found[2].uses) == {"a"}
