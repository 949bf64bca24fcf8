"""`rules`: what is looked for, and the page of each rule."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from nb_mlops.core.errors import UsageError
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.pages import OWN, page_with_examples
from nb_mlops.linter.rule import Rule

_FEW = 5


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
            return RulePage(_row(rule), page_with_examples(rule))
    for own in OWN.values():
        if name.upper() == own.code or name.lower() == own.slug:
            return RulePage(RuleRow(own.code, own.slug, own.severity, True, False, own.summary), own.page)
    near = _near(name, {rule.code: rule.slug for rule in rules.values()})
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"There is no rule `{name}`.", f"{hint}`nb-mlops rules` lists all of them.")


def _near(name: str, slugs: Mapping[str, str]) -> list[str]:
    """The rules that may have been meant: by a piece of the code or of the slug, else by how alike they are written."""
    letters, digits = name.upper().rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    padded = f"{letters}{digits.lstrip('0').zfill(3)}"
    if padded in slugs:  # EX1 and EX01 are both how somebody types EX001
        return [f"`{padded}` ({slugs[padded]})"]
    pieces = [code for code, slug in slugs.items() if name.upper() in code or name.lower() in slug]
    if not 0 < len(pieces) <= _FEW:
        pieces = difflib.get_close_matches(name.upper(), list(slugs), n=1)
    if not pieces:
        alike = difflib.get_close_matches(name.lower(), list(slugs.values()), n=1)
        pieces = [code for code, slug in slugs.items() if slug in alike]
    return [f"`{code}` ({slugs[code]})" for code in pieces]


def _row(rule: Rule) -> RuleRow:
    return RuleRow(rule.code, rule.slug, rule.severity.value, rule.default, rule.fixable, rule.summary)
