from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_mlops.compare.numbers import close
from nb_mlops.compare.tolerances import Tolerances


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (1.0, 1.0 + 1e-10, True),
        (1.0, 1.0 + 1e-8, False),
        (0.0, 1e-13, True),
        (0.0, 1e-9, False),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        (math.inf, math.inf, True),
        (math.inf, -math.inf, False),
        (math.inf, 1e300, False),
    ],
)
def test_numbers_agree_within_the_tolerance(a: float, b: float, same: bool) -> None:
    assert close(a, b, Tolerances()) is same


@given(st.floats(), st.floats())
def test_agreement_has_no_direction(a: float, b: float) -> None:
    assert close(a, b, Tolerances()) == close(b, a, Tolerances())
