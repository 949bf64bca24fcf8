"""`[tool.nb-mlops.convert]`: how a notebook becomes a package."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class ConvertSettings(Struct, frozen=True):
    """Limits and tolerances of conversion."""

    timeout: Annotated[int, "seconds an instrumented run may take"] = 3600
    rtol: Annotated[float, "relative tolerance of golden numbers"] = 1e-6
    mutants: Annotated[int, "deliberate mistakes that the package's tests are tried with, fewer if runs are long"] = 6
    max_golden_kb: Annotated[int, "a golden value that would weigh more, in kilobytes, is kept as a summary"] = 1024
    max_data_mb: Annotated[
        int, "data files that the notebook reads travel with the tests up to this many megabytes"
    ] = 10
