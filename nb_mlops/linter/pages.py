"""The documentation pages of whatever may speak: rules, and what the linter says of itself."""

from __future__ import annotations

from nb_mlops.core.exhibit import RuleNote
from nb_mlops.linter import engine, foreign, history
from nb_mlops.linter.load import load_rules

# No rules, but they have pages.
OWN = {
    code: RuleNote(code, slug, "warning", page.partition("\n")[0], page)
    for code, slug, page in (
        (engine.CRASHED, engine.CRASHED_SLUG, engine.CRASHED_PAGE),
        (foreign.FAILED, foreign.FAILED_SLUG, foreign.FAILED_PAGE),
        (history.UNKNOWN, history.UNKNOWN_SLUG, history.UNKNOWN_PAGE),
    )
}


def note_of(code: str) -> RuleNote | None:
    """What there is to say of a rule of ours or of a plug-in's; None for a code that none of them has."""
    rule = load_rules().get(code)
    return OWN.get(code) if rule is None else RuleNote(code, rule.slug, rule.severity.value, rule.summary, rule.page)
