"""Are two numbers the same?"""

from __future__ import annotations

import math

from nb_mlops.compare.tolerances import Tolerances


def close(a: float, b: float, tolerances: Tolerances) -> bool:
    """Whether two numbers agree within the tolerance; NaN agrees with NaN, infinity with itself."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return True
    if not (math.isfinite(a) and math.isfinite(b)):
        return False
    return abs(a - b) <= tolerances.atol + tolerances.rtol * max(abs(a), abs(b))


def shown(value: float) -> str:
    """A number in the fewest digits that are still exact."""
    return repr(int(value)) if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15) else repr(value)
