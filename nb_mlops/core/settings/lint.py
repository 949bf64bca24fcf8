"""`[tool.nb-mlops.lint]`: which rules speak, and from where on."""

from __future__ import annotations

from typing import Annotated, Literal

from nb_mlops.core.value import Struct

# What selects every rule.
ALL = "ALL"


class LintSettings(Struct, frozen=True):
    """What the linter looks at and when it fails."""

    select: Annotated[
        tuple[str, ...],
        "codes or prefixes to run instead of the default set, e.g. `EX`, `SE001`, `F821`; `ALL` for every rule",
    ] = ()
    extend_select: Annotated[tuple[str, ...], "codes or prefixes to run beside the default set"] = ()
    ignore: Annotated[tuple[str, ...], "codes or prefixes not to run"] = ()
    exclude: Annotated[tuple[str, ...], "paths that are not walked, in .gitignore's pattern language"] = ()
    fail_on: Annotated[
        Literal["info", "warning", "error"], "lowest severity that fails the run: `info`, `warning` or `error`"
    ] = "warning"
    ruff: Annotated[bool, "also ask ruff, with the project's own settings for it; without any, for faults only"] = True
    personal_engine: Annotated[
        Literal["", "presidio"], "`presidio`: also ask it for personal data, beside our own rules PI (extra `presidio`)"
    ] = ""
    presidio_model: Annotated[
        str, "spaCy model that presidio finds names and places with, e.g. `en_core_web_lg`; none: patterns only"
    ] = ""
    baseline: Annotated[str, "file of known findings, which are counted but not shown; from the project's root"] = (
        "nb-mlops-baseline.json"
    )
    max_output_kb: Annotated[int, "an output that weighs more, in kilobytes, is a finding (ED001)"] = 100
    max_notebook_mb: Annotated[int, "a notebook that weighs more, in megabytes, is a finding (ED002)"] = 10
    max_table_rows: Annotated[int, "a table with more rows of data is a finding (ED006); pandas stops here"] = 60
    max_plot_rows: Annotated[int, "a plot that carries more rows of data is a finding (ED009)"] = 1000
    confidential_words: Annotated[tuple[str, ...], "marks of confidentiality, which ED008 looks for when it is on"] = (
        "strictly confidential",
        "company confidential",
        "internal use only",
    )
    private_data: Annotated[
        tuple[str, ...], "tables whose rows must not be shown, as patterns from the project's root (ED012, when on)"
    ] = ("private/*", "data/private/*")
    oldest_format: Annotated[
        Literal["4.0", "4.1", "4.2", "4.3", "4.4", "4.5"],
        "notebooks in an older version of nbformat are findings (FM002)",
    ] = "4.0"

    @property
    def usual(self) -> bool:
        """Whether the default set is among what runs."""
        return not self.select or any(spec.upper() == ALL for spec in self.select)
