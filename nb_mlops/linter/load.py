"""The rules there are: ours, of which no more is loaded than what the index knows, and those that plug-ins bring."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cache

from nb_mlops import catalogue
from nb_mlops.linter.rule import Rule
from nb_mlops.linter.shipped import SHIPPED


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by its code: the package's and those of the entry-point group `nb_mlops.rules`."""
    ours = {rule.code: (rule, rule.module) for rule in SHIPPED}
    return catalogue.with_plug_ins(ours, Rule, "code", "nb_mlops.rules")


def import_all(rules: Iterable[Rule]) -> None:
    """Load what is not loaded yet: before processes are made that share it."""
    for rule in rules:
        importlib.import_module(rule.module)
