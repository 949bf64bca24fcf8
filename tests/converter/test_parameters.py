"""What becomes a field of Config: the parameters cell, constants, and on request settings in calls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers_convert import code, files_of, notebook, planned, run_package, staged, text

from nb_mlops.converter.inline import with_settings_above
from nb_mlops.converter.pipeline import main_text
from nb_mlops.converter.plan import Plan, Wishes, make_plan


def fields(*cells: str) -> dict[str, object]:
    return {p.name: p.value for p in planned(staged(*cells)).parameters}


def test_a_constant_that_another_cell_reads_is_a_parameter() -> None:
    assert fields("share = 0.2\nSEED = 7\nname = 'a'", "out = [share, SEED]") == {"share": 0.2, "SEED": 7}


@pytest.mark.parametrize(
    "cells",
    [
        ("share = 0.2", "share += 1", "out = share"),
        ("share = 0.2\nprint(share)",),
        ("if True:\n    share = 0.2", "out = share"),
        ("rows = [1, 2]", "rows.append(3)"),
        ("share = 0.2", "del share"),
        ("max = 3", "out = max"),
        ("x = 3", "out = x"),
        ("_share = 3", "out = _share"),
        ("config = 3", "out = config"),
        ("share = compute()", "out = share"),
    ],
)
def test_what_changes_or_is_nobodys_setting_is_none(cells: tuple[str, ...]) -> None:
    assert fields(*cells) == {}


def test_a_constant_that_functions_read_stays_with_them() -> None:
    assert fields("RATE = 2", "def f(x):\n    return x * RATE", "out = f(1)") == {}


def test_a_run_with_another_setting_gives_another_value(tmp_path: Path) -> None:
    plan = planned(staged("SHARE = 0.5  # of all rows\nrows = [1, 2, 3, 4]", "kept = rows[: int(len(rows) * SHARE)]"))
    assert run_package(plan, tmp_path, ["kept", "SHARE"])["final"]["kept"]["items"] == [1, 2]
    assert "SHARE: float = 0.5  # of all rows" in files_of(plan)["src/case/config.py"]
    import sys

    sys.path.insert(0, str(tmp_path / "src"))
    try:
        from case import Config, run  # type: ignore[import-not-found]

        assert run(Config(SHARE=0.25))["kept"] == [1]
    finally:
        sys.path.remove(str(tmp_path / "src"))
        for module in [m for m in sys.modules if m.partition(".")[0] == "case"]:
            del sys.modules[module]


def test_every_parameter_has_an_option_of_its_own() -> None:
    made = main_text(planned(notebook(code("N = 1\nn = 2\nDATA_ROOT = 'x'\nHELP = 3", "parameters"), code("y = N"))))
    options = re.findall(r'"(--[^"]+)"', made)
    assert len(options) == len(set(options)) == 5
    assert "--data-root" in options


CALLS = (
    "from sklearn.ensemble import RandomForestClassifier as Forest\nimport pandas as pd",
    "df = pd.read_csv('a.csv', sep=';')\nfirst = Forest(n_estimators=50, max_depth=3, random_state=1)",
    "second = Forest(n_estimators=20, max_depth=3,\n    random_state=1)\ndef f():\n    return Forest(max_depth=9)",
)


def test_settings_in_calls_get_names_above_the_first_cell() -> None:
    book = notebook(*(code(source) for source in CALLS))
    made = [cell.source for cell in with_settings_above(book.code_cells)]
    assert made[0].split("\n")[:5] == [
        "csv_file = 'a.csv'",
        "forest_n_estimators = 50",
        "max_depth = 3",
        "random_state = 1",
        "forest_n_estimators_2 = 20",
    ]
    assert "pd.read_csv(csv_file, sep=';')" in made[1]
    assert "Forest(n_estimators=forest_n_estimators, max_depth=max_depth, random_state=random_state)" in made[1]
    assert "Forest(max_depth=9)" in made[2]


def test_settings_in_calls_become_parameters_on_request() -> None:
    definition = "def fit(seed, n_iter):\n    return [seed] * n_iter"
    book = notebook(text("## Load"), code(definition), code("m = fit(seed=3, n_iter=2)"))
    plan = make_plan(book, wishes=Wishes(settings=True))
    assert isinstance(plan, Plan)
    assert {p.name: p.value for p in plan.parameters} == {"fit_seed": 3, "fit_n_iter": 2}
    assert "fit(seed=fit_seed, n_iter=fit_n_iter)" in "\n".join(files_of(plan).values())
    assert [cell.original for cell in plan.cells] == [cell.source for cell in book.code_cells]
    assert planned(book).parameters == ()
