"""Was the notebook free of errors that a linter can see when it was checked?

Hidden state, a token in a cell, an error left in an output: a model that comes out of such a notebook is not the
model that its code describes, or brings along what must not travel. Warnings do not close the gate. A finding that is
suppressed with a reason in the notebook is not open; how many are suppressed is shown.
"""

from __future__ import annotations

from nb_mlops.core.wording import many
from nb_mlops.evidence.predicates.lint import LintPredicate, OpenFinding
from nb_mlops.gatekeeper.proof import SKETCHED_NOTEBOOK, Case, Judgement, Proof, Refusal, check_command, sketch


def judge(case: Case) -> Judgement:
    """A lint statement of this very code, without open errors."""
    lint, notebook = case.paper(LintPredicate), case.dossier.notebook
    again = check_command(case.dossier.typed, case.check.parameters)
    if lint is None:
        text = f"There is no lint evidence for `{notebook}`: what stands open in it is not known."
        return Judgement("no lint statement", (Refusal("GA021", text, f"Run `{again}`: it lints first."),), True)
    rules = many(len(lint.rules), "rule")
    looked = f"{rules}, " + ", ".join(many(lint.counts.get(word, 0), word) for word in ("error", "warning"))
    looked += f", {lint.suppressed} suppressed" if lint.suppressed else ""
    if not lint.rules:
        text = f"The lint of `{notebook}` ran no rule, so it found nothing and shows nothing."
        return Judgement(looked, (Refusal("GA021", text, f"Select rules in [tool.nb-mlops.lint] and run `{again}`."),))
    if lint.open:
        codes = ", ".join(sorted({finding.code for finding in lint.open}))
        stand = f"{len(lint.open)} errors stand" if len(lint.open) != 1 else "One error stands"
        text = f"{stand} open in `{notebook}` ({codes}); what it computes cannot be trusted while they do."
        remedy = f"Run `{check_command(case.dossier.typed, verb='lint')}` to see them, mend them, then run `{again}`."
        return Judgement(looked, (Refusal("GA022", text, remedy),))
    return Judgement(looked)


_GOOD = sketch()
_ISSUED = _GOOD.check.issued
PROOF = Proof(
    name="lint",
    codes={"GA021": "lint-evidence-missing", "GA022": "lint-errors-open"},
    judge=judge,
    needs=(LintPredicate,),
    good=(_GOOD, sketch(lint=LintPredicate("0", SKETCHED_NOTEBOOK, ("EX001",), {"warning": 4}, 2, (), _ISSUED))),
    bad=(
        ("GA021", sketch(lint=None)),
        ("GA021", sketch(lint=LintPredicate("0", SKETCHED_NOTEBOOK, (), {}, 0, (), _ISSUED))),
        (
            "GA022",
            sketch(
                lint=LintPredicate(
                    "0", SKETCHED_NOTEBOOK, ("SE001",), {"error": 1}, 0, (OpenFinding("SE001", "0" * 16),), _ISSUED
                )
            ),
        ),
    ),
)
