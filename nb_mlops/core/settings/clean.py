"""`[tool.nb-mlops.clean]`: what a hook may take out of a notebook without asking."""

from __future__ import annotations

from dataclasses import dataclass

from nb_mlops.core.settings.field import setting


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """What `clean` takes out."""

    rules: tuple[str, ...] = setting(
        ("SE", "PI", "ED"), "codes or prefixes of the rules whose safe fixes `clean` applies, of those that are on"
    )
