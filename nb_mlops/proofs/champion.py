"""Is the model at least as good as the one that is in service?

`evaluate` fetches the version at the registry's alias `champion`, compares its files with what was registered, and
lets both answer to the same rows. The model may be worse by `champion-tolerance` (a share of the champion's value) at
the lower end of the 95 % interval of paired resampling. Where no version is in service there is nothing to lose.
"""

from __future__ import annotations

from nb_mlops.core.settings import Policy
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate
from nb_mlops.gatekeeper.evaluated import again, evaluated, none, number, rival, versus
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, sketch


def judge(case: Case) -> Judgement:
    """Not worse than the champion, and sure of it."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        return none(case, "GA071", "whether it is worse than the model in service is not known")
    one, name, command = found.champion, case.dossier.name, f"`{again(case)}`"
    if one is None:
        return Judgement("no version was in service when the model was evaluated")
    who = f"version {one.version}, which is in service"
    looked = f"version {one.version}: {found.metric.name} {number(one.value)}, {versus(one)}"
    if one.problem or one.value is None or one.low is None or one.high is None:
        why = f" ({one.problem.rstrip('.')})" if one.problem else ""
        text = f"`{name}` could not be compared with {who}{why}: it may be worse, and nobody would know."
        way = f"Give rows that both models take, or move the alias to a version that answers, then run {command}."
        return Judgement(looked, (Refusal("GA073", text, way),))
    if one.low >= -case.policy.champion_tolerance * abs(one.value):
        return Judgement(looked)
    told = f"{found.metric.name} {number(found.metric.value)} against {number(one.value)}, {versus(one)}"
    if one.high < 0:
        text = f"`{name}` is worse than {who}: {told}. Those who rely on it would be served worse."
        return Judgement(looked, (Refusal("GA072", text, f"Make it better, check it, then run {command}."),))
    text = f"That `{name}` is not worse than {who}, is not shown: {told}."
    return Judgement(looked, (Refusal("GA074", text, f"Measure both on more rows: run {command}."),))


PROOF = Proof(
    name="champion",
    codes={
        "GA071": "champion-not-compared",
        "GA072": "worse-than-champion",
        "GA073": "champion-did-not-answer",
        "GA074": "not-shown-as-good-as-champion",
    },
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(evaluated(), evaluated(champion=None), evaluated(champion=rival(gain=0.0, low=0.0, high=0.0))),
    bad=(
        ("GA071", sketch()),
        ("GA072", evaluated(champion=rival(value=0.95, gain=-0.05, low=-0.08, high=-0.02))),
        ("GA073", evaluated(champion=rival(problem="RowsError: it takes other columns"))),
        ("GA073", evaluated(champion=rival(low=None))),
        ("GA074", evaluated(champion=rival(value=0.9, gain=0.0, low=-0.05, high=0.05))),
        ("GA074", evaluated(Policy(champion_tolerance=0.0))),
    ),
)
