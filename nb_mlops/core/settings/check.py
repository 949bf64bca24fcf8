"""`[tool.nb-mlops.check]`: how a notebook is run again and how its answers are compared."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The plan of runs, their limits, and the tolerances of the comparison."""

    repeat: int = setting(3, "runs in fresh kernels; the last one has another PYTHONHASHSEED")
    kernel: str = setting("", "kernel name to run with instead of the notebook's own")
    timeout: int = setting(3600, "seconds one whole run may take")
    cell_timeout: int = setting(1200, "seconds one cell may take")
    rtol: float = setting(1e-9, "relative tolerance of numbers in outputs and metrics")
    atol: float = setting(1e-12, "absolute tolerance of numbers in outputs and metrics")
    image_rms: float = setting(2.0, "root mean square difference of pixels, 0-255, up to which images agree")
