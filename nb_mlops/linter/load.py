"""The rules there are: ours and those that plug-ins bring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from nb_mlops import catalogue
from nb_mlops.core.settings import LintSettings
from nb_mlops.linter.rule import Rule


def load_rules(settings: LintSettings | None = None) -> Mapping[str, Rule]:
    """Every rule by its code: the package's and those of the entry-point group `nb_mlops.rules`.

    For settings that name no rule, those of ours that are off may be missing: a third of the rules, and of the time
    that loading them takes.
    """
    return _load(settings is None or bool(settings.select or settings.extend_select or settings.ignore))


@cache
def _load(all: bool) -> Mapping[str, Rule]:
    without = "" if all else "nb_mlops.rules.opt_in"
    return catalogue.members("nb_mlops.rules", "RULE", Rule, "code", group="nb_mlops.rules", without=without)
