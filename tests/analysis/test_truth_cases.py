"""Notebooks on which running told another story than reading did; each is here with what running said."""

from __future__ import annotations

import pytest
from helpers_cells import flows

from nb_mlops.analysis.flow import Certainty
from nb_mlops.analysis.view import View
from nb_mlops.catalogue import members
from nb_mlops.core.finding import Severity
from nb_mlops.core.notebook import Cell, CellKind, Notebook
from nb_mlops.linter.rule import Rule

RULES = members("nb_mlops.rules", "RULE", Rule, "code")


def names_missing(*sources: str, **metadata: object) -> set[str]:
    """Names of which an error says that Restart & Run All will not find them."""
    cells = tuple(Cell(i, CellKind.CODE, source, execution_count=i + 1) for i, source in enumerate(sources))
    view = View(Notebook("n.ipynb", cells, {"language_info": {"name": "python"}, **metadata}))
    hits = [(RULES[code], hit) for code in ("EX005", "EX006") for hit in RULES[code].check(view)]
    return {hit.data["name"] for rule, hit in hits if (hit.severity or rule.severity) is Severity.ERROR}


@pytest.mark.parametrize(
    ("sources", "missing"),
    [
        (("%%capture --no-stderr told\nprint(1)", "told.show()"), set()),
        (("%%capture told --no-display\nprint(1)", "told.show()"), set()),
        (("told.show()", "%%capture told\nprint(1)"), {"told"}),
        (("pick = [lambda: rate][0]", "rate = 3", "pick()"), set()),
        (("table = {'a': lambda: rate}", "table['a']()", "rate = 3"), {"rate"}),
        (("table = {'a': lambda: rate, 'b': len}", "rate = 3", "table['a']()"), set()),
        (("class Box:\n    a = 1\n    b = [a for _ in range(2)]",), {"a"}),
        (("class Box:\n    a = [1]\n    b = [i for i in a]\n    c = a",), set()),
        (("class Box:\n    a = 1\n    class Inner:\n        b = a",), {"a"}),
        (("later = ((rate, i) for i in range(2))", "rate = 3", "next(later)"), set()),
        (("later = (rate * i for i in range(2))", "next(later)", "rate = 3"), {"rate"}),
        (("later = (rate * i for i in range(2))", "for x in later:\n    print(x)", "rate = 3"), {"rate"}),
        (("later = (rate * i for i in range(2) if i > 5)", "list(later)", "rate = 3"), set()),
        (("x = 1", "try:\n    del x\nexcept NameError:\n    pass", "print(x)"), {"x"}),
        (("x = 1", "try:\n    del x\nexcept NameError:\n    pass\nx = 2", "print(x)"), set()),
        (("x = 1", "try:\n    del x['a']\nexcept KeyError:\n    pass", "print(x)"), set()),
        (("later = (i for i in rates)", "rates = [3]"), {"rates"}),
        (("total = sum(rate * i for i in range(2))", "rate = 3"), {"rate"}),
        (("for _ in []:\n    never_defined.fit(1)",), set()),
        (("for _ in []:\n    best = 1", "print(best)"), {"best"}),
        (("for i in ():\n    pass\nelse:\n    never_defined",), {"never_defined"}),
        (("def outer():\n    def inner():\n        return rate\n    return inner()", "outer()", "rate = 1"), {"rate"}),
        (("def outer():\n    def inner():\n        return rate\n    return inner", "outer()", "rate = 1"), set()),
        (("%%timeit -n1 -r1\ntable = [1]", "table.sort()"), {"table"}),
        (("x = 1", "%reset_selective -f ^x$", "x + 1"), {"x"}),
        (("x = 1", "%reset_selective -f ^xy", "x + 1"), set()),
        (("from math import *\nsqrt(2)", "square_root(2)"), {"square_root"}),
        (("sqrt(2)", "from math import *"), {"sqrt"}),
        (("from nobody.knows import *\nsqrt(2)", "square_root(2)"), set()),
        (("sqrt(2)", "from nobody.knows import *"), {"sqrt"}),
        (("from .near import *\nsqrt(2)",), set()),
        (("%pylab inline", "plot(linspace(0, pi)); np.zeros(2); linspac(0, 1)"), {"linspac"}),
        (("%pylab --no-import-all inline", "plt.plot(np.zeros(2)); linspace(0, 1)"), {"linspace"}),
        (("from matplotlib.pylab import *\nfrom numpy import *", "plot(array([1])); fft.fft([1])"), set()),
    ],
)
def test_restart_and_run_all_misses_exactly_these_names(sources: tuple[str, ...], missing: set[str]) -> None:
    assert names_missing(*sources) == missing


def test_everyday_words_of_hosted_kernels_are_believed_where_the_notebook_is_hosted() -> None:
    assert names_missing("z.show(table('a'))") == {"z", "table"}
    assert names_missing("z.show(table('a'))", kernelspec={"name": "synapse_pyspark"}) == set()
    assert names_missing("spark.sql('select 1')\ntable('a')") == set()
    assert names_missing("spark = 1\nspark\ntable('a')") == {"table"}


def test_an_inner_function_that_is_called_is_read_as_surely_as_the_call() -> None:
    source = "def outer():\n    def inner():\n        return rate\n    if x:\n        return inner()\n\nx = 1\nouter()"
    assert flows(source)[0].uses["rate"].certainty is Certainty.POSSIBLE
