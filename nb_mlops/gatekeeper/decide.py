"""The gate itself: a dossier, a policy and the proofs it names, to a Verdict. It runs nothing and fails closed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import replace
from nb_mlops.evidence.predicates.check import CheckPredicate
from nb_mlops.gatekeeper.admissible import BASIC_CODES, PAPERS, QUESTIONS, THINGS
from nb_mlops.gatekeeper.dossier import Dossier, kinds
from nb_mlops.gatekeeper.proof import Case, Judgement, Proof, ProofResult, Refusal, Status

UNUSABLE = "GA010"


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs that are installed, by name; `problem` says why they could not be gathered, and then none is used."""

    by_name: Mapping[str, Proof]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the model may be registered, how each proof stands, and every reason against it as a Finding."""

    passed: bool
    findings: tuple[Finding, ...]
    proofs: tuple[ProofResult, ...]
    dossier: Dossier


def decide(dossier: Dossier, policy: Policy, proofs: Proofs) -> Verdict:
    """Judge. Passes only when each basic step and each proof that the policy requires says so itself."""
    check, required = dossier.papers.check, tuple(dict.fromkeys(policy.require))
    papers = [(name, step) for name, step in PAPERS.items() if dossier.papers.all or name == "evidence"]
    results = [_result(dossier, name, step(dossier), BASIC_CODES, QUESTIONS[name]) for name, step in papers]
    if check is None or any(result.status is not Status.OK for result in results):
        left = [name for name in (*PAPERS, *THINGS, *required) if name not in [result.name for result in results]]
        results += [ProofResult(name, Status.NOT_JUDGED, "no valid evidence to judge") for name in left]
    else:
        needed = [needs for name in required if (proof := proofs.by_name.get(name)) for needs in proof.needs]
        case = Case(dossier, check, policy, frozenset((CheckPredicate, *needed)))
        results += [_result(dossier, name, step(case), BASIC_CODES, QUESTIONS[name]) for name, step in THINGS.items()]
        results += [_prove(name, case, proofs) for name in required]
    findings = tuple(finding for result in results for finding in result.findings)
    passed = not findings and all(result.status is Status.OK for result in results)
    return Verdict(passed, findings, tuple(results), dossier)


def _prove(name: str, case: Case, proofs: Proofs) -> ProofResult:
    """Ask one proof. Whatever is wrong with the proof itself is a refusal, always with the same code."""
    proof = proofs.by_name.get(name)
    if proofs.problem:
        return _unusable(case.dossier, name, proofs.problem)
    if proof is None:
        known = ", ".join(sorted(proofs.by_name)) or "none"
        return _unusable(case.dossier, name, f"no proof of this name is installed (installed: {known})")
    if name in PAPERS or name in THINGS or proof.name != name:
        return _unusable(case.dossier, name, "another proof stands under its name")
    try:
        judgement: object = proof.judge(replace(case, shown=frozenset((CheckPredicate, *proof.needs))))
        if not isinstance(judgement, Judgement):
            return _unusable(case.dossier, name, "it gave no judgement")
        if judgement.missing and not judgement.refusals:
            return _unusable(case.dossier, name, "it misses something and does not say what")
        return _result(case.dossier, name, _with_strays(judgement, proof, case.dossier), proof.codes, proof.question)
    except (Exception, SystemExit) as error:  # a proof that calls sys.exit(0) must not open the gate
        return _unusable(case.dossier, name, f"it crashed ({type(error).__name__})")


def _with_strays(judgement: Judgement, proof: Proof, dossier: Dossier) -> Judgement:
    """Where a paper is missing and there is one about something else, that is said."""
    names = {kind.name for kind in kinds().values() if kind.predicate in proof.needs}
    papers = [paper for paper in dossier.papers.all if paper.kind in names and paper.path in dossier.papers.foreign]
    if not papers or not judgement.missing:
        return judgement
    said = f"What is on file (`{papers[-1].path}`) is about {dossier.papers.foreign[papers[-1].path]}."
    return replace(judgement, refusals=tuple(replace(r, message=f"{r.message} {said}") for r in judgement.refusals))


def _unusable(dossier: Dossier, name: str, why: str) -> ProofResult:
    refusal = Refusal(
        UNUSABLE,
        f"The policy requires the proof `{name}`, but it cannot be asked: {why}. An unasked proof proves nothing.",
        "Mend `require` in [tool.nb-mlops.gate], or install, mend or remove the plug-in.",
    )
    return _result(dossier, name, Judgement("the proof itself", (refusal,)), BASIC_CODES)


def _result(
    dossier: Dossier, name: str, judgement: Judgement, codes: Mapping[str, str], question: str = ""
) -> ProofResult:
    if not judgement.refusals:
        return ProofResult(name, Status.OK, judgement.looked_at, (), question)
    status = Status.MISSING if judgement.missing else Status.FAILED
    findings = tuple(_finding(dossier, name, refusal, codes[refusal.code]) for refusal in judgement.refusals)
    return ProofResult(name, status, judgement.looked_at, findings, question)


def _finding(dossier: Dossier, name: str, refusal: Refusal, slug: str) -> Finding:
    key = "\0".join((refusal.code, dossier.notebook, dossier.name, refusal.message))
    return Finding(
        code=refusal.code,
        rule=slug,
        severity=Severity.ERROR,
        message=f"{refusal.message} {refusal.remedy}".strip(),
        path=dossier.notebook,
        fingerprint=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        data={"proof": name, "problem": refusal.message, "remedy": refusal.remedy},
    )
