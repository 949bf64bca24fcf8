from __future__ import annotations

import pytest
from helpers_run import notebook

from nb_mlops.checker.compare_runs import RunComparison
from nb_mlops.checker.culprit import culprit


def parting(names: dict[int, dict[str, str]], **factors: str) -> RunComparison:
    return RunComparison("R1", factors, cells={99: ""}, names=names)


def test_the_way_back_goes_through_the_variables_that_parted() -> None:
    found = notebook("a = draw()", "same = 1", "b = a + 1", "c = b + same", "print(c)")
    origin = culprit(found, 4, parting({0: {"a": ""}, 2: {"b": ""}, 3: {"c": ""}}))
    assert (origin.cell, origin.variable) == (0, "a")


def test_a_variable_that_parted_but_is_not_read_has_no_part_in_it() -> None:
    found = notebook("started = time.time()", "x = random.random()", "print(x)")
    origin = culprit(found, 2, parting({0: {"started": ""}, 1: {"x": ""}}))
    assert (origin.cell, origin.variable, origin.cause) == (1, "x", "it draws random numbers")


def test_a_cell_that_shows_by_itself_is_its_own_cause() -> None:
    origin = culprit(notebook("x = 1", "print(uuid.uuid4())"), 1, parting({}))
    assert (origin.cell, origin.variable, origin.cause) == (1, "", "it draws ids at random")


def test_a_function_of_the_notebook_is_looked_into() -> None:
    found = notebook("import random\ndef play():\n    return random.random()", "print(play())")
    assert culprit(found, 1, parting({})).cause == "it uses `play`, which draws random numbers"


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("np.random.rand(3)", "it draws random numbers"),
        ("rng = np.random.default_rng()", "it draws random numbers"),
        ("rng = np.random.default_rng(42)", ""),
        ("np.random.seed(0)", ""),
        ("rng = random.Random(3)", ""),
        ("random.shuffle(rows)", "it draws random numbers"),
        ("df.sample(5, random_state=1)", ""),
        ("df.sample(5)", "it draws random numbers"),
        ("train_test_split(X, y)", "it uses an algorithm that draws random numbers"),
        ("train_test_split(X, y, random_state=0)", ""),
        ("RandomForestClassifier(n_estimators=5)", "it uses an algorithm that draws random numbers"),
        ("print(datetime.now())", "it asks the clock"),
        ("pd.read_csv('https://example.org/a.csv')", "it fetches from the network"),
        ("print(1)", ""),
    ],
)
def test_what_a_cell_does_is_told_unless_it_is_seeded(source: str, cause: str) -> None:
    assert culprit(notebook(source), 0, parting({})).cause == cause


def test_with_another_hash_seed_the_order_of_sets_is_the_cause() -> None:
    origin = culprit(
        notebook("names = list({'a', 'b'})", "print(names)"), 1, parting({0: {"names": ""}}, PYTHONHASHSEED="1")
    )
    assert origin.cell == 0 and origin.cause == "it goes through a set" and "sorted" in origin.remedy


def test_a_cell_that_does_not_parse_is_searched_for_its_words() -> None:
    found = notebook("x = random.random()", "print(x")
    assert culprit(found, 1, parting({0: {"x": ""}})).cell == 0
