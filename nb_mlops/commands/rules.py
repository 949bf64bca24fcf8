"""`rules`: what is looked for, and the page of each rule."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from nb_mlops.core.errors import UsageError
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.pages import OWN
from nb_mlops.linter.rule import Rule


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What a table says of a rule."""

    code: str
    slug: str
    severity: str
    default: bool
    fixable: bool
    summary: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule's row and its documentation page (Markdown)."""

    row: RuleRow
    page: str


def rows() -> tuple[RuleRow, ...]:
    """Every rule, by code."""
    return tuple(_row(rule) for rule in load_rules().values())


def page(name: str) -> RulePage:
    """The page of a rule, by code or slug. Raises UsageError for one that does not exist."""
    rules = load_rules()
    for rule in rules.values():
        if name.upper() == rule.code or name.lower() == rule.slug:
            return RulePage(_row(rule), rule.page)
    for own in OWN.values():
        if name.upper() == own.code or name.lower() == own.slug:
            return RulePage(RuleRow(own.code, own.slug, own.severity, True, False, own.summary), own.page)
    near = difflib.get_close_matches(name.upper(), list(rules), n=1)
    near = near or difflib.get_close_matches(name.lower(), [rule.slug for rule in rules.values()], n=1)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    raise UsageError(f"There is no rule `{name}`.", f"{hint}`nb-mlops rules` lists all of them.")


def _row(rule: Rule) -> RuleRow:
    return RuleRow(rule.code, rule.slug, rule.severity.value, rule.default, rule.fixable, rule.summary)
