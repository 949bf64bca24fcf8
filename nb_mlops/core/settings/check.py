"""`[tool.nb-mlops.check]`: how a notebook is run again and how its answers are compared."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class CheckSettings(Struct, frozen=True):
    """The plan of runs, their limits, and the tolerances of the comparison."""

    repeat: Annotated[int, "runs in fresh kernels; the last one has another PYTHONHASHSEED"] = 3
    kernel: Annotated[str, "kernel name to run with instead of the notebook's own"] = ""
    timeout: Annotated[int, "seconds one whole run may take"] = 3600
    cell_timeout: Annotated[int, "seconds one cell may take"] = 1200
    rtol: Annotated[float, "relative tolerance of numbers in outputs and metrics"] = 1e-9
    atol: Annotated[float, "absolute tolerance of numbers in outputs and metrics"] = 1e-12
    image_rms: Annotated[float, "root mean square difference of pixels, 0-255, up to which images agree"] = 2.0
