"""Deliberate mistakes: each is one valid change to code that computes something, and never to what only shows."""

from __future__ import annotations

import ast
import difflib
from pathlib import Path

from helpers_convert import SURROUNDINGS, executed, planned, run_package, staged

from nb_mlops.converter.mutants import is_alike, mutants
from nb_mlops.converter.package import Draft, draft
from nb_mlops.converter.truth import Truth
from nb_mlops.outside.packages import write_tree
from nb_mlops.portable.golden import value_problem

CELLS = (
    "rows = [3, 1, 2]\nshare = 0.5\nrows.sort()\nprint(len(rows) + 7)",
    "def scaled(x):\n    return x * 10\ntotal = sum(rows)\nmean = total / len(rows)\nmodel = [scaled(r) for r in rows]",
    "import random\nnoise = random.random() * 4\nscore = mean * 2",
)


def made() -> Draft:
    found = draft(planned(staged(*CELLS, path="mistakes.ipynb")), SURROUNDINGS)
    assert isinstance(found, Draft)
    return found


def changed_lines(before: str, after: str) -> list[str]:
    marked = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[2:].strip() for line in marked if line.startswith(("- ", "+ "))]


def test_every_mistake_is_one_valid_change_of_something_that_computes() -> None:
    package = made()
    texts = {module.name: module.text for module in package.modules}
    found = mutants(package, Truth((), {}), 100)
    for one in found:
        ast.parse(one.text)
        lines = changed_lines(texts[one.module], one.text)
        assert lines
        assert not any("print" in line or "import" in line for line in lines)
    assert {one.words.partition(" ")[0] for one in found} == {"`3`", "`0.5`", "`10`", "`2`", "`4`", "a", "two"}


def test_few_mistakes_are_spread_over_the_functions_and_what_tests_cannot_hold_is_spared() -> None:
    package = made()
    truth = Truth((), {}, nondeterministic=frozenset({"noise"}))
    assert len({(one.module, one.line) for one in mutants(package, truth, 3)}) == 3
    assert mutants(package, truth, 0) == ()
    texts = {module.name: module.text for module in package.modules}
    lines = [line for one in mutants(package, truth, 100) for line in changed_lines(texts[one.module], one.text)]
    assert not any("noise" in line for line in lines)


def test_values_tell_every_mistake_in_what_lasts(tmp_path: Path) -> None:
    package = made()
    expected = {name: value for name, value in executed(CELLS).items() if name in ("share", "mean", "model", "score")}
    truth = Truth((), {}, nondeterministic=frozenset({"noise"}))
    for number, one in enumerate(mutants(package, truth, 100)):
        root = tmp_path / str(number)
        plan = package.plan
        run_package(plan, root, [])
        write_tree(root, {f"src/{plan.package}/{one.module}.py": one.text})
        try:
            found = rerun(root, plan.package, list(expected))
        except Exception:
            continue
        assert [n for n, value in expected.items() if value_problem(value, found["final"], n, 1e-9)], one.words


def rerun(root: Path, package: str, names: list[str]) -> dict[str, dict[str, object]]:
    from helpers_convert import importable

    from nb_mlops.portable import golden

    with importable(root / "src", package):
        return golden.record(package, {"stages": [], "final": names}, root)


def close(**names: list[str]) -> dict[str, object]:
    return {"calls": {"lib.py:f": 1}, "held": names}


def test_a_mistake_is_alike_where_all_that_two_runs_agree_on_is_the_same() -> None:
    first, second = close(x=["a", "b"], noise=["1"]), close(x=["a", "b"], noise=["2"])
    assert is_alike(first, second, close(x=["a", "b"], noise=["3"]))
    assert is_alike(first, second, close(x=["c", "b"], noise=["1"]))
    assert not is_alike(first, second, close(x=["a", "c"], noise=["1"]))
    assert not is_alike(close(x=["a", "b"], y=["1", "2"]), close(x=["a", "b"], y=["1", "2"]), close(x=["b"], y=["2"]))
    assert not is_alike(first, second, close(noise=["1"]))
    assert not is_alike(first, second, {**first, "calls": {"lib.py:f": 2}})
    assert not is_alike(first, second, None)
    assert not is_alike(None, None, None)


def test_statements_are_swapped_only_where_the_second_reads_what_the_first_makes_when_it_runs() -> None:
    cells = ("word = ['no']\ndef said():\n    return word\nrows = [1]", "total = sum(rows)\nhalf = total / 2")
    package = draft(planned(staged(*cells, path="swapped.ipynb")), SURROUNDINGS)
    assert isinstance(package, Draft)
    swapped = [one for one in mutants(package, Truth((), {}), 100) if one.words == "two statements swapped"]
    assert len(swapped) == 1
    assert "total" in swapped[0].text.splitlines()[swapped[0].line]
