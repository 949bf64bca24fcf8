"""Dossiers for the gate: papers that are signed, and what the things they speak of are now."""

from __future__ import annotations

from typing import Any

from helpers_evidence import DATA, FILES, NOTEBOOK, NOW, check_predicate, lint_predicate

from nb_mlops.catalogue import members
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.digest import notebook_digest
from nb_mlops.evidence.kind import Predicate
from nb_mlops.evidence.predicates.check import CheckedModel
from nb_mlops.gatekeeper.decide import Proofs, Verdict, decide
from nb_mlops.gatekeeper.dossier import Dossier, Paper, Seal, kinds, read_papers
from nb_mlops.gatekeeper.proof import Proof

SHIPPED = members("nb_mlops.proofs", "PROOF", Proof, "name")
POLICY = Policy()


def paper(predicate: Predicate, **changes: Any) -> Paper:
    (kind,) = [kind.name for kind in kinds().values() if kind.predicate is type(predicate)]
    made = Paper(f"{kind}-1.dsse.json", kind, Seal.VALID, "5" * 64, predicate.statement().to_bytes())
    return replace(made, **changes)


def dossier(*papers: Paper, **changes: Any) -> Dossier:
    read = read_papers(papers or (paper(check_predicate()), paper(lint_predicate())))
    made = Dossier("churn", "train.ipynb", notebook_digest(NOTEBOOK), read, {DATA.path: DATA.sha256}, FILES, NOW)
    return replace(made, **changes)


def judge(given: Dossier, policy: Policy = POLICY, proofs: dict[str, Proof] | None = None) -> Verdict:
    return decide(given, policy, Proofs(SHIPPED if proofs is None else proofs))


def codes(verdict: Verdict) -> list[str]:
    assert verdict.passed is (not verdict.findings)
    return [finding.code for finding in verdict.findings]


def checked(**changes: Any) -> Paper:
    return paper(check_predicate(**changes))


LINT = paper(lint_predicate())
NAMED = CheckedModel("LogisticRegression", "fraud", FILES)
