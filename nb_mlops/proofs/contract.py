"""Will the applications that use the model understand its answers?

The model must say what it takes and what it answers (its MLflow signature), must answer its own example as a scoring
server would ask it, and the answer must hold to the JSON Schema that the application declares, where one is declared
(`contract`). Against the model in service nothing may be asked for that is not sent today, and no answer may be gone or
of another type.
"""

from __future__ import annotations

from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.evaluation import Contract, EvaluationPredicate
from nb_mlops.gatekeeper.evaluated import again, evaluated, evaluation, none
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, check_command, sketch

_SHOWN = 3


def judge(case: Case) -> Judgement:
    """Signature, served example, schema, nothing broken."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        return none(case, "GA121", "whether an application could use it is not known")
    serving, contract, name = found.serving, found.contract, case.dossier.name
    declared = f"schema {contract.schema[:12]}" if contract.schema else "no schema of an application declared"
    looked = f"signature {'there' if serving.signature else 'missing'}, {declared}"
    check, command = check_command(case.dossier.typed, case.check.parameters), f"`{again(case)}`"
    then = f"Run `{check}`, then {command}."
    refusals = []
    if not serving.signature:
        text = f"`{name}` does not say what it takes and what it answers (it has no signature): anything may be sent."
        refusals.append(Refusal("GA122", text, f"Give nb_mlops.model() an example of its input. {then}"))
    if not serving.example or serving.problem:
        why = f"answered its own example with an error ({serving.problem})" if serving.problem else "has no example"
        text = f"`{name}` {why}: whether it can be served at all is not shown."
        refusals.append(Refusal("GA123", text, f"Give nb_mlops.model() an example that it answers. {then}"))
    if contract.violations:
        text = f"What `{name}` answers breaks the application's schema: {_listed(contract.violations)}."
        refusals.append(Refusal("GA124", text, f"Let it answer as the schema says, or agree on another one. {then}"))
    if contract.breaking:
        text = f"`{name}` in place of the model in service would break those who use it: {_listed(contract.breaking)}."
        way = f"Keep what is asked and answered, or register it under a name of its own. {then}"
        refusals.append(Refusal("GA125", text, way))
    return Judgement(looked, tuple(refusals), missing=not serving.signature)


def _listed(words: tuple[str, ...]) -> str:
    more = f"; and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return "; ".join(words[:_SHOWN]) + more


_SERVING = evaluation().serving
PROOF = Proof(
    name="contract",
    codes={
        "GA121": "contract-not-tried",
        "GA122": "signature-missing",
        "GA123": "example-not-served",
        "GA124": "schema-broken",
        "GA125": "breaking-change",
    },
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(evaluated(), evaluated(contract=Contract("", (), ()))),
    bad=(
        ("GA121", sketch()),
        ("GA122", evaluated(serving=replace(_SERVING, signature=False))),
        ("GA123", evaluated(serving=replace(_SERVING, example=False))),
        ("GA123", evaluated(serving=replace(_SERVING, problem="ValueError: …"))),
        ("GA124", evaluated(contract=Contract("8" * 64, ("response.predictions[0] must hold to `type: string`",), ()))),
        ("GA125", evaluated(contract=Contract("", (), ("input `age` is new and must be sent",)))),
    ),
)
