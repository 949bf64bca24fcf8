from __future__ import annotations

import pytest
from helpers_run import notebook

from nb_mlops.checker.reseed import reseeded


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("np.random.seed(42)", "np.random.seed(1051)"),
        ("rng = default_rng(0)", "rng = default_rng(1009)"),
        ("SEED = 1; RANDOM_STATE = 2", "SEED = 1010; RANDOM_STATE = 1011"),
        ("é = split(X, random_state=7, test_size=2)", "é = split(X, random_state=1016, test_size=2)"),
        ("x = random.Random(3)\ny = 4", "x = random.Random(1012)\ny = 4"),
    ],
)
def test_only_seeds_are_moved(source: str, other: str) -> None:
    found = reseeded(notebook("n = 5", source))
    assert found is not None and [cell.source for cell in found.cells] == ["n = 5", other]


@pytest.mark.parametrize("source", ["n = 5", "rng = default_rng(seed)", "f(random_state=None)", "SEED = 'x'", "x = ("])
def test_without_a_literal_seed_there_is_nothing_to_move(source: str) -> None:
    assert reseeded(notebook(source)) is None
