"""Does the model's card say who answers for it, what it is for, where it ends, and what it listens to?

People say the first three in `[tool.nb-mlops.models.NAME]`: `owner`, `intended-use`, `limits`; the last is measured by
`evaluate`, which shuffles one column after the other and sees how much the metric falls. What stands on the card
otherwise (data, groups, libraries, processor) comes from the evidence. `nb-mlops card` prints it.
"""

from __future__ import annotations

from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate
from nb_mlops.gatekeeper.evaluated import again, evaluated, evaluation, none
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, sketch

_ASKED = {"owner": "who answers for it", "intended_use": "what it is for", "limits": "where it must not be used"}


def judge(case: Case) -> Judgement:
    """The card has what it must have."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        return none(case, "GA111", "there is nothing to fill its card from")
    name, command = case.dossier.name, f"`{again(case)}`"
    lacking = [field for field in _ASKED if not getattr(found.about, field).strip()]
    looked = f"owner `{found.about.owner}`, {len(found.importances)} columns weighed" if not lacking else "the card"
    refusals = []
    if lacking:
        keys = ", ".join(f"`{field.replace('_', '-')}`" for field in lacking)
        text = f"The card of `{name}` does not say {' nor '.join(_ASKED[field] for field in lacking)}."
        way = f"Write {keys} into [tool.nb-mlops.models.{name}], then run {command}."
        refusals.append(Refusal("GA112", text, way))
    if not found.importances:
        text = f"What `{name}` listens to is not known: it takes bare numbers, so no column of them can be named."
        way = f"Hand nb_mlops.model() a table (a DataFrame) as its example, check again, then run {command}."
        refusals.append(Refusal("GA113", text, way))
    return Judgement(looked, tuple(refusals))


_ABOUT = evaluation().about
PROOF = Proof(
    name="card",
    codes={"GA111": "card-empty", "GA112": "card-incomplete", "GA113": "drivers-unknown"},
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(evaluated(), evaluated(about=replace(_ABOUT, on_call="", decision="", success_metric=""))),
    bad=(
        ("GA111", sketch()),
        ("GA112", evaluated(about=replace(_ABOUT, owner=" "))),
        ("GA112", evaluated(about=replace(_ABOUT, intended_use="", limits=""))),
        ("GA113", evaluated(importances=())),
    ),
)
