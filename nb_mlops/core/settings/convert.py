"""`[tool.nb-mlops.convert]`: how a notebook becomes a package."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class ConvertSettings:
    """Limits and tolerances of conversion."""

    timeout: int = setting(3600, "seconds an instrumented run may take")
    rtol: float = setting(1e-6, "relative tolerance of golden numbers")
    max_golden_kb: int = setting(1024, "a golden value that would weigh more, in kilobytes, is kept as a summary")
    max_data_mb: int = setting(10, "data files that the notebook reads travel with the tests up to this many megabytes")
