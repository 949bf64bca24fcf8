"""The rules there are: ours and those that plug-ins bring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from nb_mlops import catalogue
from nb_mlops.linter.rule import Rule


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by its code: the package's and those of the entry-point group `nb_mlops.rules`."""
    return catalogue.members("nb_mlops.rules", "RULE", Rule, "code", group="nb_mlops.rules")
