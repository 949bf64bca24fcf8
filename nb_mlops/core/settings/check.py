"""`[tool.nb-mlops.check]`: how a notebook is run again and how its answers are compared."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The plan of runs, their limits, and the tolerances of the comparison."""

    repeat: int = setting(3, "runs in fresh kernels; in the last one everything is perturbed that should not matter")
    kernel: str = setting(
        "", "kernel to run with instead of the notebook's own: a name, or the path of a Python with ipykernel"
    )
    timeout: int = setting(3600, "seconds one whole run may take")
    cell_timeout: int = setting(1200, "seconds one cell may take")
    memory_mb: int = setting(0, "megabytes a run may use, with all that it starts; 0 for no limit")
    offline: bool = setting(False, "take the network away from the runs")
    thorough: bool = setting(False, "also run with each factor alone, in a copy of the project, and with other seeds")
    rtol: float = setting(1e-9, "relative tolerance of numbers in outputs and metrics")
    atol: float = setting(1e-12, "absolute tolerance of numbers in outputs and metrics")
    image_rms: float = setting(2.0, "root mean square difference of pixels, 0-255, up to which images agree")
