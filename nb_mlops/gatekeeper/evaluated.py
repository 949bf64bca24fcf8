"""What the proofs that rest on an evaluation share: how they say that there is none, and one for their examples."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nb_mlops.core.run import FileRead
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.evaluation import (
    KIND,
    About,
    Contract,
    EvaluationPredicate,
    GroupScore,
    Importance,
    ModelFile,
    Rival,
    Rows,
    Score,
    Serving,
)
from nb_mlops.evidence.statement import timestamp
from nb_mlops.gatekeeper.proof import (
    SKETCHED_MODEL,
    SKETCHED_NOTEBOOK,
    SKETCHED_NOW,
    Case,
    Judgement,
    Refusal,
    sketch,
)


def again(case: Case, *options: str) -> str:
    """The command that evaluates anew, with what must be given."""
    rows = () if case.dossier.holdout else ("--holdout FILE",)
    return " ".join([case.makes(KIND), *rows, *options])


def none(case: Case, code: str, unknown: str) -> Judgement:
    """There is no evaluation of these very files; `unknown` says what is not known for that reason."""
    text = f"`{case.dossier.name}` as it is now was never evaluated: {unknown}."
    return Judgement("no evaluation statement", (Refusal(code, text, f"Run `{again(case)}`."),), missing=True)


def number(value: float | None) -> str:
    """A metric's value for people: four digits that count."""
    return "unknown" if value is None else f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


def versus(rival: Rival) -> str:
    """By how much the model is better, with its interval."""
    if rival.low is None or rival.high is None:
        return "by how much cannot be told from these rows"
    ends = f"{number(rival.low)} to {number(rival.high)}"
    return f"a gain of {number(rival.gain)} (95 % interval {ends})"


def evaluation(**changes: Any) -> EvaluationPredicate:
    """An evaluation of the sketched model on 500 rows that speaks for it, with these fields changed."""
    good = EvaluationPredicate(
        tool="0",
        notebook=SKETCHED_NOTEBOOK,
        model=SKETCHED_MODEL,
        task="classification",
        target="churn",
        classes=("0", "1"),
        holdout=FileRead("holdout.csv", "7" * 64, 20_000),
        rows=Rows(500, 500, 0, 1, 1),
        metric=Score("roc_auc", 0.9, 0.87, 0.93, True),
        scores=(Score("accuracy", 0.86, None, None, True),),
        baselines=(
            rival(name="constant", words="answers the most frequent class, whatever the row", value=0.5, gain=0.4),
            rival(name="simple rule", words="asks for `tenure`", value=0.8, gain=0.1, low=0.06, high=0.14),
        ),
        champion=rival(version="3", gain=0.01, low=-0.005, high=0.025, value=0.89),
        groups=(GroupScore("region", "north", 240, 0.91), GroupScore("region", "south", 260, 0.89)),
        importances=(Importance("tenure", 0.2, 0.01),),
        serving=Serving(True, True, "", 1.0, 0.01, 300.0),
        contract=Contract("8" * 64, (), ()),
        files=(ModelFile("MLmodel", "text", ()), ModelFile("model.skops", "skops", ())),
        sensitive=(),
        profile=(),
        about=About("Ann's team", "on-call list", "whom to call", "fewer leave", "ranking customers", "not for prices"),
        packages={"scikit-learn": "1.9.0"},
        cpu="a processor",
        isolation="namespace",
        issued=timestamp(SKETCHED_NOW - timedelta(hours=1)),
    )
    return replace(good, **changes)


def rival(**changes: Any) -> Rival:
    """A rival that the model surely beats, with these fields changed."""
    return replace(Rival("champion", "the model in service", 0.5, 0.4, 0.35, 0.45, "", ""), **changes)


def evaluated(policy: Policy | None = None, **changes: Any) -> Case:
    """A case for an example: the sketched check, and an evaluation with these fields changed."""
    return sketch(policy, papers=(evaluation(**changes),))
