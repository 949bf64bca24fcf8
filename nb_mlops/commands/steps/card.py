"""A model's card as values: everything from signed papers, so that nothing on it is somebody's memory."""

from __future__ import annotations

from shlex import quote
from typing import Any

from nb_mlops import __version__
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.evidence.predicates.evaluation import EvaluationPredicate
from nb_mlops.evidence.strict import to_json
from nb_mlops.gatekeeper.decide import Verdict
from nb_mlops.knowledge.metrics import meaning


class NoCardError(NbMlopsError):
    """There is no evidence to fill a card from."""

    exit_code = NbMlopsError.exit_code.REFUSED


def card_values(verdict: Verdict, version: str = "", notebook: str = "") -> dict[str, Any]:
    """The card of what a verdict is about, whatever the verdict: see reporters/card.py for how it is shown.

    Only papers whose signature is valid and trusted are used. `version` is the registered one, "" before that;
    `notebook` what the registry says of where it comes from, for when no paper says so. Raises NoCardError where the
    check or the evaluation is not on file.
    """
    dossier, check = verdict.dossier, verdict.dossier.papers.check
    found = dossier.papers.find(EvaluationPredicate)
    if check is None or found is None:
        lacking = "checked" if check is None else "evaluated"
        # Without papers a registry knows the model's name alone, and that is no notebook.
        unknown = "NOTEBOOK" if check is None and dossier.at_registry else dossier.typed
        typed = quote(notebook or unknown)
        rows = "" if dossier.holdout else " --holdout FILE"
        raise NoCardError(
            f"`{dossier.name}` was not {lacking}, or what was found is not signed by a key that is trusted here: there "
            "is nothing to fill a card from.",
            f"Run `nb-mlops check {typed}`, then `nb-mlops evaluate {typed} --model {quote(dossier.name)}{rows}`.",
        )
    told = found.predicate
    return {
        "version": 1,
        "tool": {"name": "nb-mlops", "version": __version__},
        "model": {
            "name": dossier.name,
            "version": version,
            "kind": check.model.kind if check.model else "",
            "digest": dossier.papers.subject,
        },
        "about": to_json(told.about),
        "metric": {**to_json(told.metric), "meaning": meaning(told.metric.name)},
        "evaluation": {**to_json(told), "signer": found.signer, "assurance": found.assurance},
        "check": {
            "notebook": check.notebook.path,
            "notebook_digest": check.notebook.digest,
            "verdict": check.verdict,
            "runs": len(check.runs),
            "data": [to_json(file) for file in check.data],
            "parameters": sorted(check.parameters),
            "environment": to_json(check.environment),
            "issued": check.issued,
        },
        "gate": {
            "passed": verdict.passed,
            "proofs": [{"name": proof.name, "status": proof.status.value} for proof in verdict.proofs],
            "problems": [str(found.data["problem"]) for found in verdict.findings],
        },
    }
