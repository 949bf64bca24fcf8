"""Can the model's files be loaded without harm, and do they keep to themselves what is nobody's business?

`evaluate` looks at each file by its bytes, without loading it. A pickle runs what it likes when it is loaded, and so
does code that comes along; both are refused unless the policy says `allow-pickle`. skops and the formats of XGBoost,
LightGBM and ONNX are data. Secrets are looked for in every text, and personal values, which stand in examples of the
input more often than one thinks. Known weaknesses of installed packages are not looked up: that needs a network.
"""

from __future__ import annotations

from nb_mlops.core.settings import Policy
from nb_mlops.core.wording import many
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate, ModelFile, Sensitive
from nb_mlops.gatekeeper.evaluated import again, evaluated, none
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, check_command, sketch

_SECRET = "secret"
_SHOWN = 3


def judge(case: Case) -> Judgement:
    """Every file is known and harmless, and none tells what it should not."""
    found = case.paper(EvaluationPredicate)
    if found is None:
        return none(case, "GA101", "what its files would do to whoever loads them is not known")
    formats = ", ".join(sorted({file.format for file in found.files}))
    looked = f"{len(found.files)} files ({formats})"
    name = case.dossier.name
    check = check_command(case.dossier.typed, case.check.parameters)
    then = f"Run `{check}`, then `{again(case)}`."
    refusals = []
    if set(case.check.model.files if case.check.model else ()) - {file.path for file in found.files}:
        text = f"Not every file of `{name}` was looked at, so what the others hold is not known."
        return Judgement(looked, (Refusal("GA101", text, f"Run `{again(case)}`."),), missing=True)
    for file in found.files:
        if (file.unsafe or "pickle" in file.format) and not case.policy.allow_pickle:
            named = ", ".join(file.unsafe[:_SHOWN]) or "a pickle, even if it imports nothing strange today"
            text = f"`{file.path}` of `{name}` can run code when it is loaded: {named}."
            way = "Save the model with nb_mlops.model(), or set `allow-pickle = true` in [tool.nb-mlops.gate]."
            refusals.append(Refusal("GA102", text, f"{way} {then}"))
    for one in found.sensitive:
        text = f"`{one.path}` of `{name}` holds {many(one.count, one.kind)}, and goes wherever the model goes."
        if one.kind == _SECRET:
            refusals.append(
                Refusal("GA103", text, f"Revoke it, and take it out of what the model is saved with. {then}")
            )
        else:
            way = "Give nb_mlops.model() an example of made-up rows."
            refusals.append(Refusal("GA104", text, f"{way} {then}"))
    return Judgement(looked, tuple(refusals))


_MODEL = ModelFile("MLmodel", "text", ())
_PICKLE = ModelFile("model.pkl", "pickle", ("os.system",))
PROOF = Proof(
    name="security",
    codes={
        "GA101": "files-not-looked-at",
        "GA102": "unsafe-to-load",
        "GA103": "secret-in-model",
        "GA104": "personal-data-in-model",
    },
    judge=judge,
    needs=(EvaluationPredicate,),
    good=(evaluated(), evaluated(Policy(allow_pickle=True), files=(_MODEL, _PICKLE))),
    bad=(
        ("GA101", sketch()),
        ("GA101", evaluated(files=(ModelFile("model.skops", "skops", ()),))),
        ("GA102", evaluated(files=(_MODEL, _PICKLE))),
        ("GA102", evaluated(files=(_MODEL, ModelFile("model.pkl", "pickle", ())))),
        ("GA103", evaluated(sensitive=(Sensitive("conda.yaml", "secret", 1),))),
        ("GA104", evaluated(sensitive=(Sensitive("input_example.json", "email", 2),))),
    ),
)
