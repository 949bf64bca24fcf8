"""`[tool.nb-mlops.check]`: how a notebook is run again and how its answers are compared."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class CheckSettings(Struct, frozen=True):
    """The plan of runs, their limits, and the tolerances of the comparison."""

    repeat: Annotated[
        int,
        "runs in fresh kernels, the last with all changed that should not matter; 0: what the gate asks, at least 3",
    ] = 0
    kernel: Annotated[str, "kernel to run with instead of the notebook's own: its name, or a Python with ipykernel"] = (
        ""
    )
    timeout: Annotated[int, "seconds one whole run may take"] = 3600
    cell_timeout: Annotated[int, "seconds one cell may take"] = 1200
    memory_mb: Annotated[int, "megabytes a run may use, with all that it starts; 0 for no limit"] = 0
    offline: Annotated[bool, "take the network away from the runs"] = False
    thorough: Annotated[bool, "also run with each factor alone, in a copy of the project, and with other seeds"] = False
    data: Annotated[tuple[str, ...], "files that may be read, in .gitignore's pattern language; none: all may"] = ()
    rtol: Annotated[float, "relative tolerance of numbers in outputs and metrics"] = 1e-9
    atol: Annotated[float, "absolute tolerance of numbers in outputs and metrics"] = 1e-12
    image_rms: Annotated[float, "root mean square difference of pixels, 0-255, up to which images agree"] = 2.0
