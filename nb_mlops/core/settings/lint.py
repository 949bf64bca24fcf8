"""`[tool.nb-mlops.lint]`: which rules speak, and from where on."""

from __future__ import annotations

from typing import Annotated, Literal

from nb_mlops.core.value import Struct


class LintSettings(Struct, frozen=True):
    """What the linter looks at and when it fails."""

    select: Annotated[
        tuple[str, ...], "codes or prefixes to run instead of the default set, e.g. `EX`, `SE001`, `F821`"
    ] = ()
    extend_select: Annotated[tuple[str, ...], "codes or prefixes to run beside the default set"] = ()
    ignore: Annotated[tuple[str, ...], "codes or prefixes not to run"] = ()
    exclude: Annotated[tuple[str, ...], "paths that are not walked, in .gitignore's pattern language"] = ()
    fail_on: Annotated[
        Literal["info", "warning", "error"], "lowest severity that fails the run: `info`, `warning` or `error`"
    ] = "warning"
    ruff: Annotated[bool, "also ask ruff, with the project's own settings for it; without any, for faults only"] = True
    baseline: Annotated[str, "file of known findings, which are counted but not shown; from the project's root"] = (
        "nb-mlops-baseline.json"
    )
    max_output_kb: Annotated[int, "an output that weighs more, in kilobytes, is a finding (ED001)"] = 100
    oldest_format: Annotated[
        Literal["4.0", "4.1", "4.2", "4.3", "4.4", "4.5"],
        "notebooks in an older version of nbformat are findings (FM002)",
    ] = "4.0"
