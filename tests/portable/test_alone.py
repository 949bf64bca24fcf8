"""Stages and functions are tested by themselves where that gives what the pipeline gives, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers_convert import files_of, importable, planned, staged

from nb_mlops.converter.plan import Plan
from nb_mlops.outside.packages import write_tree
from nb_mlops.portable import alone, golden
from nb_mlops.portable.fingerprint import fingerprint

CELLS = (
    "def double(v):\n    v = list(v)\n    return [2 * x for x in v]\nrows = [float(w) for w in open('rows.txt')]",
    "import random\nrandom.seed(1)\nbig = double(rows)\nbig.append(9.0)",
    "lucky = random.random() + len(big)",
    "total = sum(big)\nprint('total', total)\nbig.clear()",
    "lazy = (x for x in big)",
    "n = len(list(lazy)) + len(double([]))",
)


def expected_of(plan: Plan, values: dict[str, Any]) -> dict[str, Any]:
    stages = [
        {
            "stage": f"{s.module}.{s.name}",
            "names": {n: fingerprint(values[n]) for n in s.bound if n in values},
            "stdout": f"total {values['total']}\n" if "total" in s.bound else "",
        }
        for s in plan.stages
    ]
    return {"start": "", "rtol": 1e-9, "stages": stages, "final": {}}


@pytest.fixture
def package(tmp_path: Path) -> tuple[Plan, dict[str, Any], Path]:
    plan = planned(staged(*CELLS))
    write_tree(tmp_path, files_of(plan))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.txt").write_text("1\n2\n")
    values = {"rows": [1.0, 2.0], "total": 15.0, "lucky": 3.0 + 0.13436424411240122}
    return plan, expected_of(plan, values), tmp_path


def test_what_gives_the_same_alone_is_kept_and_nothing_else(package: tuple[Plan, dict[str, Any], Path]) -> None:
    plan, expected, root = package
    with importable(root / "src", plan.package):
        found = alone.noted(plan.package, expected, root / "data")
        again = json.loads(json.dumps(found))
        # The first stage takes nothing, the third draws from a generator that another stage seeded.
        assert [name.partition(".")[2] for name in found["stages"]] == ["part_number_d"]
        stage = next(one for one in expected["stages"] if one["stage"] in found["stages"])
        ran = alone.stage_alone(plan.package, stage, again["stages"][stage["stage"]], root / "data", "")
        assert golden.stage_problems(stage, ran, 1e-9) == []
        assert [(call["function"], call["args"]) for call in found["calls"]] == [
            ("double", [{"builtins.list": [1.0, 2.0]}]),
            ("double", [{"builtins.list": []}]),
        ]
        assert alone.call(plan.package, again["calls"][0], None, "") == found["calls"][0]["result"]


def test_a_broken_function_is_noticed(package: tuple[Plan, dict[str, Any], Path]) -> None:
    plan, expected, root = package
    with importable(root / "src", plan.package):
        found = alone.noted(plan.package, expected, root / "data")
    library = root / "src" / plan.package / "lib.py"
    library.write_text(library.read_text().replace("2 * x", "3 * x"))
    with importable(root / "src", plan.package):
        assert alone.call(plan.package, found["calls"][0], None, "") != found["calls"][0]["result"]


def test_what_a_function_alone_leaves_open_is_nobody_elses_figure(tmp_path: Path) -> None:
    draws = (
        "import matplotlib.pyplot as plt\ndef draw(v):\n    plt.plot([v])\n    plt.style.use('ggplot')\n    return v"
    )
    plan = planned(staged(draws, "a = draw(1.0)", "b = draw(2.0)"))
    write_tree(tmp_path, files_of(plan))
    expected = {"start": "", "rtol": 1e-9, "stages": [], "final": ["a"]}
    with importable(tmp_path / "src", plan.package):
        first = golden.record(plan.package, expected, tmp_path)
        alone.call(plan.package, {"function": "draw", "args": [3.0], "kwargs": {}}, None, "")
        again = golden.record(plan.package, expected, tmp_path)
    assert [len(stage["shown"]) for stage in first["stages"]] == [1, 1]
    assert again == first


def test_a_function_that_draws_is_kept_only_where_chance_makes_no_difference(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    source = (
        "import random\nimport numpy as np\n"
        "def some(n):\n    return random.randint(0, n)\n"
        "def many(n):\n    return int(np.random.randint(0, n))\n"
        "def all_of(n):\n    return sorted(random.sample(range(n), n))"
    )
    plan = planned(staged(source, "a = some(1)", "b = many(2)", "c = all_of(3)", path="lots.ipynb"))
    write_tree(tmp_path / "made", files_of(plan))
    with importable(tmp_path / "made" / "src", plan.package):
        found = alone.noted(plan.package, expected_of(plan, {}), None)
    assert [one["function"] for one in found["calls"]] == ["all_of"]
