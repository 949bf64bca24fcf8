"""`[tool.nb-mlops.clean]`: what a hook may take out of a notebook without asking."""

from __future__ import annotations

from typing import Annotated

from nb_mlops.core.value import Struct


class CleanSettings(Struct, frozen=True):
    """What `clean` takes out."""

    rules: Annotated[
        tuple[str, ...], "codes or prefixes of the rules whose safe fixes `clean` applies, of those that are on"
    ] = ("SE", "PI", "ED006", "ED010", "ED011", "ED013")
