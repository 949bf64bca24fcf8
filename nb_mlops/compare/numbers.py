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
