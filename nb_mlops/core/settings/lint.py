"""`[tool.nb-mlops.lint]`: which rules speak, and from where on."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class LintSettings:
    """What the linter looks at and when it fails."""

    select: tuple[str, ...] = setting(
        (), "codes or prefixes to run instead of the default set, e.g. `EX`, `SE001`, `F821`"
    )
    extend_select: tuple[str, ...] = setting((), "codes or prefixes to run beside the default set")
    ignore: tuple[str, ...] = setting((), "codes or prefixes not to run")
    exclude: tuple[str, ...] = setting((), "paths that are not walked, in .gitignore's pattern language")
    fail_on: str = setting(
        "warning", "lowest severity that fails the run: `info`, `warning` or `error`", "info warning error"
    )
    ruff: bool = setting(True, "also ask ruff, with the project's own settings for it; without any, for faults only")
    baseline: str = setting(
        "nb-mlops-baseline.json", "file of known findings, which are counted but not shown; from the project's root"
    )
    max_output_kb: int = setting(100, "an output that weighs more, in kilobytes, is a finding (ED001)")
    oldest_format: str = setting(
        "4.0", "notebooks in an older version of nbformat are findings (FM002)", "4.0 4.1 4.2 4.3 4.4 4.5"
    )
