"""No name of a package is defined nowhere: what stars bring is imported by name, what nothing binds is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from helpers_convert import executed, files_of, planned, run_package, staged

from nb_mlops.converter.plan import Level, Refused, make_plan
from nb_mlops.converter.rewrite import Shows
from nb_mlops.outside.packages import write_tree

mpl.use("agg")

CARRIED = "total = 0\nfor i in range(3):\n    if i > 0:\n        total += before\n    before = i + 1"
TEXT = "source = 'made = 5'"
CASES = {
    "pylab as a magic": ("%pylab inline", "x = linspace(0, 1, 5)\nplot(x, np.sin(x))\nshow()", "out = x.sum()"),
    "pylab as a magic, built-ins of some versions": ("%pylab", "x = arange(5)\nout = max(x) + abs(-1) + sum(x)"),
    "pylab as a magic, modules only": ("%pylab --no-import-all", "x = np.arange(3)\nplt.plot(x)"),
    "pylab and a name of its own": ("%pylab\nimport os", "figsize(4, 3)\nbeta = 2\nout = beta * pi"),
    "pylab and a variable that a text makes": ("%pylab", TEXT, "exec(source)", "out = made + floor(2.5)"),
    "star in the middle": ("x = 1", "from pylab import *", "hist([1, 2, x])", "out = sin(x)"),
    "star in two cells": ("from math import *", "a = floor(2.5)", "from math import *", "b = ceil(a)"),
    "star in a branch": ("try:\n    from math import *\nexcept ImportError:\n    from cmath import *", "out = sqrt(4)"),
    "unknown star": ("from some_module import *", "out = helper(3)"),
    "unknown star after a variable": (
        "x = 1",
        "from some_module import *",
        "def f(a):\n    return helper(a)\nout = f(x)",
    ),
    "unknown star in a branch": (
        "try:\n    from some_module import *\nexcept ImportError:\n    helper = abs",
        "helper(3)",
    ),
    "names that a text makes": (TEXT, "exec(source)", "def f():\n    return made\nout = f() + made"),
    "names that a namespace is given": ("globals().update({'made': 3})", "out = made"),
    "carried over by a loop": (CARRIED, "out = total"),
    "read before it is bound": ("x = 1", "if x > 3:\n    y = wrap(y)\nz = 2", "y = z"),
    "read after it is deleted": ("x = [1]\ndel x", "if 'x' in dir():\n    print(x)\nout = 2"),
    "error outside of its handler": (
        "try:\n    1 / 0\nexcept Exception as error:\n    out = 3",
        "if out > 3:\n    print(error)",
    ),
    "read too early in a function": ("def f(a):\n    if a:\n        low = min(low, a)\n    return a", "out = f(0)"),
    "what only IPython has": (
        "try:\n    __IPYTHON__\n    out = 1\nexcept NameError:\n    out = 0",
        "if out > 1:\n    __",
    ),
    "star and a function that reads by text": ("from numpy import *", "def f(t):\n    return eval(t)\nout = f('pi')"),
}


def undefined(files: dict[str, str], folder: Path) -> str:
    write_tree(folder, {path: text for path, text in files.items() if path.endswith(".py")})
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--quiet", "--select", "F821,F823,E9", "."]
    return subprocess.run([*command, "--output-format", "concise"], cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", CASES)
def test_no_name_of_a_package_is_undefined_at_any_level(name: str, tmp_path: Path) -> None:
    made = 0
    for level in Level:
        plan = make_plan(staged(*CASES[name]), level)
        if isinstance(plan, Refused):
            assert all(reason.message for reason in plan.reasons)
            continue
        assert undefined(files_of(plan), tmp_path / level.value) == ""
        made += 1
    assert made


def test_the_names_that_are_read_are_imported_from_where_they_come() -> None:
    plan = planned(
        staged("%pylab inline", "x = linspace(0, 1)\nplot(x)\nfigsize(3, 2)", "out = max([pi, 3])", "sum = 1")
    )
    text = files_of(plan)["src/case/analysis.py"]
    assert "import *" in text  # `max` is numpy's or the built-in one, as the version wills
    plain = planned(
        staged("%pylab inline", "x = linspace(0, 1)\nplot(x)\nfigsize(3, 2)", "out = sum([pi, 3])\nbeta = 2")
    )
    text = "".join(text for path, text in files_of(plain).items() if path.startswith("src/case/"))
    assert "import *" not in text
    assert "from numpy import linspace, pi, sum\n" in text or "from numpy import linspace\n" in text
    assert "from pylab import plot\n" in text
    assert "from IPython.core.pylabtools import figsize\n" in text
    assert "beta," not in text


def test_a_run_tells_what_a_module_nobody_looked_at_brings() -> None:
    book = staged("from some_module import *", "out = helper(3) + max([1, 2])")
    seen = {1: Shows(False, bound=frozenset({"helper", "unused"})), 3: Shows(False, bound=frozenset({"out"}))}
    plan = planned(book, shown=seen)
    assert plan.hoisting.stars == ()
    assert "from some_module import helper\n" in files_of(plan)["src/case/analysis.py"]
    assert plan.losses == ()


def test_a_star_brings_a_built_in_where_a_run_saw_it() -> None:
    book = staged("from numpy import *", "out = max(arange(3))")
    for bound, brought in (({"arange", "max"}, "arange, max"), ({"arange"}, "arange")):
        plan = planned(book, shown={1: Shows(False, bound=frozenset(bound)), 3: Shows(False, bound=frozenset({"out"}))})
        assert f"from numpy import {brought}\n" in files_of(plan)["src/case/analysis.py"]


def test_a_name_that_no_star_brings_is_told_with_its_cell() -> None:
    plan = planned(staged("from pylab import *", "plot([1])", "y = sin(1) + missing"))
    assert [(loss.cell, loss.line) for loss in plan.losses if "`missing`" in loss.message] == [(5, 1)]
    trusted = planned(staged("x = 1", "from some_module import *", "y = helper(x)"), Level.MODULE_STATE)
    assert [(loss.cell, "`helper`" in loss.message) for loss in trusted.losses] == [(3, True)]
    by_text = planned(staged(TEXT, "exec(source)", "out = made + 1"), Level.MODULE_STATE)
    assert [(loss.cell, "`made`" in loss.message) for loss in by_text.losses] == [(3, True)]


def test_what_only_a_text_binds_is_there_when_the_package_runs(tmp_path: Path) -> None:
    plan = planned(staged("%pylab", TEXT, "exec(source)", "out = made + int(floor(2.5))"), Level.MODULE_STATE)
    assert run_package(plan, tmp_path, ["out"])["final"] == {"out": 7}


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
def test_stars_in_branches_and_behind_built_ins_compute_the_same(level: Level, tmp_path: Path) -> None:
    cells = (
        "a = sum([1, 2])\nb = pow(2, 10, 1000)",
        "try:\n    from math import *\nexcept ImportError:\n    pass",
        "from numpy import *",
        "c = sum([[1, 2], [3, 4]])\nd = floor(2.5)",
    )
    made = make_plan(staged(*cells), level)
    if isinstance(made, Refused):
        assert level is Level.FUNCTIONS
        return
    expected = executed(cells)
    found = run_package(planned(staged(*cells), level), tmp_path, ["a", "b", "c", "d"])["final"]
    assert {name: found[name] for name in "abcd"} == {name: expected[name] for name in "abcd"}


def test_what_a_loop_carries_over_computes_the_same(tmp_path: Path) -> None:
    found = run_package(planned(staged(CARRIED, "out = total")), tmp_path, ["out"])
    assert found["final"] == {"out": 3}


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
def test_a_name_that_is_read_too_early_is_told_and_raises_as_in_the_notebook(level: Level, tmp_path: Path) -> None:
    plan = planned(staged("x = 1", "y = x\ny = late + y", "late = [3]\nout = late"), level)
    assert [(loss.cell, loss.line, "`late`" in loss.message) for loss in plan.losses] == [(3, 2, True)]
    with pytest.raises(NameError, match="'late'"):
        run_package(plan, tmp_path, ["out"])
