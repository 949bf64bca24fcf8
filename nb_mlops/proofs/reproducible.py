"""Did the notebook give the same answer each time it was run?

The check ran the notebook from its first cell in fresh kernels and compared every output, metric and the model by
value. This proof asks its verdict, that enough runs came to their end (`min-runs`), and that at least one of them was
perturbed, for example with another PYTHONHASHSEED: runs that share every accident agree by accident too.
"""

from __future__ import annotations

from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, Refusal, check_command, sketch


def judge(case: Case) -> Judgement:
    """Verdict, number of runs, perturbation."""
    check, wanted = case.check, case.policy.min_runs
    notebook = case.dossier.notebook
    ended = [run for run in check.runs if run.status == "ok"]
    perturbed = [run for run in ended if run.factors]
    looked = f"verdict `{check.verdict}`, {len(ended)} of {len(check.runs)} runs ended, {len(perturbed)} perturbed"
    again = f"`{check_command(case.dossier.typed, check.parameters)} --repeat {max(wanted, 2)}`"
    refusals = []
    if check.verdict != "reproducible" or len(ended) < len(check.runs):
        what = "did not run to its end" if check.verdict == "failed" else "did not give the same answer each time"
        text = f"`{notebook}` {what} when it was checked, so nobody can say which answer the model stands for."
        refusals.append(Refusal("GA031", text, f"Run {again}: it names the cell that differs; mend it first."))
    if len(ended) < wanted:
        text = f"The check made {len(ended)} runs, the policy asks for {wanted}: too few to tell agreement from luck."
        refusals.append(Refusal("GA032", text, f"Run {again}."))
    elif not perturbed and wanted > 1:
        text = "No run was perturbed: all shared one hash seed, and may agree for that reason alone."
        refusals.append(Refusal("GA033", text, f"Run {again}."))
    return Judgement(looked, tuple(refusals))


_GOOD = sketch()
PROOF = Proof(
    name="reproducible",
    codes={"GA031": "not-reproducible", "GA032": "too-few-runs", "GA033": "nothing-perturbed"},
    judge=judge,
    good=(_GOOD, sketch(Policy(min_runs=1), runs=_GOOD.check.runs[:1])),
    bad=(
        ("GA031", sketch(verdict="not-reproducible")),
        ("GA031", sketch(verdict="failed")),
        ("GA031", sketch(runs=(*_GOOD.check.runs, replace(_GOOD.check.runs[0], status="timed-out")))),
        ("GA032", sketch(runs=_GOOD.check.runs[1:])),
        ("GA032", sketch(Policy(min_runs=5))),
        ("GA033", sketch(runs=(_GOOD.check.runs[0],) * 3)),
    ),
)
