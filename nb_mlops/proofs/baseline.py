"""Is the model needed at all, or does something simpler do as well?

`evaluate` measures the model on rows that the notebook never opened, beside an answer that is always the same and a
rule of two questions, on the same rows. The model must beat both, with the lower end of the 95 % interval of paired
resampling above `baseline-margin` (a share of the rival's value; 0: any gain that is surely one). A metric that the
notebook reports of itself is not looked at.
"""

from __future__ import annotations

from nb_mlops.core.settings import Policy
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate, Rows
from nb_mlops.gatekeeper.evaluated import again, evaluated, none, number, rival, versus
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, sketch


def judge(case: Case) -> Judgement:
    """Measured on rows of its own, and better than every rival."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        reported = "; what the notebook reports of itself counts for nothing here" if case.check.metrics else ""
        return none(case, "GA061", f"whether it is any better than a guess is not known{reported}")
    metric, rows, name = found.metric, found.rows, case.dossier.name
    looked = f"{metric.name} {number(metric.value)} on {rows.used} rows of `{found.holdout.path}`"
    looked += "".join(f", {one.name} {number(one.value)}" for one in found.baselines)
    looked += f"; rows compared with {rows.compared} of {rows.files} files read"
    command = f"Run `{again(case)}`"
    if found.holdout.sha256 in {file.sha256 for file in case.check.data}:
        text = f"The notebook read `{found.holdout.path}` itself, so what `{name}` scores on it says nothing."
        return Judgement(looked, (Refusal("GA063", text, f"{command} with rows that it does not open."),))
    if not found.baselines:
        text = f"`{name}` was measured against nothing: whether it is needed at all is not known."
        return Judgement(looked, (Refusal("GA061", text, f"{command}."),), missing=True)
    refusals = []
    if case.policy.compare_holdout and not rows.compared:
        text = f"No row of `{found.holdout.path}` could be compared with what the notebook read:"
        text += f" that `{name}` has not seen them is not shown."
        way = "Give the holdout with the columns of the files that the notebook reads, the preparation in the model: "
        refusals.append(Refusal("GA064", text, f"{way}{command[0].lower()}{command[1:]}."))
    for one in found.baselines:
        least = case.policy.baseline_margin * abs(one.value or 0.0)
        if one.low is None or one.value is None or not one.low > least:
            margin = f" and the policy asks for more than {number(least)}" if least else ""
            text = (
                f"`{name}` is not shown to be better than the {one.name}, which {one.words}: {metric.name} "
                f"{number(metric.value)} against {number(one.value)}, {versus(one)}{margin}. It may not be needed."
            )
            way = "Take the simpler one, make the model better, or show it on more rows: "
            refusals.append(Refusal("GA062", text, f"{way}{command[0].lower()}{command[1:]}."))
    return Judgement(looked, tuple(refusals))


_TIE = rival(name="simple rule", words="asks for `tenure`", value=0.89, gain=0.01, low=-0.01, high=0.03)
PROOF = Proof(
    name="baseline",
    codes={
        "GA061": "evaluation-missing",
        "GA062": "no-better-than-simple",
        "GA063": "holdout-was-read",
        "GA064": "holdout-not-compared",
    },
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(evaluated(), evaluated(Policy(baseline_margin=0.05, compare_holdout=True))),
    bad=(
        ("GA061", sketch()),
        ("GA061", evaluated(baselines=())),
        ("GA062", evaluated(baselines=(_TIE,))),
        ("GA062", evaluated(baselines=(rival(name="constant", low=None, high=None),))),
        ("GA062", evaluated(baselines=(rival(name="constant", low=float("nan")),))),
        ("GA062", evaluated(Policy(baseline_margin=0.1))),
        ("GA064", evaluated(Policy(compare_holdout=True), rows=Rows(500, 500, 0, 1, 0))),
        ("GA063", evaluated(holdout=sketch().check.data[0])),
    ),
)
